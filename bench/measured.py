"""`python -m bench.measured`: keeps what the last runs measured where `uncia cost` finds it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import typer

from bench import figures, machine
from cli.per_image import TABLE

type Run = dict[str, str | figures.Figures]

RUNS = ("operations", "steps", "telemetry", "simulated")


def table(known: dict[str, figures.Figures], before: dict[str, Run], processor: str, day: str) -> str:
    """The table as text: these runs, made here on this day, and where one was not made again, the one from before."""
    here = {name: {"written": day, "machine": processor, "figures": found} for name, found in known.items()}
    runs = before | here
    return json.dumps({name: runs[name] for name in RUNS if name in runs}, indent=1) + "\n"


def main() -> None:
    """Write the figures of the last runs, which build/figures keeps, into cli/measured.json.

    Example: for run in steps operations telemetry measured; do python -m bench.$run; done
    """
    before = json.loads(TABLE.read_text("utf-8")) if TABLE.exists() else {}
    TABLE.write_text(table(figures.kept(), before, machine.processor(), f"{datetime.now(UTC):%Y-%m-%d}"), "utf-8")
    typer.echo(f"{TABLE}: {', '.join(json.loads(TABLE.read_text('utf-8')))}")


if __name__ == "__main__":
    typer.run(main)
