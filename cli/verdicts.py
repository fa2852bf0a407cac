"""`uncia verdicts`: what people said of frames, in and out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import screen, stack, storage
from cli.work import Data
from shared import spreadsheet
from shared.camera import camera_of
from shared.errors import UnciaError
from shared.spreadsheet import Table
from shared.verdict import Lesson, Verdict, check

app = typer.Typer(no_args_is_help=True)
COLUMNS = ("path", "camera", "captured_at", "species", "by", "at")

type Key = tuple[str, str]  # camera and row key of a frame
type Named = Mapping[Key, set[Key]]  # frames by (camera or nothing, path) and by (camera, file name)


@app.command("import")
def import_(
    source: Annotated[Path, typer.Argument(metavar="SOURCE.csv", help="Manifest: path, species, maybe camera.")],
    by: Annotated[str, typer.Option(metavar="NAME", help="Who said so.")],
    data: Data = stack.HOME,
) -> None:
    """Record what people said of frames that the stack holds; they are found by path, or by camera and file name.

    Example: uncia verdicts import labels.csv --by Ana
    """
    table = spreadsheet.read(source)
    check("the name of who said it", by)
    wanted = rows(table)
    tables = storage.store(storage.found(data))
    with screen.progress() as bars:
        bars.add_task("frames", total=None)
        found = matched(table, wanted, tables.frame_paths(), by, datetime.now(UTC))
        recorded = tables.write_verdicts(found.verdicts)
    screen.note(f"{screen.counted(recorded, 'verdict')} recorded")
    for note in found.complaints():
        screen.warn(note)


@app.command("list")
def list_(
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of CSV.")] = False, data: Data = stack.HOME
) -> None:
    """Show what people said, on stdout: a manifest that can be imported, or trained on, elsewhere.

    Example: uncia verdicts list > said.csv
    """
    found = [row_of(one) for one in storage.store(storage.found(data)).verdicts()]
    text = json.dumps(found, ensure_ascii=False, indent=1) if as_json else spreadsheet.write(COLUMNS, found)
    typer.echo(text, nl=as_json)


@dataclass(frozen=True, slots=True)
class Matched:
    """The verdicts of a manifest on frames that exist, and the numbers of rows that name none, or several."""

    verdicts: list[Verdict]
    nowhere: list[int]
    ambiguous: list[int]

    def complaints(self) -> Iterator[str]:
        """A sentence for each kind of row that could not be used."""
        for numbers, what in ((self.nowhere, "no frame"), (self.ambiguous, "several frames")):
            if numbers:
                yield f"{screen.counted(len(numbers), 'row')} matched {what} (the first is row {numbers[0]})"


def rows(table: Table) -> list[Key]:
    """Camera (or nothing) and path of each row; raises BadTable for an empty cell, or a species nobody would say."""
    for column in ("path", "species"):
        table.column(column)
    for number, row in enumerate(table.rows):
        try:
            check("species", row["species"].strip())
        except UnciaError as error:
            raise table.complain(number, str(error)) from error
        if not row["path"].strip():
            raise table.complain(number, "path is empty")
    return [(row.get("camera", "").strip(), row["path"].strip()) for row in table.rows]


def matched(table: Table, wanted: list[Key], frames: Iterable[tuple[str, str, str]], by: str, at: datetime) -> Matched:
    """The verdicts of a table's rows on these frames (camera, row key, path). `at` is UTC."""
    named = names(frames, wanted)
    found = Matched([], [], [])
    for number, row, place in zip(table.numbers, table.rows, wanted, strict=True):
        keys = frames_of(*place, named)
        if len(keys) == 1:
            ((camera, row_key),) = keys
            said = row["species"].strip()
            found.verdicts.append(Verdict(camera=camera, row_key=row_key, said=said, by=by, at=at))
        else:
            (found.ambiguous if keys else found.nowhere).append(number)
    return found


def names(frames: Iterable[tuple[str, str, str]], wanted: Iterable[Key]) -> Named:
    """The frames (camera, row key, path) by each name that one of these rows (camera or nothing, path) may mean."""
    # Of a million frames all names would take 1.4 GB.
    asked = {name for row in wanted for name in meant(*row)}
    found: dict[Key, set[Key]] = {}
    for camera, row_key, path in frames:
        for name in {("", path), (camera, path), (camera, path.rpartition("/")[2])} & asked:
            found.setdefault(name, set()).add((camera, row_key))
    return found


def meant(camera: str, path: str) -> tuple[Key, ...]:
    """What a row may call a frame, the surest first: as it was uploaded, then by its file name under its camera."""
    return (camera, path), (camera, f"{camera}/{path}"), (camera or camera_of(path, {}), path.rpartition("/")[2])


def frames_of(camera: str, path: str, named: Named) -> set[Key]:
    """The frames that a row names."""
    return next((named[name] for name in meant(camera, path) if name in named), set())


def row_of(lesson: Lesson) -> dict[str, Any]:
    """A verdict as a manifest's row."""
    said = lesson.verdict
    at = lesson.captured_at.isoformat() if lesson.captured_at else ""
    told = (lesson.path, said.camera, at, said.said, said.by, said.at.isoformat(timespec="seconds"))
    return dict(zip(COLUMNS, told, strict=True))
