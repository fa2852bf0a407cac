"""`python -m bench.performance`: writes what the last `make bench` found into docs/performance.md."""

from __future__ import annotations

from pathlib import Path

import typer

from bench import outcome
from bench.promises import fill

DOCUMENT = Path(__file__).parents[1] / "docs" / "performance.md"


def main() -> None:
    """Write the tables of the last benches, which build/bench keeps, into docs/performance.md.

    Example: make bench && python -m bench.performance
    """
    tables = {name: found.markdown() for name, found in outcome.kept().items()}
    fill(DOCUMENT, tables)
    typer.echo(f"{len(tables)} tables in {DOCUMENT}")


if __name__ == "__main__":
    typer.run(main)
