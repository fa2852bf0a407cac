"""A day's frames become labels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from functions import telemetry
from shared.brief import Brief, beginning
from shared.day import (
    Ask,
    Day,
    Settled,
    after,
    asked,
    before,
    check_known,
    counts,
    expected,
    neighbours,
    reach,
    start,
    tail,
)
from shared.errors import LimitExceeded
from shared.frame import Frame
from shared.label import Changes, Known, Label, Stored, changes, labels, rescored, stale
from shared.sequence import Limits
from shared.trace import Trace

if TYPE_CHECKING:
    from shared.head import Head
    from shared.store import Store

type Alarm = Callable[[Changes, Sequence[Stored]], Callable[[], None]]

# Each look finds what the one before wrote, unless others write at the same time; so many in a row is no accident.
LOOKS = 20


class NeverQuiet(RuntimeError):
    """The labels of a day changed at every look; the host tries again later."""


def silent(change: Changes, stored: Sequence[Stored]) -> Callable[[], None]:
    """Tells nobody of a change."""
    return lambda: None


@dataclass(frozen=True, slots=True)
class Still:
    """A day and what belongs with it, when there was nothing left to change, or to others alone."""

    frames: list[Frame]
    head: Head | None
    labels: list[Label]  #: as they are stored
    written: int  #: how many labels were written on the way
    refused: LimitExceeded | None = None  #: of a label that no row can hold

    def settled(self, day: str, at: datetime) -> Settled:
        """What is noted of this day once it is settled. `at` is UTC."""
        return Settled(self.head.version if self.head else "", **counts(day, self.frames), at=at)


def run(
    body: bytes,
    *,
    store: Store,
    head: Callable[[], Head | None],
    limits: Limits,
    settle: timedelta,
    now: Callable[[], datetime],
    see_to: Callable[[Ask], object] = lambda day: None,
    alarm: Alarm = silent,
) -> None:
    """Makes the labels of a camera's day what its stored frames say, tells them in brief, and marks the day settled.

    `alarm` is told of each change, and of the labels before it, and what it gives back is called once that is written.

    Looks again after every write, with the head that is current then: another instance may have read frames of the same
    sequence meanwhile, or a new head been published. A day that is asked for again is left to that message, to look at
    and to settle: where frames come faster than a look takes, one look after the other would find some.
    `see_to` asks for another day: of a sequence across midnight that changes, the day it begins on has to tell.
    Raises BadMessage for anything but a message of ours, also where it is about a camera or day that nobody knows.
    Raises LimitExceeded for a label that no row can hold, once the others of the day are written and told.
    """
    with telemetry.step("finalize", came := Trace.of(body)):
        ask = Ask.decode(body)
        written = 0
        for look in range(LOOKS):
            # The time is read before the frames are: a later message may be relied on by one that is written after.
            day, began = store.read_day(ask.camera, ask.day), now()
            if look and asked(day, began, settle):
                break
            still = until_still(
                ask, store=store, head=head, limits=limits, settle=settle, now=now, see_to=see_to, alarm=alarm
            )  # fmt: skip
            check_known(ask, day, still.frames)
            written += still.written
            if day is None or noted(day, still, began, store=store, settle=settle, now=now):
                break
        else:
            raise NeverQuiet(f"camera {ask.camera!r}, day {ask.day}")
        telemetry.count_labels(written, came.uploaded, now())
        number = counts(ask.day, still.frames)
        telemetry.tell("a day is finalized", day=ask.day, labels_written=written, **number)


def noted(
    day: Day, still: Still, began: datetime, *, store: Store, settle: timedelta, now: Callable[[], datetime]
) -> bool:
    """Tells of a day's sequences in brief, and whether it is settled; False where its row was changed meanwhile.

    Who changed it may have told of fewer: of a sequence across midnight, frames of the next day leave no trace here.
    """
    briefs = [Brief.of(label) for label in beginning(day.day, still.labels)]
    done = not still.refused and not expected(day, began, settle)
    told = store.tell(day, briefs, len(still.frames), still.settled(day.day, now()) if done else None)
    if still.refused:
        raise still.refused
    return told


def until_still(
    ask: Ask,
    *,
    store: Store,
    head: Callable[[], Head | None],
    limits: Limits,
    settle: timedelta,
    now: Callable[[], datetime],
    see_to: Callable[[Ask], object],
    alarm: Alarm,
) -> Still:
    """Looks and writes until nothing is to change, or a message is on its way that will see what was written."""
    known: Known = {}
    written = 0
    for _ in range(LOOKS):
        judge = head()
        frames = scored(around(store, ask, limits), store, judge, known)
        stored = store.read_labels(ask.camera, *reach(ask.day, frames))
        change = changes(labels(frames, limits, judge), stored)
        if not change:
            return Still(frames, judge, [one.label for one in stored], written)
        for other in neighbours(ask, change.sequence_ids):
            see_to(other)
        tell = alarm(change, stored)
        refused = applied(change, store, now())
        tell()
        written += len(change.create) + len(change.update)
        if refused or asked(store.read_day(ask.camera, ask.day), now(), settle):
            return Still(frames, judge, change.made(stored), written, refused)
    raise NeverQuiet(f"camera {ask.camera!r}, day {ask.day}")


def applied(change: Changes, store: Store, now: datetime) -> LimitExceeded | None:
    """Makes a change; what a label that no row can hold is refused with, if there is one: the others are written."""
    try:
        store.apply(change, now)
    except LimitExceeded as error:
        return error
    return None


def around(store: Store, ask: Ask, limits: Limits) -> list[Frame]:
    """The frames of a day, and those of the days before and after that belong with its first and last."""
    frames = store.read_frames(ask.camera, ask.day)
    day = ask.day
    while day := before(frames, day, limits.gap):
        frames = tail(store.read_frames(ask.camera, day), frames[0], limits.gap) + frames
    day = ask.day
    while day := after(frames, day, limits.gap):
        frames = frames + start(store.read_frames(ask.camera, day), frames[-1], limits.gap)
    return frames


def scored(frames: list[Frame], store: Store, head: Head | None, known: Known) -> list[Frame]:
    """The frames with this head's scores, from their stored features where they have another's; `known` keeps them."""
    old = [frame for frame in stale(frames, head) if head and (head.version, frame.row_key) not in known]
    if head and old:
        features = store.read_features(old[0].camera, old[0].row_key, old[-1].row_key)
        scores = head.scores_by_key({frame.row_key: features[frame.row_key] for frame in old})
        known |= {(head.version, key): value for key, value in scores.items()}
    return rescored(frames, head, known)
