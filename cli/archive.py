"""Commands that go over what is stored: relabel, reconcile, forget."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli import screen, stack, storage
from cli.work import Data
from shared.errors import UnciaError
from shared.settings import Settings


def relabel(
    everything: Annotated[bool, typer.Option("--all", help="Every day, not only those of another head.")] = False,
    data: Data = stack.HOME,
) -> None:
    """Have the archive labelled by the current head, from stored features; can be interrupted and run again.

    Example: uncia relabel
    """
    from cli.relabel import relabel as run

    connection = storage.found(data)
    try:
        with screen.progress() as bars:
            done = run(connection, bars, everything=everything)
    except KeyboardInterrupt:
        screen.note("What was asked for goes on without this command; `uncia relabel` asks for what is left.")
        raise typer.Exit(130) from None
    screen.note(f"{screen.counted(done.days, 'camera-day')} labelled by head {done.head}")
    if done.newer:
        screen.warn(f"Head {done.newer} was published meanwhile: `uncia relabel` labels by it what that one did.")


def reconcile(
    since: Annotated[
        str, typer.Option(metavar="WHEN", help="Only images uploaded since then: 2026-01-31 (UTC), or 7d.")
    ] = "",
    fix: Annotated[bool, typer.Option("--fix", help="Announce what is missing, and wait for its frames.")] = False,
    recipe: Annotated[
        bool, typer.Option("--recipe", help="Featurize again, from their images, the frames that another recipe made.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="All that was found, as JSON.")] = False,
    data: Data = stack.HOME,
) -> None:
    """Name the uploaded images that became no frame, one a line; can be interrupted and run again.

    Their event was lost: with --fix they are announced again. Exit code 1 says that something is missing, unmended.

    Example: uncia reconcile --since 7d --fix

    After another backbone or crop: uncia reconcile --recipe
    """
    if recipe and (since or fix or as_json):
        raise UnciaError("--recipe goes alone")
    if recipe:
        _anew(data)
    else:
        _whole(since, data, fix=fix, as_json=as_json)


def _whole(since: str, data: Path, *, fix: bool, as_json: bool) -> None:
    from cli import missing

    connection = storage.found(data)
    now = storage.clock(connection)()
    first = missing.moment(since, now)
    try:
        with screen.progress() as bars:
            found = missing.look(connection, bars, now=now, since=first)
        missing.show(found, as_json=as_json, everything=first is None)
        if fix:
            with screen.progress() as bars:
                done = missing.mend(connection, found, bars)
            missing.tell(done)
    except KeyboardInterrupt:
        screen.note("What was announced goes on without this command; run again, it announces what is left.")
        raise typer.Exit(130) from None
    if done.failed if fix else found.lost or found.unasked:
        raise typer.Exit(1)


def _anew(data: Path) -> None:
    from cli.reconcile import reconcile as run

    connection = storage.found(data)
    try:
        with screen.progress() as bars:
            done = run(connection, Settings.from_env(), data, bars)
    except KeyboardInterrupt:
        screen.note("What was asked for goes on without this command; run again, it asks for what is left.")
        raise typer.Exit(130) from None
    screen.note(f"{screen.counted(done.made, 'frame')} featurized again; their days are labelled as after an upload")
    if done.gone:
        why = "their image is gone or archived, or another lies under its name"
        screen.warn(f"{screen.counted(done.gone, 'frame')} not: {why}.")


def forget(
    names: Annotated[list[str], typer.Argument(metavar="NAME…", help='As storage calls them: "Ridge 1/IMG_0001.JPG".')],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data: Data = stack.HOME,
) -> None:
    """Delete images, every copy of them, and all that was made of them; labels are then those of the frames left.

    Example: uncia forget "Ridge 1/IMG_0001.JPG"
    """
    from cli.forgetting import find, remove

    connection = storage.found(data)
    with screen.progress() as bars:
        found = find(connection, names, bars)
    for name in found.blobs:
        screen.note(name)
    what = f"{screen.counted(len(found.blobs), 'image')} and {screen.counted(len(found.frames), 'frame')}"
    if not yes and not typer.confirm(f"Delete {what} for good?", err=True):
        raise typer.Exit(1)
    with screen.progress() as bars:
        remove(connection, found, bars)
    screen.note(f"{what} deleted; docs/runbook.md says what may be left elsewhere")
