"""No camera and no sequence is on both sides, or the split is refused in one sentence."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import UnciaError
from training.manifest import TEST, TRAIN, Example
from training.split import check_sequences, split

NEW_YEAR = datetime(2016, 1, 1)


def example(camera: str = "a", hours: float | None = 0, sequence: str = "", side: str = "") -> Example:
    at = None if hours is None else NEW_YEAR + timedelta(hours=hours)
    return Example(Path("x.jpg"), camera, at, "ibex", sequence or f"{camera}{hours}", side)


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from(["cat", "other"])), min_size=12, max_size=60))
def test_no_camera_is_on_both_sides(drawn: list[tuple[str, str]]) -> None:
    examples = [example(camera) for camera, _ in drawn]
    try:
        sides = split(examples, [name for _, name in drawn], "camera")
    except UnciaError:
        return
    on = {
        side: {camera for (camera, _), own in zip(drawn, sides, strict=True) if own == side} for side in (TRAIN, TEST)
    }
    assert on[TRAIN]
    assert on[TEST]
    assert not on[TRAIN] & on[TEST]


def test_about_a_third_of_many_cameras_is_tried_on() -> None:
    examples = [example(f"camera {number // 10}") for number in range(300)]
    sides = split(examples, ["cat" if number % 2 else "other" for number in range(300)], "camera")
    assert sides.count(TEST) == 100


def test_a_sequence_that_runs_over_the_date_stays_where_it_began() -> None:
    examples = [
        example(hours=hours, sequence=name) for hours, name in ((-9, "x"), (-1, "y"), (1, "y"), (9, "z"), (10, "z"))
    ]
    sides = split(examples, ["cat", "other", "other", "cat", "other"], "date:2016-01-01")
    assert sides == [TRAIN, TRAIN, TRAIN, TEST, TEST]


def test_undated_images_are_on_neither_side_of_a_date() -> None:
    examples = [example(hours=hours) for hours in (-3, -2, None, 2, 3)]
    assert split(examples, ["cat", "other", "cat", "cat", "other"], "date:2016-01-01")[2] == ""


def test_a_column_is_taken_as_it_is() -> None:
    said = [TRAIN, TRAIN, "", TEST, TEST]
    examples = [example(camera, side=side) for camera, side in zip("aabcc", said, strict=True)]
    assert split(examples, ["cat", "other", "cat", "cat", "other"], "column") == said


BOTH = [example("a", 0, "s", TRAIN), example("a", 1, "t", TEST)]
REFUSED = [
    ("camera", [example("a"), example("a")], r"all images are of one camera, a: split by date"),
    ("column", BOTH, r"camera a is on both sides, so the test would prove nothing$"),
    ("column", [example("a", 0, "s", TRAIN), example("b", 0, "s", TEST)], r"sequence s is on both sides"),
    (
        "column",
        [*BOTH, example("b", 0, "u", TRAIN), example("b", 1, "v", TEST)],
        r"camera a and 1 more is on both sides",
    ),
    ("column", [example("a"), example("b")], r"no column split with train and test in it"),
    ("date:2016", [example("a")], r"'2016' is no date"),
    ("date:2016-01-01", [example("a", None), example("b", None)], r"no image has a captured_at"),
    ("date:2011-01-01", [example("a"), example("b", 1)], r"leaves nothing to train on: both sides need two classes"),
    ("place", [example("a")], r"say camera, date:2016-01-10 or column"),
]


@pytest.mark.parametrize(("by", "examples", "why"), REFUSED)
def test_what_would_prove_nothing_is_refused(by: str, examples: list[Example], why: str) -> None:
    with pytest.raises(UnciaError, match=why):
        split(examples, ["cat", "other", "cat", "other"][: len(examples)], by)


def test_a_side_with_one_class_is_refused() -> None:
    examples = [example("a", side=TRAIN), example("a", 1, side=TRAIN), example("b", side=TEST)]
    with pytest.raises(UnciaError, match="leaves cat to test on: both sides need two classes"):
        split(examples, ["cat", "other", "cat"], "column")


def test_averaging_needs_times_or_sequences() -> None:
    undated = [example("a", None), example("b", None)]
    with pytest.raises(UnciaError, match=r"give the manifest a column captured_at or sequence$"):
        check_sequences(undated, named=False)
    check_sequences(undated, named=True)
    check_sequences([*undated, example("c", 1)], named=False)
