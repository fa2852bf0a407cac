from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.averaging import Averaging
from shared.label import UNKNOWN, label
from tests.unit.shared.making import seen
from tests.unit.training.evaluated import evaluation
from training import outcomes
from training.outcomes import NONE, Tally

TRUTH = np.array([0, 0, 0, 1, 1, 1])
SCORES = np.array([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8], [0.3, 0.7], [0.45, 0.55], [0.95, 0.05]])


class Judge:
    version, classes, recipe, averaging = "head 1", ("blank", "leopard"), None, Averaging.PROBABILITIES

    def __init__(self, blank: float, leopard: float) -> None:
        self.thresholds = {"blank": blank, "leopard": leopard}


@given(st.integers(0, 100), st.integers(0, 100), st.integers(0, 100))
def test_the_report_labels_as_the_pipeline_does(score: int, blank: int, leopard: int) -> None:
    thresholds = np.array([blank, leopard]) / 100
    frame = seen(leopard=score / 100)
    assert frame.scores
    made = label([frame], Judge(*thresholds)).label  # type: ignore[arg-type]
    which = outcomes.labelled(np.array([[frame.scores["blank"], frame.scores["leopard"]]]), thresholds)[0]
    assert made == (UNKNOWN if which == NONE else ("blank", "leopard")[which])


def test_each_sequence_of_a_class_is_found_left_or_missed() -> None:
    labels = outcomes.labelled(SCORES, np.array([0.7, 0.7]))
    assert labels.tolist() == [0, NONE, 1, 1, NONE, 0]
    counted = outcomes.tally(labels, TRUTH, TRUTH == 0, 1)
    assert counted == Tally(true=3, found=1, by_hand=1, missed=1, called=2, false_alarms=1000 / 3)
    assert counted.wrong == 1


def test_blanks_that_belong_to_a_class_raise_no_false_alarm() -> None:
    assert outcomes.tally(TRUTH, TRUTH, TRUTH == 0, 0).false_alarms is None


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_higher_threshold_never_finds_more_nor_misses_more(one: float, other: float) -> None:
    low, high = (
        outcomes.tally(outcomes.labelled(SCORES, np.full(2, each)), TRUTH, TRUTH == 0, 1)
        for each in sorted((one, other))
    )
    assert high.found <= low.found
    assert high.missed <= low.missed
    assert high.by_hand >= low.by_hand


def test_the_last_column_of_the_confusion_matrix_is_unknown() -> None:
    labels = np.array([0, NONE, 1, 1, NONE, NONE])
    assert outcomes.confusion(labels, TRUTH, 2).tolist() == [[1, 1, 1], [0, 1, 2]]


def test_the_surest_mistake_comes_first() -> None:
    assert outcomes.mistakes(SCORES, np.array([0, NONE, 1, 1, NONE, 0]), TRUTH) == [5, 2]


def test_a_sequence_is_blank_when_none_of_its_images_shows_anything() -> None:
    of = evaluation(sequences=30)
    assert outcomes.blanks(of).tolist() == (of.sequence_truth == 0).tolist()


@pytest.mark.parametrize("classes", [("blank", "fox", "lynx"), ("cat", "other")])
def test_cameras_add_up_and_the_worst_is_first(classes: tuple[str, ...]) -> None:
    of = evaluation(classes, cameras=("a", "b", "c"), sequences=90, seed=4)
    labels = outcomes.labelled(of.rungs["RN2"].by_sequence, np.full(len(classes), 0.5))
    places = outcomes.places(of, labels, outcomes.members(of))
    assert sum(place.sequences for place in places) == 90
    assert sum(place.right for place in places) == int((labels == of.sequence_truth).sum())
    assert [place.wrong for place in places] == sorted((place.wrong for place in places), reverse=True)
    for place in places:
        wrong = place.missed + (place.false_alarms or 0)
        assert place.right + place.by_hand + wrong == place.sequences
        assert (place.false_alarms is None) == ("blank" not in classes)


def test_images_of_a_sequence_are_in_order_of_time() -> None:
    of = evaluation(sequences=9)
    order = np.random.default_rng(0).permutation(len(of.examples))
    examples = tuple(of.examples[image] for image in order)
    mixed = replace(of, examples=examples, sequences=of.sequences[order])
    for own in outcomes.members(mixed):
        times = [mixed.examples[image].captured_at for image in own]
        assert times == sorted(times)  # type: ignore[type-var]
