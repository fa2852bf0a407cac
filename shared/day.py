"""The to-do list: which camera-days are to be finalized, when, and which frames decide them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from itertools import pairwise

from shared.errors import BadMessage
from shared.frame import UNDATED, Frame, Status, date_of, day_of, writable

# Clocks of two machines may differ by less than this; 5 s is the margin of the design's simulation.
MARGIN = timedelta(seconds=5)
# A message that was sent has been waiting this long without effect: it is lost, or its worker is.
OVERDUE = timedelta(minutes=15)
# A camera that never rests has its day read again and again: on average so many frames a second, whatever their number
# (docs/decisions/0033-dense-days.md).
FRAMES_A_SECOND = 100
LONGEST_PAUSE = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One camera's day in the table `days`. `due` is UTC."""

    camera: str
    day: str
    due: datetime
    settled: bool = False
    head: str = ""  #: version of the head that it was last settled under
    seen: int = 0  #: how many frames its last finalization looked at, those of other days included
    etag: str = ""

    @property
    def ask(self) -> Ask:
        """What asks for this day."""
        return Ask(self.camera, self.day)


@dataclass(frozen=True, slots=True)
class Settled:
    """What is noted of a day when nothing is left to do. `at` is UTC."""

    head: str  #: its version; empty for none
    n_frames: int
    n_corrupt: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Ask:
    """The message on queue `sequences`: look at this camera's day."""

    camera: str
    day: str

    def encode(self) -> str:
        """The message's text."""
        return json.dumps({"camera": self.camera, "day": self.day}, ensure_ascii=False)

    @classmethod
    def decode(cls, body: bytes) -> Ask:
        """The camera and day in a message; raises BadMessage for anything else."""
        try:
            said = json.loads(body)
            ask = cls(said["camera"], said["day"])
            writable("camera", ask.camera)
            date_of(ask.day)
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise BadMessage(f"the message is no camera and day: {error}") from error
        return ask


def check_known(ask: Ask, day: Day | None, frames: Sequence[Frame]) -> None:
    """Raises BadMessage for a day that nobody knows: who of ours asks for one saw a frame of it, or its row."""
    if day is None and not frames:
        raise BadMessage(f"nothing is known of camera {ask.camera!r} on {ask.day}")


def asked(day: Day | None, now: datetime, settle: timedelta) -> bool:
    """Whether a message is on its way that will see a frame written before `now`, and the day stays open until then.

    Also by what the day's row was when it was read some time ago: until it is due, nobody makes it due earlier.
    """
    # Twice the margin: whoever finalizes by a clock that is fast must not think that this is the message at hand.
    return day is not None and day.due > now + 2 * _margin(settle)


def opened(ask: Ask, row: Day | None, due: datetime) -> Day:
    """A day's row once it is due, too, at this time: never before another message that is still on its way."""
    if row is None:
        return Day(camera=ask.camera, day=ask.day, due=due)
    return replace(row, due=due if row.settled else max(row.due, due), settled=False)


def expected(day: Day, now: datetime, settle: timedelta) -> bool:
    """Whether a later message than the one at hand, which came at `now`, is on its way for a day."""
    return day.due > now + _margin(settle)


def _margin(settle: timedelta) -> timedelta:
    # A quarter of a short `settle`, as on one machine with one clock: or every frame would ask.
    return min(MARGIN, settle / 4)


def pause(day: Day | None, settle: timedelta) -> timedelta:
    """How long after a frame its day is finalized: `settle`, or longer, up to an hour, where many were seen last."""
    seen = day.seen if day else 0
    return max(settle, min(LONGEST_PAUSE, timedelta(seconds=seen / FRAMES_A_SECOND)))


def overdue(days: Iterable[Day], now: datetime) -> list[Day]:
    """What to ask again: days that were due long ago and still are not settled."""
    return [day for day in days if not day.settled and day.due < now - OVERDUE]


def to_relabel(days: Iterable[Day], head: str, *, everything: bool = False) -> list[Day]:
    """What to ask so that every label is this head's: the days last settled under another or none, or all of them.

    A day settled under it to which frames have come since is no concern: they asked for it themselves.
    """
    return [day for day in days if everything or day.head != head]


def keys_of(day: str) -> tuple[str, str]:
    """Below and above every row key of a day: `20260131T…`, `undated~…`."""
    return (f"{UNDATED}~", f"{UNDATED}~~") if day == UNDATED else (f"{day}T", f"{day}U")


def day_of_key(row_key: str) -> str:
    """The day that a frame's row key belongs to."""
    moment = row_key.partition("~")[0]
    return moment if moment == UNDATED else moment[:8]


def neighbours(ask: Ask, sequence_ids: Iterable[str]) -> list[Ask]:
    """The other days of the camera that these sequences begin on: their rows tell of sequences that changed."""
    return [Ask(ask.camera, day) for day in sorted({day_of_key(one) for one in sequence_ids} - {ask.day})]


def reach(day: str, frames: Sequence[Frame]) -> tuple[str, str]:
    """The row keys to look through for labels: the day's, and those of frames beyond it that belong with them."""
    low, high = keys_of(day)
    return (min(low, frames[0].row_key), max(high, frames[-1].row_key)) if frames else (low, high)


def counts(day: str, frames: Iterable[Frame]) -> dict[str, int]:
    """How many frames a day has, and how many of them are corrupt."""
    own = [frame for frame in frames if frame.day == day]
    return {"n_frames": len(own), "n_corrupt": sum(frame.status is Status.CORRUPT for frame in own)}


def before(frames: Sequence[Frame], day: str, gap: timedelta) -> str:
    """The day before, where these frames, which reach back to `day`, may go on into it; else nothing."""
    date = date_of(day)
    if date is None or not frames or (first := frames[0].captured_at) is None:
        return ""
    midnight = datetime.combine(date, time.min)
    return day_of(midnight - timedelta(days=1)) if first - midnight < gap else ""


def after(frames: Sequence[Frame], day: str, gap: timedelta) -> str:
    """The day after, where these frames, which reach up to the end of `day`, may go on into it; else nothing."""
    date = date_of(day)
    if date is None or not frames or (last := frames[-1].captured_at) is None:
        return ""
    midnight = datetime.combine(date, time.min) + timedelta(days=1)
    return day_of(midnight) if midnight - last <= gap else ""


def tail(earlier: Sequence[Frame], first: Frame, gap: timedelta) -> list[Frame]:
    """The frames at the end of the day before that belong with `first`: from the last gap above the limit on."""
    pairs = pairwise([*earlier, first])
    begin = max((place for place, (one, next_one) in enumerate(pairs, 1) if _pause(one, next_one) > gap), default=0)
    return list(earlier[begin:])


def start(later: Sequence[Frame], last: Frame, gap: timedelta) -> list[Frame]:
    """The frames at the start of the day after that belong with `last`: up to the first gap above the limit."""
    pairs = pairwise([last, *later])
    end = next((place for place, (one, next_one) in enumerate(pairs) if _pause(one, next_one) > gap), len(later))
    return list(later[:end])


def _pause(earlier: Frame, later: Frame) -> timedelta:
    if earlier.captured_at is None or later.captured_at is None:
        return timedelta.max
    return later.captured_at - earlier.captured_at
