"""`python -m bench.performance`: writes what the last `make bench` found into docs/performance.md."""

from __future__ import annotations

from pathlib import Path

import typer

from bench import machine, outcome
from bench.promises import fill

BY_KIND = ("reaches", "featurize", "start")
DOCUMENT = Path(__file__).parents[1] / "docs" / "performance.md"


def main() -> None:
    """Write the tables of the last benches, which build/bench keeps, into docs/performance.md.

    What depends on how a processor computes networks has a place for each kind; the others' stay as they are.

    Example: make bench && python -m bench.performance
    """
    tables = {name: found.markdown() for name, found in outcome.kept().items()}
    tables |= {f"{name}_{machine.kind()}": tables[name] for name in BY_KIND if name in tables}
    fill(DOCUMENT, tables)
    typer.echo(f"{len(tables)} tables in {DOCUMENT}")


if __name__ == "__main__":
    typer.run(main)
