"""`python -m bench.promises`: writes the figures of the last runs into docs/promises.md."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import typer

from bench import figures
from bench.figures import Figures

DOCUMENT = Path(__file__).parents[1] / "docs" / "promises.md"
PLACE = re.compile(r"(<!-- figures: (\w+) -->\n).*?(?=<!-- end -->)", re.DOTALL)


def filled(text: str, known: Mapping[str, str]) -> str:
    """A document with the table of each run at its place; where a run is unknown, what stands there stays."""

    def said(place: re.Match[str]) -> str:
        return f"{place[1]}{known[place[2]]}" if place[2] in known else place[0]

    return PLACE.sub(said, text)


def fill(document: Path, known: Mapping[str, str]) -> None:
    """Writes each table into its place in a file."""
    document.write_text(filled(document.read_text("utf-8"), known), "utf-8")


def table(numbers: Figures) -> str:
    """Figures as a table in Markdown."""
    rows = (f"| {word.replace('_', ' ')} | {figures.shown(value)} |\n" for word, value in numbers.items())
    return f"\n| | |\n|---|---:|\n{''.join(rows)}\n"


def main() -> None:
    """Write the figures of the last runs, which build/figures keeps, into docs/promises.md.

    Example: make chaos && python -m bench.promises
    """
    known = figures.kept()
    tables = {name: table(numbers) for name, numbers in known.items()}
    fill(DOCUMENT, tables)
    typer.echo("\n".join(figures.line(name, numbers) for name, numbers in known.items()))


if __name__ == "__main__":
    typer.run(main)
