"""A camera that never rests: a second of it costs the same at noon and at midnight, and its labels end right."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions import aggregate, finalize
from shared import day
from shared.frame import Frame
from shared.label import labels
from shared.remembered import Remembered
from shared.sequence import Limits
from tests.memory import MemoryQueue, MemoryStore
from tests.unit.shared.making import FakeHead, seen

CAMERA, SETTLE, LIMITS, HEAD = "north", timedelta(seconds=30), Limits(cap=timedelta(seconds=300)), FakeHead()
RATE = 5  # frames a second, for a day of minutes


class Site:
    """Tables, a queue and a clock."""

    def __init__(self) -> None:
        self.store: Any = Counted()
        self.queue: Any = MemoryQueue()
        self.now = datetime(2026, 3, 1, tzinfo=UTC)
        self.due: list[tuple[datetime, str]] = []
        self.remembered = Remembered()

    def arrive(self, one: Frame) -> None:
        said: Any = {"store": self.store, "sequences": self.queue, "settle": SETTLE, "now": lambda: self.now}
        aggregate.run(one.encode().encode(), remembered=self.remembered, **said)
        self.due += [(self.now + timedelta(seconds=seconds), text) for text, seconds in self.queue.sent]
        self.queue.sent.clear()

    def deliver(self) -> None:
        """Hands over the messages that are due."""
        said: Any = {"store": self.store, "head": lambda: HEAD, "limits": LIMITS, "settle": SETTLE}
        ready = [one for one in self.due if one[0] <= self.now]
        self.due = [one for one in self.due if one not in ready]
        for _, text in ready:
            finalize.run(text.encode(), now=lambda: self.now, **said)


class Counted(MemoryStore):
    """A store that counts the frames that were read for finalizing."""

    read = 0

    def read_frames(self, camera: str, day: str) -> list[Frame]:
        found = super().read_frames(camera, day)
        self.read += len(found)
        return found


def live(seconds: int) -> tuple[Site, list[Frame]]:
    """A frame every second, each message handed over when it is due."""
    site, begin = Site(), Site().now
    frames = [seen(n, 0.9 if n % 7 else 0.2, camera=CAMERA) for n in range(seconds)]
    for n, one in enumerate(frames):
        site.now = begin + timedelta(seconds=n)
        site.deliver()
        site.arrive(one)
    return site, frames


@pytest.mark.parametrize("seconds", [300, 600, 1_200])
def test_reading_a_day_over_and_over_costs_in_proportion_to_its_frames(
    monkeypatch: pytest.MonkeyPatch, seconds: int
) -> None:
    monkeypatch.setattr(day, "FRAMES_A_SECOND", RATE)
    site, _ = live(seconds)
    assert 0 < site.store.read <= 1.5 * RATE * seconds


def test_a_day_that_never_rested_ends_as_all_its_frames_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(day, "FRAMES_A_SECOND", RATE)
    site, frames = live(400)
    site.now += timedelta(days=1)
    site.deliver()
    assert [*site.store.all_labels(CAMERA)] == labels(frames, LIMITS, HEAD)
    assert [one.settled for one in site.store.read_days()] == [True]
