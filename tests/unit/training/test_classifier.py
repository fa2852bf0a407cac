"""The classifier is scikit-learn's, whatever space it was fitted in."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from training import classifier
from training.classifier import along, probabilities


def by_hand(rows: Any, truth: Any, strength: float) -> Any:
    """Scaler and classifier as scikit-learn puts them together."""
    model = LogisticRegression(C=strength, class_weight="balanced", max_iter=10_000, tol=1e-8)
    return make_pipeline(StandardScaler(), model).fit(rows, truth)


@settings(deadline=None, max_examples=40)
@given(
    st.integers(6, 40), st.integers(1, 60), st.integers(2, 4), st.sampled_from([1e-4, 1e-2, 1.0]), st.integers(0, 99)
)
def test_scores_are_those_of_scikit_learn(images: int, features: int, classes: int, strength: float, seed: int) -> None:
    chance = np.random.default_rng(seed)
    truth = np.arange(images) % classes
    rows = chance.normal(truth[:, np.newaxis], 1, (images, features)) * chance.uniform(0.1, 30, features)
    (fitted,) = along(rows, truth, [strength])
    new = chance.normal(0, 3, (20, features))
    expected = by_hand(rows, truth, strength).predict_proba(new)
    np.testing.assert_allclose(probabilities(fitted.logits(new)), expected, atol=2e-3)


def test_features_that_never_change_are_no_reason_to_fail() -> None:
    rows = np.array([[0, 5, 1], [1, 5, 0], [0, 5, 2], [1, 5, 1]], float)
    (fitted,) = along(rows, np.array([0, 1, 0, 1]), [1.0])
    assert np.isfinite(fitted.logits(rows)).all()
    assert (fitted.logits(rows).argmax(axis=1) == [0, 1, 0, 1]).all()


def test_both_solvers_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rows, truth = np.random.default_rng(0).normal(size=(30, 10)), np.arange(30) % 3
    (newton,) = along(rows, truth, [0.1])
    monkeypatch.setattr(classifier, "_NEWTON", 0)
    (quasi,) = along(rows, truth, [0.1])
    np.testing.assert_allclose(probabilities(newton.logits(rows)), probabilities(quasi.logits(rows)), atol=1e-3)


def test_huge_logits_are_still_probabilities() -> None:
    assert probabilities(np.array([[1e4, -1e4], [0.0, 0.0]])).tolist() == [[1, 0], [0.5, 0.5]]
