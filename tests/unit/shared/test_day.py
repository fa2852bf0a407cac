"""What is to be finalized, and which frames decide it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.day import (
    FRAMES_A_SECOND,
    LONGEST_PAUSE,
    MARGIN,
    OVERDUE,
    Ask,
    Day,
    after,
    asked,
    before,
    counts,
    day_of_key,
    expected,
    keys_of,
    overdue,
    pause,
    reach,
    start,
    tail,
    to_relabel,
)
from shared.errors import BadMessage
from shared.frame import Frame
from tests.unit.shared.making import corrupt, frame

NOW = datetime(2026, 2, 1, 8, tzinfo=UTC)
MIDNIGHT = datetime(2026, 1, 31)
GAP, SECOND, TICK = timedelta(seconds=60), timedelta(seconds=1), timedelta(microseconds=1)
DAY = "20260131"


def due(at: datetime, *, settled: bool = False) -> Day:
    return Day(camera="cam", day=DAY, due=at, settled=settled)


def at(*times: datetime) -> list[Frame]:
    return [frame(time) for time in times]


@given(st.text(min_size=1), st.sampled_from([DAY, "undated"]))
def test_an_ask_travels_whole(camera: str, day: str) -> None:
    ask = Ask(camera, day)
    assert Ask.decode(ask.encode().encode("utf-8", "surrogatepass")) == ask


NO_DAY = st.none() | st.integers() | st.text("x2", max_size=9)
WRONG = st.builds(
    lambda camera, day: json.dumps({"camera": camera, "day": day}).encode(), st.none() | st.text(), NO_DAY
)


@given(st.binary() | WRONG)
def test_another_message_is_told_so(body: bytes) -> None:
    with pytest.raises(BadMessage, match=r"^the message is no camera and day: "):
        Ask.decode(body)


def test_a_camera_of_half_a_character_is_refused() -> None:
    with pytest.raises(BadMessage):
        Ask.decode(b'{"camera": "\\ud800", "day": "20260131"}')


@pytest.mark.parametrize(
    ("day", "answer"),
    [
        (None, False),
        (due(NOW), False),
        (due(NOW + 2 * MARGIN), False),
        (due(NOW + 2 * MARGIN + TICK), True),
        (due(NOW + 2 * MARGIN + TICK, settled=True), True),
    ],
)
def test_a_day_is_asked_for_unless_it_is_due_well_ahead(day: Day | None, answer: bool) -> None:
    assert asked(day, NOW, settle=timedelta(seconds=30)) is answer


@pytest.mark.parametrize(("ahead", "answer"), [(1.0, False), (1.1, True)])
def test_the_margin_is_half_of_a_short_settle(ahead: float, answer: bool) -> None:
    assert asked(due(NOW + timedelta(seconds=ahead)), NOW, settle=timedelta(seconds=2)) is answer


@pytest.mark.parametrize(
    ("ahead", "settle", "answer"), [(5.0, 30, False), (5.1, 30, True), (0.5, 2, False), (0.6, 2, True)]
)
def test_a_message_that_comes_by_a_slow_clock_is_the_one_at_hand(ahead: float, settle: int, answer: bool) -> None:
    assert expected(due(NOW + timedelta(seconds=ahead)), NOW, timedelta(seconds=settle)) is answer


@pytest.mark.parametrize("ahead", range(20))
def test_what_a_slow_clock_relies_on_a_fast_one_leaves_open(ahead: int) -> None:
    day, apart, settle = due(NOW + timedelta(seconds=ahead)), timedelta(seconds=2), timedelta(seconds=30)
    assert expected(day, NOW + apart, settle) or not asked(day, NOW - apart, settle)


@pytest.mark.parametrize(
    ("seen", "seconds"),
    [
        (0, 30),
        (30 * FRAMES_A_SECOND, 30),
        (31 * FRAMES_A_SECOND, 31),
        (86_400, 86_400 / FRAMES_A_SECOND),
        (10**7, LONGEST_PAUSE.total_seconds()),
    ],
)
def test_the_pause_grows_with_what_was_seen_last_and_no_label_waits_longer_than_an_hour(
    seen: int, seconds: float
) -> None:
    assert pause(replace(due(NOW), seen=seen), 30 * SECOND) == timedelta(seconds=seconds)


def test_a_pause_that_somebody_set_is_kept_however_long() -> None:
    week = timedelta(days=7)
    assert pause(None, week) == pause(replace(due(NOW), seen=10**7), week) == week


def test_nothing_of_an_empty_neighbour_belongs_to_a_day() -> None:
    assert tail([], frame(MIDNIGHT), timedelta(seconds=60)) == []
    assert start([], frame(MIDNIGHT), timedelta(seconds=60)) == []


@pytest.mark.parametrize(
    ("day", "late"),
    [(due(NOW - OVERDUE), False), (due(NOW - OVERDUE - TICK), True), (due(NOW - 2 * OVERDUE, settled=True), False)],
)
def test_a_day_long_due_and_not_settled_is_overdue(day: Day, late: bool) -> None:
    assert overdue([day], NOW) == ([day] if late else [])


@pytest.mark.parametrize(
    ("settled", "head", "everything", "again"),
    [
        (True, "new", False, False), (True, "old", False, True), (True, "", False, True), (False, "new", False, False),
        (False, "old", False, True), (False, "", False, True), (True, "new", True, True),
    ],
)  # fmt: skip
def test_a_day_is_relabelled_unless_it_was_last_settled_under_the_head(
    settled: bool, head: str, everything: bool, again: bool
) -> None:
    day = Day(camera="cam", day=DAY, due=NOW, settled=settled, head=head)
    assert to_relabel([day], "new", everything=everything) == ([day] if again else [])


@pytest.mark.parametrize("time", [None, MIDNIGHT, MIDNIGHT + timedelta(days=1) - TICK])
def test_a_days_keys_hold_its_frames(time: datetime | None) -> None:
    one = frame(time)
    low, high = keys_of(one.day)
    assert low < one.row_key < high


@pytest.mark.parametrize("time", [None, MIDNIGHT - TICK, MIDNIGHT + timedelta(days=1)])
def test_a_days_keys_hold_no_other_frames(time: datetime | None) -> None:
    low, high = keys_of(DAY)
    assert not low <= frame(time).row_key <= high


def test_labels_are_looked_for_as_far_as_frames_reach() -> None:
    frames = at(MIDNIGHT - SECOND, MIDNIGHT, MIDNIGHT + timedelta(days=1, seconds=1))
    assert reach(DAY, frames) == (frames[0].row_key, frames[-1].row_key)
    assert reach(DAY, frames[1:2]) == reach(DAY, []) == keys_of(DAY)


@pytest.mark.parametrize(
    ("first", "day"),
    [(MIDNIGHT, "20260130"), (MIDNIGHT + GAP - TICK, "20260130"), (MIDNIGHT + GAP, ""), (None, "")],
)
def test_the_day_before_matters_where_a_frame_of_it_may_be_near(first: datetime | None, day: str) -> None:
    assert before([frame(first)], DAY if first else "undated", GAP) == day


@pytest.mark.parametrize(
    ("last", "day"),
    [(MIDNIGHT - TICK, "20260131"), (MIDNIGHT - GAP, "20260131"), (MIDNIGHT - GAP - TICK, ""), (None, "")],
)
def test_the_day_after_matters_where_a_frame_of_it_may_be_near(last: datetime | None, day: str) -> None:
    assert after([frame(last)], "20260130" if last else "undated", GAP) == day


def test_an_empty_day_reaches_nowhere() -> None:
    assert (before([], DAY, GAP), after([], DAY, GAP)) == ("", "")


SECONDS: Any = [([], 0), ([-60], 1), ([-61], 0), ([-120, -60], 2), ([-121, -60], 1), ([-60, -60, 0], 3)]


@pytest.mark.parametrize(("seconds", "kept"), SECONDS)
def test_the_end_of_the_day_before_belongs_up_to_the_last_gap(seconds: list[int], kept: int) -> None:
    frames = at(*(MIDNIGHT + second * SECOND for second in seconds))
    assert tail(frames, frame(MIDNIGHT, seed="first"), GAP) == frames[len(frames) - kept :]


@pytest.mark.parametrize(("seconds", "kept"), SECONDS)
def test_the_start_of_the_day_after_belongs_up_to_the_first_gap(seconds: list[int], kept: int) -> None:
    frames = at(*(MIDNIGHT - second * SECOND for second in reversed(seconds)))
    assert start(frames, frame(MIDNIGHT, seed="last"), GAP) == frames[:kept]


def test_a_day_counts_its_own_frames() -> None:
    frames = [frame(MIDNIGHT - SECOND), frame(MIDNIGHT), corrupt(MIDNIGHT + SECOND), frame(MIDNIGHT + GAP)]
    assert counts(DAY, frames) == {"n_frames": 3, "n_corrupt": 1}
    assert counts(DAY, []) == {"n_frames": 0, "n_corrupt": 0}


@pytest.mark.parametrize("at", [0, None, 43_200])
def test_a_row_key_tells_its_frames_day(at: float | None) -> None:
    assert day_of_key(frame(at).row_key) == frame(at).day
