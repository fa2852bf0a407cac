"""`uncia sequences`: grouping a table of cameras and times, without any image."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from shared import spreadsheet
from shared.frame import UNDATED, time_key
from shared.sequence import Limits, group

# Our own names first, then those of Camtrap DP's media.csv.
CAMERA = ("camera", "deploymentID", "cameraID", "location")
TIME = ("captured_at", "timestamp", "datetime", "DateTimeOriginal")
ADDED = "sequence_id"


def sequences(path: Path, limits: Limits) -> tuple[list[str], list[Mapping[str, str]]]:
    """The table's columns and rows in their order, each row with its sequence's id; raises BadTable.

    An id is the camera and the local time of the sequence's first frame, so it does not depend on other sequences.
    """
    table = spreadsheet.read(path)
    camera, time = table.column(*CAMERA), table.column(*TIME)
    moments = [spreadsheet.moment(table, row, time) for row in range(len(table.rows))]
    cameras: dict[str, list[int]] = defaultdict(list)
    for row, said in enumerate(table.rows):
        cameras[said[camera]].append(row)
    ids: dict[int, str] = {}
    for name, rows in cameras.items():
        instants = _comparable(table, rows, moments)
        for sequence in group(rows, limits, at=instants.get, tie=lambda row: f"{row:012d}"):
            first = moments[sequence[0]]
            # Undated frames each stand alone: their row tells them apart.
            # The offset too: when summer time ends, an hour comes twice.
            key = f"{time_key(first)}{first:%z}" if first else f"{UNDATED}~{table.numbers[sequence[0]]}"
            ids.update(dict.fromkeys(sequence, f"{name}~{key}"))
    columns = [column for column in table.columns if column != ADDED]
    return [*columns, ADDED], [
        {column: said[column] for column in columns} | {ADDED: ids[row]} for row, said in enumerate(table.rows)
    ]


def _comparable(table: spreadsheet.Table, rows: list[int], moments: list[datetime | None]) -> dict[int, datetime]:
    """The times of one camera on one clock: UTC where they have offsets, as they are where none has."""
    dated = {row: at for row in rows if (at := moments[row])}
    with_offset = [row for row, at in dated.items() if at.tzinfo]
    if with_offset and len(with_offset) < len(dated):
        raise table.complain(with_offset[0], "this time has an offset, others of the same camera have none")
    return {row: at.astimezone(UTC) if at.tzinfo else at for row, at in dated.items()}
