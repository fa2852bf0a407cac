"""Images of one sequence are averaged as labels are, and show what the most of them show."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.averaging import Averaging
from shared.averaging import averaged as in_labels
from training.sequences import averaged, first, numbered, shown

CLASSES = ("blank", "ibex", "leopard")


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0, 1), st.floats(0, 1)), min_size=1), st.sampled_from(Averaging))
def test_averages_are_those_of_labels(drawn: list[tuple[int, float, float]], how: Averaging) -> None:
    sequences = numbered([str(number) for number, _, _ in drawn])
    raw = np.array([[1, one, other] for _, one, other in drawn])
    scores = (raw / raw.sum(axis=1, keepdims=True)).round(6)
    for number, found in enumerate(averaged(scores, sequences, how)):
        frames = [dict(zip(CLASSES, map(float, row), strict=True)) for row in scores[sequences == number]]
        np.testing.assert_allclose(found, [*in_labels(frames, CLASSES, how).values()], atol=2e-6)


@pytest.mark.parametrize(
    ("images", "expected"),
    [
        (["blank"], "blank"),
        (["blank", "blank", "blank", "leopard"], "leopard"),
        (["ibex", "leopard", "leopard"], "leopard"),
        (["leopard", "ibex", "blank"], "ibex"),
    ],
)
def test_a_sequence_shows_its_most_frequent_class_and_is_blank_only_as_a_whole(
    images: list[str], expected: str
) -> None:
    truth = np.array([CLASSES.index(name) for name in images])
    found = shown(truth, truth == 0, np.zeros(len(images), int))
    assert [CLASSES[one] for one in found] == [expected]


def test_blank_images_count_as_such_whatever_class_they_are_put_in() -> None:
    cat, other = 0, 1
    found = shown(np.array([other, other, cat]), np.array([True, True, False]), np.zeros(3, int))
    assert found.tolist() == [cat]


def test_each_sequence_has_a_first_image() -> None:
    assert first(numbered(["b", "a", "b", "a"])).tolist() == [1, 0]
