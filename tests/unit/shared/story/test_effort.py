"""For how long cameras stood."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.story.accumulation import expected
from shared.story.asked import Asked
from shared.story.effort import efforts, merged

FIRST = date(2026, 1, 1)
DATES = st.integers(0, 40).map(lambda days: FIRST + timedelta(days=days))
SPANS = st.lists(st.tuples(DATES, DATES), max_size=6)


def days(spans: list[tuple[date, date]]) -> set[date]:
    return {first + timedelta(days=day) for first, last in spans for day in range((last - first).days + 1)}


@given(SPANS)
def test_merged_spans_are_the_same_dates_and_lie_apart(spans: list[tuple[date, date]]) -> None:
    made = merged(spans)
    assert days(made) == days(spans)
    assert all((late[0] - early[1]).days > 1 for early, late in pairwise(made))


@given(SPANS.filter(bool), st.sets(DATES), DATES, DATES)
def test_effort_is_the_dates_within_the_period(
    spans: list[tuple[date, date]], images: set[date], first: date, until: date
) -> None:
    stood = {day for day in days(spans) | images if day >= first}
    found = efforts({"a": spans}, {"a": images}, Asked(first=first))
    assert sum(one.nights for one in found) == len(stood)
    assert sum(one.until(until) for one in found) == len([day for day in stood if day <= until])


@given(st.lists(st.integers(1, 8), max_size=4), st.integers(8, 12))
def test_what_to_expect_is_what_combinations_say(counts: list[int], nights: int) -> None:
    for some, found in expected(counts, nights):
        want = sum(1 - comb(nights - of, some) / comb(nights, some) for of in counts)
        assert found == pytest.approx(want)
