"""Figures are those of scikit-learn, and their intervals those of resampled sequences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from training import figures as ours
from training.figures import Judged, figures

CLASSES = ("blank", "ibex", "leopard")


@st.composite
def judged(draw: st.DrawFn, classes: int = 3) -> Judged:
    images = draw(st.integers(8, 60))
    chance = np.random.default_rng(draw(st.integers(0, 999)))
    truth = np.arange(images) % classes
    # Scores of two decimals, so that some are equal.
    powers = np.exp(chance.normal(np.eye(classes)[truth], 1)).round(1) + 0.1
    scores = powers / powers.sum(axis=1, keepdims=True)
    sequences = np.unique(chance.integers(0, 9, images), return_inverse=True)[1]
    return Judged(CLASSES[:classes], scores, truth, truth == 0, sequences, np.array([0.5, 0.4, 0.6])[:classes])


@settings(deadline=None, max_examples=30)
@given(judged())
def test_figures_are_those_of_scikit_learn(one: Judged) -> None:
    said = figures(one, 2)
    each = [metrics.average_precision_score(one.truth == name, one.scores[:, name]) for name in range(3)]
    expected = {
        "accuracy": metrics.accuracy_score(one.truth, one.scores.argmax(axis=1)),
        "balanced_accuracy": metrics.balanced_accuracy_score(one.truth, one.scores.argmax(axis=1)),
        "roc_auc": metrics.roc_auc_score(one.truth, one.scores, multi_class="ovr"),
        "average_precision": np.mean(each),
        "log_loss": metrics.log_loss(one.truth, one.scores),
    }
    assert {name: said[name] for name in expected} == pytest.approx(expected)


@settings(deadline=None, max_examples=30)
@given(judged(2))
def test_of_two_classes_one_is_told(one: Judged) -> None:
    said = figures(one, 1)
    assert said["roc_auc"] == pytest.approx(metrics.roc_auc_score(one.truth, one.scores[:, 1]))
    assert said["average_precision"] == pytest.approx(metrics.average_precision_score(one.truth, one.scores[:, 1]))


@settings(deadline=None, max_examples=30)
@given(judged())
def test_labels_below_their_threshold_are_neither_right_nor_lost(one: Judged) -> None:
    best = one.scores.argmax(axis=1)
    labels = np.where(one.scores.max(axis=1) >= one.thresholds[best], best, 3)
    said = figures(one, 2)["classes"]
    for name, word in enumerate(CLASSES):
        own = one.truth == name
        expected = {
            "recall": metrics.recall_score(own, labels == name, zero_division=np.nan),
            "precision": metrics.precision_score(own, labels == name, zero_division=np.nan),
            "unknown": np.mean(labels[own] == 3),
        }
        found = {key: np.nan if said[word][key] is None else said[word][key] for key in expected}
        assert found == pytest.approx(expected, nan_ok=True)
        assert said[word]["recall"] + said[word]["unknown"] + said[word]["lost"] == pytest.approx(1)


def test_false_alarms_are_counted_among_blank_images() -> None:
    scores = np.array([[0.9, 0.1], [0.1, 0.9], [0.8, 0.2], [0.7, 0.3], [0.2, 0.8]])
    truth = np.array([0, 0, 0, 0, 1])
    one = Judged(("blank", "leopard"), scores, truth, truth == 0, np.arange(5), np.array([0.5, 0.5]))
    said = figures(one, 1)["classes"]
    assert said["leopard"]["false_positives_per_1000_blank"] == 250
    assert said["blank"]["false_positives_per_1000_blank"] is None


def test_intervals_are_of_resampled_sequences() -> None:
    chance = np.random.default_rng(1)
    right, sequences = chance.random(40) < 0.7, np.repeat(np.arange(20), 2)
    right[1::2] = right[::2]
    scores = np.where(right[:, np.newaxis], [0.8, 0.2], [0.2, 0.8])
    one = Judged(("a", "b"), scores, np.zeros(40, int), np.zeros(40, bool), sequences, np.full(2, 0.5))
    low, high = figures(one, 0)["intervals"]["accuracy"]
    of_sequences = [chance.choice(right[::2], 20).mean() for _ in range(4000)]
    assert (low, high) == pytest.approx(np.percentile(of_sequences, (2.5, 97.5)), abs=0.051)
    alone = figures(Judged(one.classes, scores, one.truth, one.blank, np.arange(40), one.thresholds), 0)
    assert high - low > np.ptp(alone["intervals"]["accuracy"])


def test_many_images_are_resampled_in_lots_with_the_same_result(monkeypatch: pytest.MonkeyPatch) -> None:
    scores = np.random.default_rng(0).dirichlet([1, 1], 30)
    one = Judged(("a", "b"), scores, np.arange(30) % 2, np.zeros(30, bool), np.arange(30), np.full(2, 0.5))
    expected: Any = figures(one, 0)
    monkeypatch.setattr(ours, "_CELLS", 700)
    assert figures(one, 0)["intervals"]["log_loss"] == pytest.approx(expected["intervals"]["log_loss"], rel=0.05)


def test_what_cannot_be_told_is_none() -> None:
    one = Judged(("a", "b"), np.full((3, 2), 0.5), np.zeros(3, int), np.zeros(3, bool), np.arange(3), np.full(2, 0.6))
    said = figures(one, 0)
    assert (said["roc_auc"], said["intervals"]["roc_auc"]) == (None, None)
    assert said["classes"]["b"]["recall"] is None


def test_where_every_sequence_is_right_there_is_no_interval_to_give() -> None:
    scores = np.tile([0.8, 0.2], (12, 1))
    scores[6:] = [0.1, 0.9]
    one = Judged(("a", "b"), scores, np.repeat([0, 1], 6), np.zeros(12, bool), np.arange(12), np.full(2, 0.5))
    said = figures(one, 0)
    assert (said["accuracy"], said["intervals"]["accuracy"], said["intervals"]["log_loss"] is None) == (
        1.0,
        None,
        False,
    )


def test_a_class_that_is_not_there_takes_no_part_in_the_mean_over_classes() -> None:
    chance = np.random.default_rng(2)
    truth, scores = np.repeat([0, 2], 10), chance.dirichlet(np.ones(3), 20)
    said = figures(Judged(("a", "b", "c"), scores, truth, np.zeros(20, bool), np.arange(20), np.full(3, 0.5)), 0)
    assert said["classes"]["b"]["roc_auc"] is None
    assert said["roc_auc"] == pytest.approx((said["classes"]["a"]["roc_auc"] + said["classes"]["c"]["roc_auc"]) / 2)
