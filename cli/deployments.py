"""`uncia deployments`: where cameras stood, from when to when, and how their clocks went."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import clock, files, screen, stack, storage
from cli.whereabouts import ahead, as_json, cells, findings, table, when
from cli.work import Data
from shared import deployment_table, settings, spreadsheet
from shared.deployment import COLUMNS, Deployment, Deployments, again, offset_of
from shared.deployment_table import wall_time
from shared.errors import UnciaError
from shared.placed import examine

if TYPE_CHECKING:
    from shared.store import Store

app = typer.Typer(no_args_is_help=True)
EXAMPLE = {
    "deploymentID": "example-1",
    "locationName": "EXAMPLE, replace this row by your own",
    "latitude": "28.21000",
    "longitude": "83.98500",
    "coordinateUncertainty": "30",
    "deploymentStart": "2026-03-01T09:30:00+05:45",
    "deploymentEnd": "2026-05-28T16:00:00+05:45",
    "cameraID": "EXAMPLE",
    "cameraModel": "Reconyx-HF2X",
    "timestampIssues": "false",
    "deploymentComments": "cameraID is the first folder of the camera's images",
}
Camera = Annotated[str | None, typer.Option(help="Only this camera's.")]


@app.command()
def template(
    out: Annotated[Path | None, typer.Argument(metavar="FILE.csv", help="A new file; stdout unless given.")] = None,
) -> None:
    """Give a table to fill in: the columns of Camtrap DP and an example, to be opened as a spreadsheet.

    Example: uncia deployments template deployments.csv
    """
    text = spreadsheet.write(COLUMNS, [EXAMPLE])
    if out is None:
        typer.echo(text, nl=False)
        return
    files.check(out)
    if out.exists():
        raise UnciaError(f"{out} exists already: name a new file")
    files.write(out, text.encode())
    screen.note(f"{out}: only {', '.join(deployment_table.REQUIRED)} must be filled in; docs/deployments.md says how")


@app.command("import")
def import_(
    source: Annotated[Path, typer.Argument(metavar="FILE.csv", help="CSV, or a Camtrap DP folder.")],
    utc_offset: Annotated[
        str, typer.Option(metavar="+HH:MM", help="Of times that are written without; UNCIA_UTC_OFFSET unless given.")
    ] = "",
    check: Annotated[bool, typer.Option("--check", help="Only say what is wrong; store nothing.")] = False,
    data: Data = stack.HOME,
) -> None:
    """Take deployments from a table, each in place of an earlier one with its deploymentID; all rows, or none.

    Example: uncia deployments import deployments.csv

    Times without an offset: uncia deployments import deployments.csv --utc-offset +05:45
    """
    file = source / "deployments.csv" if source.is_dir() else source
    offset = offset_of(utc_offset) if utc_offset else settings.utc_offset()
    found = deployment_table.read(spreadsheet.read(file), offset)
    tables = _tables(data, needed=not check)
    if tables:
        found = _again(found, tables.read_deployments())
        _warn_of_unknown(found, tables)
    if tables and not check:
        tables.write_deployments(found)
    of = screen.counted(len({one.camera for one in found}), "camera")
    said = "checked; nothing was stored" if check else "imported"
    screen.note(f"{screen.counted(len(found), 'deployment')} of {of} {said}")


@app.command("list")
def list_(
    camera: Camera = None,
    json_: Annotated[bool, typer.Option("--json", help="JSON instead of a table.")] = False,
    csv_: Annotated[bool, typer.Option("--csv", help="The columns of Camtrap DP in their order.")] = False,
    data: Data = stack.HOME,
) -> None:
    """Show the deployments that are stored, by camera and start.

    Example: uncia deployments list --camera "Ridge 1"

    To change some and import them again: uncia deployments list --csv > deployments.csv
    """
    found = storage.store(storage.found(data)).read_deployments(camera)
    if json_:
        typer.echo(json.dumps([as_json(one) for one in found], ensure_ascii=False, indent=1))
    elif csv_:
        typer.echo(spreadsheet.write(COLUMNS, [cells(one) for one in found]), nl=False)
    else:
        rows = [(one.deployment_id, one.camera, one.place, *when(one), ahead(one.correction)) for one in found]
        screen.out(table(("deployment", "camera", "place", "start", "end", "clock"), rows))


@app.command()
def check(data: Data = stack.HOME) -> None:
    """Find what does not fit: two places at once, images outside of any deployment, deployments without images.

    Exit code 1 where something is found. Example: uncia deployments check
    """
    tables = storage.store(storage.found(data))
    with screen.progress() as bars:
        bars.add_task("frames", total=None)
        found = examine(tables.read_deployments(), tables.frame_keys())
    if found.undated:
        screen.note(f"{screen.counted(found.undated, 'image')} without a time left out")
    if found.fits:
        screen.note("every image lies in a deployment")
        return
    screen.out(table(("what", "camera", "deployment", "from", "to", "images"), findings(found)))
    if found.outside:
        screen.note("where a clock was wrong, `uncia deployments clock` corrects it")
    raise typer.Exit(1)


@app.command("clock")
def clock_(
    camera: Annotated[str, typer.Argument(metavar="CAMERA", help="Its name.")],
    shown: Annotated[str, typer.Option(metavar="TIME", help="What its clock showed, as in a photo of a watch.")] = "",
    true: Annotated[str, typer.Option(metavar="TIME", help="What time it was, at the deployment's UTC offset.")] = "",
    deployment: Annotated[str, typer.Option(metavar="ID", help="Which, where several hold that time.")] = "",
    undo: Annotated[bool, typer.Option("--undo", help="Take the clock at its word again.")] = False,
    data: Data = stack.HOME,
) -> None:
    """Correct the clock of a deployment by one moment of which both times are known; images stay as they are.

    Example: uncia deployments clock "Ridge 1" --shown 2012-01-01T00:00:00 --true 2017-03-23T17:58:00

    Not after all: uncia deployments clock "Ridge 1" --undo
    """
    if undo == bool(shown or true) or bool(shown) != bool(true):
        raise UnciaError("give both --shown and --true, or --undo")
    if undo:
        done = clock.undo(storage.store(storage.found(data)), camera, deployment)
    else:
        times = wall_time("--shown", shown), wall_time("--true", true)
        done = clock.correct(storage.store(storage.found(data)), camera, *times, deployment)
    one = done.after
    screen.note(f"deployment {one.deployment_id} ({clock.told(one)}): clock {ahead(one.correction) or 'not corrected'}")
    rows = [(what, before.isoformat(), after.isoformat()) for what, before, after in done.times()]
    screen.out(table((screen.counted(done.images.count, "image"), "before", "after"), rows))


@app.command()
def remove(
    ids: Annotated[list[str], typer.Argument(metavar="ID…", help="deploymentIDs.")], data: Data = stack.HOME
) -> None:
    """Take deployments out again; no image is touched.

    Example: uncia deployments remove example-1
    """
    tables = storage.store(storage.found(data))
    there = [one for one in tables.read_deployments() if one.deployment_id in ids]
    if missing := {*ids} - {one.deployment_id for one in there}:
        raise UnciaError(f"there is no deployment {min(missing)!r}: `uncia deployments list` shows them")
    for one in there:
        tables.delete_deployment(one)
    screen.note(f"{screen.counted(len({*ids}), 'deployment')} removed")


def _tables(data: Path, *, needed: bool) -> Store | None:
    """The tables; None where there is no storage and none is needed."""
    try:
        return storage.store(storage.found(data))
    except UnciaError:
        if needed:
            raise
        return None


def _again(found: list[Deployment], known: Deployments) -> list[Deployment]:
    """The deployments with the clocks that were corrected earlier; says where such a correction is dropped."""
    earlier = {one.deployment_id: one for one in known}
    renewed = [again(one, earlier.get(one.deployment_id, one)) for one in found]
    for one in renewed:
        before = earlier.get(one.deployment_id, one)
        if before.correction != one.correction:
            screen.warn(
                f"deployment {one.deployment_id}: its clock's correction by {ahead(before.correction)} is dropped, "
                "because the camera was not there when the clock was compared"
            )
    return renewed


def _warn_of_unknown(found: list[Deployment], tables: Store) -> None:
    """Says which cameras have no images: often a name is written differently."""
    seen = {day.camera for day in tables.read_days()}
    if unknown := sorted({one.camera for one in found} - seen):
        screen.warn(f"No image has come yet of: {', '.join(unknown)}")
