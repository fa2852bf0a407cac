"""A camera that never rests: a second of it costs the same at noon and at midnight, and its labels end right."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared import day
from shared.frame import Frame
from tests.memory import MemoryStore
from tests.unit.functions.test_order import CAMERAS, Site, wanted
from tests.unit.shared.making import seen

RATE = 5  # frames a second, for a day of minutes


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
    site.store = Counted()
    frames = [seen(n, 0.9 if n % 7 else 0.2, camera=CAMERAS[0]) for n in range(seconds)]
    for n, one in enumerate(frames):
        site.now = begin + timedelta(seconds=n)
        while any(due <= site.now for due, _ in site.due):
            site.deliver(0)
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
    site.quiet()
    assert site.labels(CAMERAS[0]) == wanted(frames, CAMERAS[0])
    assert [one.settled for one in site.store.read_days()] == [True]
