"""`uncia failures` and `uncia redrive`: what the host gave up on, why, and sending it again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from cli import screen, stack, storage
from cli.work import Data
from shared.errors import UnciaError
from shared.failure import Failure
from shared.message import POISON

if TYPE_CHECKING:
    from shared.failures import Failures

# Of the key's 32 letters: enough to tell thousands apart, and `uncia redrive` asks for more where it is not.
SHORT = 8
NOT_SAID = "say what to send again: an ID from `uncia failures`, --queue QUEUE, or --all"
Queue = Annotated[str, typer.Argument(metavar="QUEUE", help=f"Only of one of these: {', '.join(POISON)}.")]


def failures(
    queue: Queue = "",
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a table.")] = False,
    drop: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Delete this failure for good instead; may be repeated.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="With --drop: do not ask.")] = False,
    data: Data = stack.HOME,
) -> None:
    """Show what failed, why, since when, and what happens next.

    Example: uncia failures

    Delete what can never succeed, as a message of somebody else: uncia failures --drop 1f3a9c02
    """
    connection = storage.found(data)
    kept = storage.failures(connection)
    found = sorted(kept.all(known(queue)), key=lambda one: (one.last_at, one.key))
    if drop:
        return dropped(kept, chosen(found, drop), yes=yes)
    if as_json:
        typer.echo(json.dumps([said(one) for one in found], ensure_ascii=False, indent=1))
    elif found:
        screen.out(table_of(found))
    screen.note(summary(found, storage.unburied(connection)))
    return None


def redrive(
    ids: Annotated[list[str] | None, typer.Argument(metavar="ID…", help="As `uncia failures` shows them.")] = None,
    queue: Annotated[str, typer.Option(metavar="QUEUE", help=f"All of one of these: {', '.join(POISON)}.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="All that failed.")] = False,
    data: Data = stack.HOME,
) -> None:
    """Send again what failed, once its reason is mended; can be interrupted and run again.

    Example: uncia redrive 1f3a9c02

    All images that failed: uncia redrive --queue images
    """
    from functions.redrive import Outcome

    if sum(map(bool, (ids, queue, everything))) != 1:
        raise UnciaError(NOT_SAID)
    connection = storage.found(data)
    kept = storage.failures(connection)
    found = [*kept.all(known(queue))]
    found = chosen(found, ids) if ids else found
    became = dict.fromkeys(Outcome, 0)
    try:
        with screen.progress() as bars:
            task = bars.add_task("sending", total=len(found))
            for outcome in storage.redriven(connection, kept, found):
                became[outcome] += 1
                bars.advance(task)
    except KeyboardInterrupt:
        screen.note(f"{became[Outcome.SENT]} of {len(found)} sent again; run again, it sends the rest.")
        raise typer.Exit(130) from None
    screen.note(f"{screen.counted(became[Outcome.SENT], 'failure')} sent again; what fails again is listed again")
    if became[Outcome.GONE]:
        screen.note(f"{screen.counted(became[Outcome.GONE], 'image')} gone since: no failure any more")
    if became[Outcome.STAYS]:
        screen.warn(
            f"{became[Outcome.STAYS]} cannot be sent again: `uncia failures` says why, and --drop ID deletes one"
        )


def known(queue: str) -> str:
    """The name of a queue, or nothing; raises UnciaError where messages of no such queue can fail."""
    if queue and queue not in POISON:
        raise UnciaError(f"{queue!r} is none of {', '.join(POISON)}")
    return queue


def chosen(found: Sequence[Failure], ids: Iterable[str]) -> list[Failure]:
    """The failures whose keys begin so; raises UnciaError for what begins none of them, or several."""
    picked: dict[tuple[str, str], Failure] = {}
    for name in ids:
        same = [one for one in found if name and one.key.startswith(name.lower())]
        if (number := len({one.key for one in same})) != 1:
            many = f"{number} failures begin with {name!r}: `uncia failures --json` has all letters"
            raise UnciaError(many if same else f"no failure is called {name!r}: `uncia failures` lists them")
        picked |= {(one.queue, one.key): one for one in same}
    return [*picked.values()]


def dropped(kept: Failures, found: Sequence[Failure], *, yes: bool) -> None:
    """Deletes failures, after asking."""
    for one in found:
        screen.note(one.what)
    what = screen.counted(len(found), "failure")
    if not yes and not typer.confirm(f"Delete {what} for good?", err=True):
        raise typer.Exit(1)
    gone = sum(kept.unbury(one) for one in found)
    screen.note(f"{screen.counted(gone, 'failure')} deleted")


def table_of(found: Iterable[Failure]) -> Table:
    """Failures as a table, one a row."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("id", "what", "why", "first (UTC)", "last (UTC)", "attempts", "next"):
        table.add_column(column, justify="right" if column == "attempts" else "left", no_wrap=column == "id")
    for one in found:
        first, last = (f"{at:%Y-%m-%d %H:%M}" for at in (one.first_at, one.last_at))
        what, why = Text(screen.printable(one.what)), Text(screen.printable(one.why))
        table.add_row(one.key[:SHORT], what, why, first, last, str(one.attempts or ""), next_of(one))
    return table


def next_of(failure: Failure) -> str:
    """What happens next."""
    return f"sent again by itself at {failure.due:%Y-%m-%d %H:%M}" if failure.due else "waits for you"


def said(failure: Failure) -> dict[str, Any]:
    """A failure as JSON lists it. Times are UTC."""
    times = {name: getattr(failure, name) for name in ("first_at", "last_at", "buried_at", "due")}
    return {
        "id": failure.key,
        "queue": failure.queue,
        "what": failure.what,
        "why": failure.why,
        "attempts": failure.attempts,
        **{name: at and at.isoformat(timespec="seconds") for name, at in times.items()},
        "sent_again": failure.sent_again,
    }


def summary(found: Sequence[Failure], more: int) -> str:
    """How many there are of what, in a sentence."""
    alone = sum(one.due is not None for one in found)
    told = [f"{screen.counted(len(found), 'failure')}"]
    if alone:
        told.append(f"{alone} sent again by themselves")
    if len(found) - alone:
        told.append(f"{len(found) - alone} waiting for you: mend the reason, then `uncia redrive`")
    if more:
        told.append(f"{more} more that the stack will list within a minute, if it runs")
    return ", ".join(told)
