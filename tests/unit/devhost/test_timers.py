"""NCRONTAB schedules."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from devhost.timers import next_run

NEW_YEAR = datetime(2025, 1, 1, 12, 0, 0, tzinfo=UTC)  # a Wednesday


@pytest.mark.parametrize(
    ("schedule", "after", "expected"),
    [
        ("*/10 * * * * *", NEW_YEAR, datetime(2025, 1, 1, 12, 0, 10, tzinfo=UTC)),
        ("0 */5 * * * *", NEW_YEAR, datetime(2025, 1, 1, 12, 5, 0, tzinfo=UTC)),
        ("30 0 2 * * *", NEW_YEAR, datetime(2025, 1, 2, 2, 0, 30, tzinfo=UTC)),
        ("0 0 9 * * Mon-Fri", datetime(2025, 1, 3, 9, tzinfo=UTC), datetime(2025, 1, 6, 9, tzinfo=UTC)),
        ("*/5 * * * *", NEW_YEAR, datetime(2025, 1, 1, 12, 5, 0, tzinfo=UTC)),
    ],
)
def test_a_schedule_begins_with_its_seconds(schedule: str, after: datetime, expected: datetime) -> None:
    assert next_run(schedule, after) == expected


def test_day_of_month_and_day_of_week_must_both_match() -> None:
    assert next_run("0 0 0 13 * Fri", NEW_YEAR) == datetime(2025, 6, 13, tzinfo=UTC)


@pytest.mark.parametrize("schedule", ["", "every day", "61 * * * * *", "* * *"])
def test_what_is_no_schedule_is_refused(schedule: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        next_run(schedule, NEW_YEAR)
