"""What is measured of a dense day is what the steps do."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from bench import crowd, dense, feed
from bench.crowd import PATTERNS
from shared.day import FRAMES_A_SECOND, pause
from shared.label import labels
from shared.sequence import Limits

SETTLE = timedelta(seconds=30)
DAY = 86_400


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_is_a_camera_that_never_rests(name: str) -> None:
    times = PATTERNS[name](1_000)
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert timedelta(seconds=0.5) <= min(gaps) <= max(gaps) <= timedelta(seconds=1.5)
    assert len(times) == 1_000


def test_frames_of_equal_gaps_stand_alone_but_for_the_last_quarter_of_an_hour() -> None:
    judge = crowd.head()
    found = labels(crowd.frames(crowd.equal(1_500), judge), Limits(), judge)
    assert [one.n_frames for one in found] == [1] * 599 + [901]
    assert {one.head for one in found} == {judge.version}


def test_with_a_pause_that_never_grows_reading_is_quadratic() -> None:
    small, large = (feed.fed(number, SETTLE, lambda _, settle: settle) for number in (DAY // 10, DAY))
    assert 90 < large.frames_read / small.frames_read < 110


@pytest.mark.parametrize("frames", [DAY // 10, DAY // 2, DAY])
def test_with_the_pause_as_it_is_a_frame_is_read_at_most_as_often_a_second_as_is_said(frames: int) -> None:
    found = feed.fed(frames, SETTLE, pause)
    assert found.frames_read <= 1.1 * FRAMES_A_SECOND * frames
    # A label waits for the pause that its day's last finalization asked for.
    assert found.longest_wait <= timedelta(seconds=frames / FRAMES_A_SECOND) + SETTLE


def test_the_last_frame_is_seen() -> None:
    for frames in (1, 31, 5_000):
        found = feed.fed(frames, SETTLE, pause)
        assert found.finalizations >= 1
        assert found.longest_wait > timedelta()


def test_what_is_shown_says_how_each_cost_grows() -> None:
    keys = ("core_equal_{}_seconds", "core_rising_{}_seconds", "first_{}_cpu_seconds", "first_{}_requests",
            "late_{}_cpu_seconds", "peak_mb_{}", "live_{}_frames_read", "still_{}_frames_read")  # fmt: skip
    found = {key.format(size): size for key in keys for size in (1_000, 10_000)} | {"still_10000_frames_read": 100_000}
    told = dense.summed(found, [1_000, 10_000])
    assert told["frames"] == "1,000 / 10,000"
    assert told["finalizing_first_requests"] == "1,000 / 10,000 (grows with power 1.00)"
    assert told["frames_read_without_pauses"] == "1,000 / 100,000 (grows with power 2.00)"
