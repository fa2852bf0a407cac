"""`python -m bench.measured`: keeps what the last runs measured where `uncia cost` finds it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import typer

from bench import figures, machine
from cli.per_image import TABLE

RUNS = ("operations", "steps", "telemetry", "simulated")


def table(known: dict[str, figures.Figures], before: dict[str, figures.Figures], processor: str, day: str) -> str:
    """The table as text: the figures of these runs, and where one was not run again, those from before."""
    runs = {name: known.get(name) or before[name] for name in RUNS if name in known or name in before}
    return json.dumps({"written": day, "machine": processor, "runs": runs}, indent=1) + "\n"


def main() -> None:
    """Write the figures of the last runs, which build/figures keeps, into cli/measured.json.

    Example: for run in steps operations telemetry measured; do python -m bench.$run; done
    """
    before = json.loads(TABLE.read_text("utf-8"))["runs"] if TABLE.exists() else {}
    TABLE.write_text(table(figures.kept(), before, machine.processor(), f"{datetime.now(UTC):%Y-%m-%d}"), "utf-8")
    typer.echo(f"{TABLE}: {', '.join(json.loads(TABLE.read_text('utf-8'))['runs'])}")


if __name__ == "__main__":
    typer.run(main)
