"""`uncia relabel`: the days that another head settled are asked for again, and followed until they are done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from rich.progress import Progress

from cli import screen, storage, waiting
from functions import relabel as asking
from shared.day import Ask, Day
from shared.errors import BadMessage, UnciaError
from shared.failures import Failures
from shared.heads import Heads
from shared.store import Store

NO_HOST = "no host seems to run; what was asked for waits in the queue until one does"
# As many as fit into a sentence.
NAMED = 3

type Failed = dict[tuple[str, datetime], Ask]  # days that the host gave up on, by key and time


@dataclass(frozen=True, slots=True)
class Relabelled:
    """What came of it."""

    head: str  #: version that was current at the beginning
    days: int  #: how many were asked for
    newer: str  #: version that was published meanwhile, if any


@dataclass(frozen=True, slots=True)
class Archive:
    """The storage whose days are followed."""

    tables: Store
    heads: Heads
    failures: Failures

    def current(self) -> str:
        """The version of the head that is current; raises UnciaError where there is none."""
        head = self.heads.latest()
        if head is None:
            raise UnciaError("no head is published: train one with `uncia train`, then `uncia publish HEAD.onnx`")
        return head.version

    def open(self, head: str, *, everything: bool) -> Iterator[Day]:
        """The days not done: not yet settled under the head or, where that says nothing, not settled.

        It says nothing of days that were settled under it before, or where a newer head has been published.
        """
        settled = everything or self.current() != head
        return self.tables.read_days(unsettled=True) if settled else self.tables.days_not_under(head)

    def failed(self) -> Failed:
        """The days whose message the host gave up on."""
        found = {}
        for one in self.failures.all("sequences", bodies=True):
            with suppress(BadMessage):  # anyone may have sent it
                found[one.key, one.buried_at] = Ask.decode(one.body)
        return found


def relabel(connection: Mapping[str, str], bars: Progress, *, everything: bool) -> Relabelled:
    """Has every day that is not settled under the current head, or all, settled again; raises UnciaError."""
    archive = Archive(storage.store(connection), storage.heads(connection), storage.failures(connection))
    head, before = archive.current(), archive.failed()
    task = bars.add_task("asking", total=None)
    days = asking.run(
        store=archive.tables,
        sequences=storage.sequences(connection),
        head=head,
        now=storage.clock(connection),
        everything=everything,
        progress=lambda done, total: bars.update(task, completed=done, total=total),
    )
    bars.update(task, description="labelling", completed=0, total=len(days))

    def look() -> tuple[set[Ask], set[Ask]]:
        still = {*days} & {Ask(day.camera, day.day) for day in archive.open(head, everything=everything)}
        bars.update(task, completed=len(days) - len(still))
        return still, still & {day for one, day in archive.failed().items() if one not in before}

    follow(look)
    newest = archive.current()
    return Relabelled(head, len(days), newest if newest != head else "")


def follow(look: Callable[[], tuple[set[Ask], set[Ask]]]) -> None:
    """Returns when no day is left; raises UnciaError where those that are have failed, or nothing moves.

    A look gives the days that are not done, and those of them that failed.
    """
    failed: set[Ask] = set()

    def left() -> int:
        still, given_up = look()
        failed.clear()
        failed.update(given_up)
        return len(still - given_up)

    waiting.until_none(left, NO_HOST)
    if failed:
        days = f"{screen.counted(len(failed), 'camera-day')} failed ({named(failed)})"
        raise UnciaError(f"{days}: `uncia failures` says why")


def named(days: Iterable[Ask]) -> str:
    """The first few days by name."""
    names = sorted(f"{screen.printable(day.camera)} {day.day}" for day in days)
    return ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED:,} more" if len(names) > NAMED else "")
