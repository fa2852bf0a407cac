"""Thresholds reach what is aimed at, on the scores that they were chosen by."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import UnciaError
from training.aim import Aim, thresholds

SHARES = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99])


@st.composite
def judged(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    images, classes = draw(st.integers(1, 60)), draw(st.integers(2, 4))
    chance = np.random.default_rng(draw(st.integers(0, 999)))
    truth = chance.integers(0, classes, images)
    powers = np.exp(chance.normal(0, 1.5, (images, classes)) + draw(st.floats(0, 3)) * np.eye(classes)[truth])
    return (powers / powers.sum(axis=1, keepdims=True)).round(6), truth


def labelled(scores: np.ndarray, reach: list[float]) -> np.ndarray:
    """The index of each label, -1 where it is unknown: the rule of shared.label."""
    best = scores.argmax(axis=1)
    return np.where(scores.max(axis=1) >= np.array(reach)[best], best, -1)


@given(judged(), SHARES)
def test_no_class_loses_more_than_the_recall_allows(one: tuple[np.ndarray, np.ndarray], share: float) -> None:
    scores, truth = one
    reach = thresholds(scores, truth, Aim("recall", share))
    labels = labelled(scores, reach)
    for name in set(truth.tolist()):
        own = labels[truth == name]
        assert np.mean((own == name) | (own == -1)) >= share or 1.0 in reach


@given(judged(), SHARES)
def test_labels_are_as_often_right_as_the_precision_asks(one: tuple[np.ndarray, np.ndarray], share: float) -> None:
    scores, truth = one
    labels = labelled(scores, thresholds(scores, truth, Aim("precision", share)))
    for name in set(labels.tolist()) - {-1}:
        assert np.mean(truth[labels == name] == name) >= share or scores.max() == 1


@given(judged(), SHARES)
def test_thresholds_are_no_higher_than_they_need_be(one: tuple[np.ndarray, np.ndarray], share: float) -> None:
    scores, truth = one
    reach = thresholds(scores, truth, Aim("recall", share))
    for name, threshold in enumerate(reach):
        lower = [*reach[:name], threshold - 1.5e-6, *reach[name + 1 :]]
        labels = labelled(scores, lower)
        kept = [np.mean((labels[truth == one] == one) | (labels[truth == one] == -1)) for one in set(truth.tolist())]
        assert threshold == 0 or min(kept) < share or threshold == 1


def test_a_threshold_is_above_a_score_that_binary_fractions_cannot_hold() -> None:
    # 0.519067 / 1e-6 is 519066.99…: one step more than its whole part is the score itself.
    scores = np.array([[0.519067, 0.480933], [0.2, 0.8]])
    assert thresholds(scores, np.array([1, 1]), Aim("recall", 0.99)) == [0.519068, 0.0]


def test_without_an_aim_a_label_is_likelier_than_all_else() -> None:
    assert thresholds(np.full((2, 3), 1 / 3), np.array([0, 1]), None) == [0.5] * 3


@pytest.mark.parametrize("text", ["recall=0.95", "precision=0.9"])
def test_an_aim_is_read_as_it_is_written(text: str) -> None:
    assert str(Aim.parse(text)) == text


@pytest.mark.parametrize("text", ["", "recall", "recall=", "recall=1", "recall=0", "recall=nan", "accuracy=0.9", "x=y"])
def test_what_is_no_aim_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(UnciaError, match=r"say recall=0\.95 or precision=0\.95"):
        Aim.parse(text)
