"""A period of days, either end of which may be open."""

from __future__ import annotations

from datetime import date


def within(day: date | None, first: date | None, last: date | None) -> bool:
    """Whether a day lies in a period, both ends included; what has no date lies only where neither end is said."""
    if day is None:
        return first is None and last is None
    return (first is None or first <= day) and (last is None or day <= last)
