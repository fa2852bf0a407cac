"""Met or missed, and by how much."""

from __future__ import annotations

import pytest

from bench.reach import Reach, counted, number, row


@pytest.mark.parametrize(
    ("found", "less", "ratio", "verdict"),
    [(6.0, False, 2.0, "met"), (3.0, False, 1.0, "met"), (1.5, False, 0.5, "missed"), (1.5, True, 2.0, "met"),
     (6.0, True, 0.5, "missed"), (0.0, True, float("inf"), "met"), (0.0, False, 0.0, "missed")],
)  # fmt: skip
def test_a_ratio_of_one_and_more_is_met_whichever_way_is_better(
    found: float, less: bool, ratio: float, verdict: str
) -> None:
    one = Reach(what="x", limit=3, found=found, less=less)
    assert (one.ratio, one.verdict) == (ratio, verdict)


def test_nothing_allowed_is_met_by_nothing_alone() -> None:
    assert Reach(what="x", limit=0, found=0, less=True).verdict == "met"
    assert Reach(what="x", limit=0, found=2, less=True).verdict == "missed"


def test_what_was_not_measured_is_neither_met_nor_missed_and_says_why() -> None:
    one = Reach(what="operations", limit=8, found=None, less=True, why="nobody counted")
    assert row(one) == ("operations", "at most 8", "", "", "not measured: nobody counted")


def test_a_reach_is_told_in_a_row_with_its_unit() -> None:
    one = Reach(what="start", limit=1.5, found=2.0, unit=" s", less=True, why="imports")
    assert row(one) == ("start", "at most 1.5 s", "2 s", "0.75", "missed: imports")


def test_all_are_counted() -> None:
    some = [Reach(what="x", limit=1, found=found) for found in (2, 1, 0.5, None)]
    assert counted(some) == "2 of 4 reaches met, 1 missed, 1 not measured"


def test_figures_have_three_digits_and_no_more() -> None:
    assert [number(one) for one in (0.78649, 3.4449, 55.71, 1234.5)] == ["0.786", "3.44", "55.7", "1,234"]
