from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from training import curves

DRAW = np.random.default_rng(0)
POSITIVE = DRAW.random(5_000) < 0.1
SCORES = DRAW.normal(0, 1, 5_000) + 1.5 * POSITIVE


def area(points: curves.Points) -> float:
    return float(np.trapezoid([high for _, high in points], [right for right, _ in points]))


def test_the_area_below_the_drawn_roc_curve_is_the_auc() -> None:
    points = curves.roc(SCORES, POSITIVE)
    assert (points[0], points[-1]) == ((0.0, 0.0), (1.0, 1.0))
    assert area(points) == pytest.approx(roc_auc_score(POSITIVE, SCORES), abs=0.002)


def test_the_area_below_the_drawn_precision_is_the_average_precision() -> None:
    points = curves.precision_recall(SCORES, POSITIVE)
    assert area(points) == pytest.approx(average_precision_score(POSITIVE, SCORES), abs=0.01)


def test_no_curve_has_more_points_than_an_eye_can_tell_apart() -> None:
    assert len(curves.roc(SCORES, POSITIVE)) <= 2 * (curves.FINEST + 1)
    assert len(curves.precision_recall(SCORES, POSITIVE)) <= 2 * (curves.FINEST + 1)


@pytest.mark.parametrize("positive", [np.zeros(4, np.bool_), np.ones(4, np.bool_)])
def test_there_is_no_roc_curve_without_two_sides(positive: np.ndarray) -> None:
    assert curves.roc(np.arange(4.0), positive) == []


def test_there_is_no_precision_of_nothing() -> None:
    assert curves.precision_recall(np.arange(4.0), np.zeros(4, np.bool_)) == []


def test_reliability_counts_each_sequence_once() -> None:
    scores = np.array([[0.55, 0.45], [0.05, 0.95], [0.0, 1.0], [0.91, 0.09]])
    bins = curves.reliability(scores, np.array([1, 1, 1, 1]))
    assert [(one.low, one.high, one.n) for one in bins] == [(0.5, 0.6, 1), (0.9, 1.0, 3)]
    assert bins[1].said == pytest.approx((0.95 + 1.0 + 0.91) / 3)
    assert bins[1].right == pytest.approx(2 / 3)
    assert curves.calibration_error(bins) == pytest.approx((0.55 + abs(2.86 - 2)) / 4)
