"""What executors compute of the features that Spark ML is to fit."""

from __future__ import annotations

from functools import reduce

import numpy as np
import pandas as pd

from batch.train import _joined, _judged, _moments, _scaled

FEATURES = np.random.default_rng(0).normal(5, 2, (30, 4)).astype("<f2")
NUMBERS = FEATURES.astype(np.float64)
BATCHES = [
    pd.DataFrame(
        {"place": range(start, start + 10), "features": [row.tobytes() for row in FEATURES[start : start + 10]]}
    )
    for start in (20, 0, 10)
]
# The first image is not learnt from.
CLASSES = np.array([-1, *[0, 1] * 14, 1])


def test_moments_of_parts_are_those_of_the_whole() -> None:
    parts = [tuple(row) for lot in _moments(iter(BATCHES), CLASSES) for row in lot.itertuples(index=False)]
    count, mean, squares = reduce(_joined, parts, (0, np.zeros(0), np.zeros(0)))  # type: ignore[arg-type]
    assert count == 29
    np.testing.assert_allclose(mean, NUMBERS[1:].mean(axis=0))
    np.testing.assert_allclose(np.sqrt(squares / count), NUMBERS[1:].std(axis=0))


def test_features_are_scaled_and_weighted_by_class() -> None:
    each = np.array([2.0, 3.0])
    found = pd.concat(_scaled(iter(BATCHES), CLASSES, each, NUMBERS.mean(axis=0), NUMBERS.std(axis=0)))
    assert len(found) == 29
    assert set(zip(found["class"], found["weight"], strict=True)) == {(0.0, 2.0), (1.0, 3.0)}
    assert np.abs(np.stack(found["scaled"]).mean(axis=0)).max() < 0.3


def test_logits_come_with_the_number_of_their_image() -> None:
    weights, bias, wanted = np.eye(4), np.arange(4.0), np.arange(30) >= 15
    found = pd.concat(_judged(iter(BATCHES), wanted, weights, bias)).sort_values("place")
    assert list(found["place"]) == list(range(15, 30))
    np.testing.assert_allclose(np.stack(found["logits"]), NUMBERS[15:] + np.arange(4.0))
