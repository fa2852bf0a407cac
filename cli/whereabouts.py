"""How `uncia deployments` shows what it knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from rich.table import Table
from rich.text import Text

from cli import screen
from shared.deployment import COLUMNS, Deployment
from shared.placed import Placed


def findings(found: Placed) -> Iterator[tuple[str, ...]]:
    """What does not fit: what it is, camera, deployments, from, to and how many images."""
    for one, other in found.overlaps:
        ids = f"{one.deployment_id}, {other.deployment_id}"
        yield "at two places at once", one.camera, ids, other.start.isoformat(), min(one.end, other.end).isoformat(), ""
    for what, spans in (("outside any deployment", found.outside), ("camera without deployment", found.nowhere)):
        for span in spans:
            yield what, span.camera, "", span.first.isoformat(), span.last.isoformat(), f"{span.count:,}"
    for one in found.empty:
        yield "deployment without images", one.camera, one.deployment_id, *when(one), "0"


def when(one: Deployment) -> tuple[str, str]:
    """Start and end."""
    return one.start.isoformat(), one.end.isoformat()


def ahead(correction: timedelta) -> str:
    """By how much a clock is corrected: `+1908 d 17:58:00`; nothing where it is right."""
    if not correction:
        return ""
    rest = timedelta(seconds=abs(correction).seconds)
    return f"{'-' if correction < timedelta() else '+'}{abs(correction).days} d {str(rest).zfill(8)}"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """Texts of strangers as a table."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        made.add_column(column)
    for row in rows:
        made.add_row(*(Text(screen.printable(cell)) for cell in row))
    return made


def cells(one: Deployment) -> dict[str, str]:
    """Every column of Camtrap DP."""
    return {name: one.columns.get(name, "") for name in COLUMNS}


def as_json(one: Deployment) -> dict[str, Any]:
    """All that is known of a deployment."""
    return {
        "deployment_id": one.deployment_id,
        "camera": one.camera,
        "place": one.place,
        "latitude": one.latitude,
        "longitude": one.longitude,
        "start": one.start.isoformat(),
        "end": one.end.isoformat(),
        "correction_seconds": one.correction.total_seconds(),
        "clock_note": one.clock_note,
        "timestamp_issues": one.timestamp_issues,
        "columns": cells(one),
    }
