"""Intervals are the published ones."""

from __future__ import annotations

import pytest

from shared import interval


@pytest.mark.parametrize(("right", "n", "low", "high"), [(0, 10, 0.0, 0.2775), (9, 10, 0.5958, 0.9821)])
def test_wilson_s_interval_is_the_published_one(right: int, n: int, low: float, high: float) -> None:
    assert interval.wilson(right, n) == pytest.approx((low, high), abs=1e-4)
