"""A period holds both of its ends, and what has no date only where no end is said."""

from __future__ import annotations

from datetime import date

import pytest

from shared.period import within

DAY, NEXT = date(2026, 1, 31), date(2026, 2, 1)


@pytest.mark.parametrize(
    ("day", "first", "last", "lies"),
    [
        (DAY, None, None, True),
        (DAY, DAY, DAY, True),
        (DAY, NEXT, None, False),
        (NEXT, None, DAY, False),
        (DAY, NEXT, DAY, False),
        (None, None, None, True),
        (None, DAY, None, False),
        (None, None, DAY, False),
    ],
)
def test_a_day_lies_in_a_period(day: date | None, first: date | None, last: date | None, lies: bool) -> None:
    assert within(day, first, last) is lies
