"""Sequences are a pure function of times: checked against the rule written out plainly."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.sequence import Limits, group

START = datetime(2026, 1, 31, 23, 59)
MANY = st.lists(st.none() | st.integers(0, 400) | st.integers(0, 60).map(lambda tens: 10 * tens), max_size=40)
UNIFORM = st.builds(lambda count, step: [step * n for n in range(count)], st.integers(0, 60), st.integers(0, 61))
SECONDS = st.integers(0, 120).map(lambda seconds: timedelta(seconds=seconds))
LIMITS = st.builds(
    Limits, SECONDS | st.just(timedelta(seconds=10)), SECONDS, st.integers(1, 9) | st.just(Limits().most)
)  # fmt: skip

Shot = tuple[datetime | None, str]


def shots(seconds: list[int | None]) -> list[Shot]:
    """Frames at so many seconds after a start, each told apart by a name."""
    return [
        (None if second is None else START + timedelta(seconds=second), f"{(7 * n) % 101:03d}")
        for n, second in enumerate(seconds)
    ]


def grouped(frames: list[Shot], limits: Limits) -> list[list[Shot]]:
    return group(frames, limits, at=lambda shot: shot[0], tie=lambda shot: shot[1])


def naive(frames: list[Shot], limits: Limits) -> list[list[Shot]]:
    """Rule 2 of the design, word for word."""
    dated = sorted(shot for shot in frames if shot[0] is not None)
    runs: list[list[Shot]] = []
    for shot in dated:
        if runs and shot[0] - runs[-1][-1][0] <= limits.gap:
            runs[-1].append(shot)
        else:
            runs.append([shot])
    undated = sorted((shot for shot in frames if shot[0] is None), key=lambda shot: shot[1])
    return [part for run in runs for part in split(run, limits)] + [[shot] for shot in undated]


def split(run: list[Shot], limits: Limits) -> list[list[Shot]]:
    if (not limits.cap or run[-1][0] - run[0][0] <= limits.cap) and len(run) <= limits.most:
        return [run]
    gaps = [later[0] - earlier[0] for earlier, later in pairwise(run)]
    cut = gaps.index(max(gaps)) + 1
    return split(run[:cut], limits) + split(run[cut:], limits)


@given(MANY | UNIFORM, LIMITS)
@example([10 * n for n in range(30)], Limits(timedelta(seconds=10), timedelta(seconds=40)))
@example([0, 0, 10, 10, 20, 20], Limits(timedelta(seconds=10), timedelta(seconds=9)))
def test_grouping_is_the_rule_written_out_plainly(seconds: list[int | None], limits: Limits) -> None:
    frames = shots(seconds)
    assert grouped(frames, limits) == naive(frames, limits)


@given(st.data(), MANY, LIMITS)
def test_order_of_arrival_changes_nothing(data: st.DataObject, seconds: list[int | None], limits: Limits) -> None:
    frames = shots(seconds)
    assert grouped(data.draw(st.permutations(frames)), limits) == grouped(frames, limits)


@given(MANY, LIMITS)
def test_every_frame_is_in_one_sequence_and_no_sequence_is_empty(seconds: list[int | None], limits: Limits) -> None:
    frames = shots(seconds)
    found = grouped(frames, limits)
    assert sorted(shot[1] for one in found for shot in one) == sorted(shot[1] for shot in frames)
    assert all(found)


@pytest.mark.parametrize(
    ("seconds", "gap", "cap", "lengths"),
    [
        ([], 60, 900, []),
        ([0], 60, 900, [1]),
        ([0, 60], 60, 900, [2]),
        ([0, 61], 60, 900, [1, 1]),
        ([0, 0, 0], 0, 900, [3]),
        ([0, 60, 120, 180], 60, 180, [4]),
        ([0, 60, 120, 180], 60, 179, [1, 3]),
        ([0, 50, 110, 160], 60, 120, [2, 2]),
        ([0, 10, 30, 40, 60, 70], 60, 50, [2, 4]),
        ([10 * n for n in range(1_000)], 60, 0, [1_000]),
        ([10 * n for n in range(2_001)], 60, 0, [1, 2_000]),
        ([None, None, 0], 60, 900, [1, 1, 1]),
    ],
)
def test_a_gap_above_the_limit_or_a_part_above_the_cap_or_the_most_ends_a_sequence(
    seconds: list[int | None], gap: int, cap: int, lengths: list[int]
) -> None:
    limits = Limits(timedelta(seconds=gap), timedelta(seconds=cap))
    assert [len(one) for one in grouped(shots(seconds), limits)] == lengths


def test_frames_of_the_same_moment_are_in_order_of_their_digest() -> None:
    assert [shot[1] for shot in grouped([(START, "b"), (START, "a"), (START, "c")], Limits())[0]] == ["a", "b", "c"]


def test_frames_that_cannot_be_compared_are_grouped_all_the_same() -> None:
    frames = [{"at": START, "tie": "same"}, {"at": START, "tie": "same"}]
    assert group(frames, Limits(), at=lambda one: one["at"], tie=lambda one: one["tie"]) == [frames]  # type: ignore
