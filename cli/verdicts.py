"""`uncia verdicts`: what people said of frames, in and out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from cli import screen, stack, storage
from cli.matching import matched
from cli.work import Data
from functions import record
from shared import spreadsheet
from shared.export import cells
from shared.verdict import Lesson, check

app = typer.Typer(no_args_is_help=True)
COLUMNS = ("path", "camera", "captured_at", "species", "by", "at")


@app.command("import")
def import_(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="SOURCE",
            help="CSV (path, species, maybe camera), Camtrap DP folder or zip, COCO Camera Traps JSON.",
        ),
    ],
    by: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who said so: needed where the source does not tell.")
    ] = None,
    data: Data = stack.HOME,
) -> None:
    """Record what people said of frames that the stack holds; they are found by path, or by camera and file name.

    Example: uncia verdicts import labels.csv --by Ana
    """
    from cli import sayings

    if by is not None:
        check("the name of who said it", by)
    said = sayings.read(source)
    connection = storage.found(data)
    tables = storage.store(connection)
    with screen.progress() as bars:
        task = bars.add_task("frames", total=None)
        found = matched(said, tables.frame_paths(), by or "", datetime.now(UTC))
        recorded, later = record.run(
            found.verdicts,
            store=tables,
            sequences=storage.sequences(connection),
            now=storage.clock(connection),
            progress=lambda done, total: bars.update(task, completed=done, total=total),
        )
    screen.note(f"{screen.counted(recorded, 'verdict')} recorded")
    for note in found.complaints(said):
        screen.warn(note)
    screen.warn(f"{screen.counted(later, 'frame')} kept a later verdict" if later else "")


@app.command("list")
def list_(
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of CSV.")] = False, data: Data = stack.HOME
) -> None:
    """Show what people said, on stdout: a manifest that can be imported, or trained on, elsewhere.

    Example: uncia verdicts list > said.csv
    """
    found = [row_of(one) for one in storage.store(storage.found(data)).verdicts()]
    text = json.dumps(found, ensure_ascii=False, indent=1) if as_json else spreadsheet.write(COLUMNS, map(safe, found))
    typer.echo(text, nl=as_json)


def row_of(lesson: Lesson) -> dict[str, str]:
    """A verdict as a manifest's row."""
    said = lesson.verdict
    at = lesson.captured_at.isoformat() if lesson.captured_at else ""
    told = (lesson.path, said.camera, at, said.said, said.by, said.at.isoformat(timespec="seconds"))
    return dict(zip(COLUMNS, told, strict=True))


def safe(row: Mapping[str, str]) -> dict[str, str]:
    """A row that no spreadsheet runs: names are strangers'. `import` and `train` take the apostrophe off again."""
    return {name: cells.harmless(cell) for name, cell in row.items()}
