"""Waiting goes on as long as something moves."""

from __future__ import annotations

import pytest

from cli import waiting
from shared.errors import UnciaError


class Clock:
    """A clock that only pauses move."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def pause(self, seconds: float) -> None:
        self.now += seconds


def waited(*left: int, counting: float = 0.0) -> float:
    clock, numbers = Clock(), iter(left)

    def look() -> int:
        clock.pause(counting)
        return next(numbers, left[-1])

    waiting.until_none(look, "look there", clock=clock, pause=clock.pause)
    return clock.now


def test_nothing_left_is_no_wait() -> None:
    assert waited(0) == 0


def test_what_moves_is_waited_for_however_long_it_takes() -> None:
    assert waited(*range(3_000, -1, -1)) > 4 * waiting.PATIENCE_SECONDS


def test_what_moves_no_more_is_left_with_one_sentence() -> None:
    with pytest.raises(UnciaError, match=r"^for 5 minutes nothing was done, 1,999 are left: look there$"):
        waited(2_000, 1_999, 2_000, 1_999)


def test_counting_takes_a_fifth_of_the_time() -> None:
    assert waited(3, 2, 1, 0, counting=2.0) == 4 * 2 + 3 * 8
