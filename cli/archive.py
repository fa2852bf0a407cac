"""Commands that go over what is stored: relabel, reconcile, forget."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import screen, stack, storage
from cli.work import Data
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
    recipe: Annotated[
        bool, typer.Option("--recipe", help="Featurize again, from their images, the frames that another recipe made.")
    ],
    data: Data = stack.HOME,
) -> None:
    """Make stored frames what they should be; can be interrupted and run again.

    Example: uncia reconcile --recipe
    """
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
        screen.warn(f"{screen.counted(done.gone, 'frame')} not: their image is gone, or another lies under its name.")


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
