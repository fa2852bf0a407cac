"""Cells and lines of CSV, and what is said of a time or a number in them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from datetime import datetime

# What spreadsheets take for a formula, which could send the table elsewhere (OWASP, CSV injection); what we make of it.
_FORMULA, _HARMLESS = re.compile(r"'*[=+\-@\t\r]"), re.compile(r"'+[=+\-@\t\r]")


def line(cells: Iterable[str]) -> str:
    """One line of CSV, its end included."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()


def harmless(name: str) -> str:
    """A name as a cell that no spreadsheet runs as a formula: an apostrophe goes before what would be one."""
    return f"'{name}" if _FORMULA.match(name) else name


def meant(cell: str) -> str:
    """The name that `harmless` made a cell of."""
    return cell[1:] if _HARMLESS.match(cell) else cell


def moment(at: datetime | None) -> str:
    """A time with its offset, without fractions of a second, as Camtrap DP writes it; nothing for None."""
    return at.isoformat(timespec="seconds") if at else ""


def number(value: float | None) -> str:
    """A probability, to six digits; nothing for None."""
    return "" if value is None else f"{value:.6f}".rstrip("0").rstrip(".")


def flag(value: bool) -> str:
    """`true` or `false`."""
    return "true" if value else "false"
