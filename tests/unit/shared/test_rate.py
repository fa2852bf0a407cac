"""What is dear is given at most so often, and whoever waits as long as told is given it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.rate import EVERYBODY, MOST_VISITORS, Rate


def test_a_burst_is_given_at_once_and_then_one_after_another() -> None:
    rate = Rate(burst=3, per_second=2)
    assert [rate.wait("Ana", 10.0) for _ in range(4)] == [0, 0, 0, 0.5]
    assert rate.wait("Ana", 10.25) == pytest.approx(0.25)
    assert rate.wait("Ana", 10.5) == 0


def test_nobody_waits_for_another_until_all_together_ask_too_much() -> None:
    rate = Rate(burst=1, per_second=1)
    assert [rate.wait(f"{number}", 0.0) for number in range(EVERYBODY)] == [0] * EVERYBODY
    assert rate.wait("one more", 0.0) == pytest.approx(1 / EVERYBODY)


def test_a_clock_that_stands_still_or_goes_back_gives_nothing() -> None:
    rate = Rate(burst=1, per_second=1)
    assert [rate.wait("Ana", now) for now in (100.0, 99.0, 100.0)] == [0, 1, 1]


def test_names_without_end_take_no_memory_without_end() -> None:
    rate = Rate(burst=1, per_second=1_000)
    for number in range(MOST_VISITORS + 50):
        rate.wait(f"{number}", float(number))
    assert len(rate._visitors) == MOST_VISITORS


CALLS = st.lists(st.tuples(st.sampled_from("ab"), st.floats(0, 5)), max_size=60)


@given(CALLS, st.integers(1, 5), st.floats(0.5, 10))
def test_never_are_more_given_than_a_burst_and_what_came_in_since(
    calls: list[tuple[str, float]], burst: int, per_second: float
) -> None:
    rate, now, given_ = Rate(burst, per_second), 0.0, dict.fromkeys("ab", 0)
    for who, pause in calls:
        now += pause
        wait = rate.wait(who, now)
        given_[who] += wait == 0
        assert given_[who] <= burst + per_second * now + 1e-6
        if wait:
            assert rate.wait(who, now + wait + 1e-6) == 0
            given_[who], now = given_[who] + 1, now + wait + 1e-6
