"""CSV files that people make: read whole, with the row named in every complaint."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from shared import captured
from shared.errors import BadTable


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file: its columns in their order, and its rows."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]
    numbers: tuple[int, ...]  #: of the rows as spreadsheets count them: from 1, with the header and blank lines

    def column(self, *names: str) -> str:
        """The first of these columns that the table has; raises BadTable where it has none."""
        for name in names:
            if name in self.columns:
                return name
        raise BadTable(f"{self.name} has no column `{names[0]}`; its columns are: {', '.join(self.columns)}")

    def complain(self, row: int, what: str) -> BadTable:
        """The complaint about a row, by the number that a spreadsheet shows."""
        return BadTable(f"{self.name}, row {self.numbers[row]}: {what}")


def read(path: Path) -> Table:
    """The table in a UTF-8 file (with or without byte order mark); raises BadTable in one sentence."""
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise BadTable(f"{path} cannot be read: {(error.strerror or 'error').lower()}") from error
    except UnicodeDecodeError as error:
        raise BadTable(f"{path} is not UTF-8 text: save it as CSV UTF-8") from error
    return parse(text, path.name)


def parse(text: str, name: str) -> Table:
    """The table in a text."""
    # Spreadsheets of half the world write semicolons, since their comma is the decimal sign.
    delimiter = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    try:
        read = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        lines = [(number, line) for number, line in enumerate(read, 1) if line]
    except csv.Error as error:
        raise BadTable(f"{name} is no CSV: {error}") from error
    if not lines:
        raise BadTable(f"{name} is empty: it needs a first row with the names of its columns")
    columns = tuple(column.strip() for column in lines[0][1])
    numbers, cells = [number for number, _ in lines[1:]], [line for _, line in lines[1:]]
    table = Table(name, columns, tuple(dict(zip(columns, line, strict=False)) for line in cells), tuple(numbers))
    for row, line in enumerate(cells):
        if len(line) != len(columns):
            raise table.complain(row, f"it has {len(line)} cells, the header has {len(columns)}")
    return table


def write(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """CSV text with these columns."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def moment(table: Table, row: int, column: str) -> datetime | None:
    """The time in a cell, with its offset where it has one; None for an empty cell; raises BadTable for nonsense."""
    text = table.rows[row][column].strip()
    if not text:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        local = captured.read(text)
    if local is None:
        raise table.complain(row, f"{column} is {text!r}: a time is written like 2026-01-31T17:05:00")
    return local
