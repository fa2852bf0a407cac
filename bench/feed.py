"""A camera that fires every second, live, by a clock of our own: how often its day is finalized, and what is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from shared.day import Day, asked

SECOND = timedelta(seconds=1)
MIDNIGHT = datetime(2026, 2, 1, tzinfo=UTC)

type Pause = Callable[[Day | None, timedelta], timedelta]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fed:
    """What a day of frames that come one a second cost."""

    finalizations: int
    frames_read: int
    longest_wait: timedelta  #: from a frame to the finalization that labels it


def fed(frames: int, settle: timedelta, pause: Pause) -> Fed:
    """Asks for a day as `aggregate` does at each frame, and finalizes it whenever a message is visible, in no time."""
    day: Day | None = None
    messages: list[datetime] = []
    read = runs = unseen = 0
    longest = timedelta()
    for number in range(frames + 1):
        now = MIDNIGHT + number * SECOND
        # After the last frame, time passes until the last message.
        while messages and day and (messages[0] <= now or number == frames):
            at = messages.pop(0)
            seen = min(frames, int((at - MIDNIGHT) / SECOND) + (at < now))
            read, runs = read + seen, runs + 1
            if seen > unseen:
                longest, unseen = max(longest, at - (MIDNIGHT + unseen * SECOND)), seen
            day = replace(day, seen=seen)
        if number < frames and not asked(day, now, settle):
            due = now + pause(day, settle)
            day = replace(day, due=due) if day else Day(camera="cam", day="20260201", due=due)
            messages.append(due)
    return Fed(finalizations=runs, frames_read=read, longest_wait=longest)
