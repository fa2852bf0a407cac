"""What a bench found: a table, and what it was to reach; kept in build/bench until the next run, for the documents."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

from rich import box
from rich.table import Table

from bench import reach
from bench.reach import Reach

FOLDER = Path(__file__).parents[1] / "build" / "bench"
RESULTS = FOLDER / "results"

type Cell = str | float


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A table of figures; `figures` has what the cells do not, by name."""

    name: str
    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]
    reaches: list[Reach] = field(default_factory=list)
    note: str = ""  #: what a reader must know of the figures
    figures: dict[str, Cell] = field(default_factory=dict)

    def keep(self, folder: Path = RESULTS) -> None:
        """Writes it in place of the one before."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{self.name}.json").write_text(json.dumps(asdict(self), indent=1) + "\n", "utf-8")

    @classmethod
    def read(cls, file: Path) -> Self:
        """One that was kept."""
        said = json.loads(file.read_text("utf-8"))
        reaches = [Reach(**one) for one in said.pop("reaches")]
        rows, columns = [tuple(row) for row in said.pop("rows")], tuple(said.pop("columns"))
        return cls(**said, columns=columns, rows=rows, reaches=reaches)

    def table(self) -> Table:
        """The figures as people read them, in a terminal; in a file it is Markdown."""
        shown = Table(box=box.MARKDOWN)
        for place, column in enumerate(self.columns):
            shown.add_column(column, justify="right" if place else "left")
        for row in self.rows:
            shown.add_row(*map(cell, row))
        return shown

    def markdown(self) -> str:
        """The table as documents have it, and the note below it."""
        note = f"\n{self.note}\n" if self.note else ""
        return f"\n{markdown(self.columns, self.rows)}{note}\n"


def kept(folder: Path = RESULTS) -> dict[str, Outcome]:
    """What the last run of each bench found, by name."""
    return {file.stem: Outcome.read(file) for file in sorted(folder.glob("*.json"))}


def markdown(columns: tuple[str, ...], rows: list[tuple[Cell, ...]]) -> str:
    """A table in Markdown, of which all columns but the first have numbers."""
    lines = [columns, ("---", *["---:"] * (len(columns) - 1)), *(tuple(map(cell, row)) for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def cell(value: Cell) -> str:
    """A cell as people read it: whole numbers are counted, others measured."""
    if isinstance(value, str):
        return value
    return f"{value:,}" if isinstance(value, int) else reach.number(value)
