"""Scores of frames become one, as probabilities or as logits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.averaging import Averaging, Scores, averaged

CLASSES = ("blank", "ibex", "leopard")


def frame(*scores: float) -> Scores:
    return dict(zip(CLASSES, scores, strict=True))


@st.composite
def sequences(draw: st.DrawFn) -> list[Scores]:
    logits = draw(st.lists(st.lists(st.floats(-8, 8), min_size=3, max_size=3), min_size=1, max_size=9))
    return [frame(*(np.exp(row) / np.exp(row).sum()).round(6)) for row in logits]


@pytest.mark.parametrize("how", Averaging)
def test_one_frame_is_its_own_average(how: Averaging) -> None:
    assert averaged([frame(0.2, 0.3, 0.5)], CLASSES, how) == frame(0.2, 0.3, 0.5)


@pytest.mark.parametrize("how", Averaging)
@given(sequences())
def test_averages_sum_to_one_and_do_not_depend_on_the_order(how: Averaging, scored: list[Scores]) -> None:
    found = averaged(scored, CLASSES, how)
    assert sum(found.values()) == pytest.approx(1, abs=1e-5)
    assert found == pytest.approx(averaged(scored[::-1], CLASSES, how), abs=2e-6)


@given(sequences())
def test_averaged_logits_are_the_softmax_of_the_mean_of_logs(scored: list[Scores]) -> None:
    logs = np.log(np.maximum([[one[name] for name in CLASSES] for one in scored], 5e-7)).mean(axis=0)
    expected = np.exp(logs) / np.exp(logs).sum()
    np.testing.assert_allclose([*averaged(scored, CLASSES, Averaging.LOGITS).values()], expected, atol=1e-6)


def test_one_sure_frame_counts_for_more_in_logits() -> None:
    scored = [frame(0.001, 0.001, 0.998), frame(0.3, 0.4, 0.3), frame(0.3, 0.4, 0.3)]
    assert (
        averaged(scored, CLASSES, Averaging.LOGITS)["leopard"]
        > averaged(scored, CLASSES, Averaging.PROBABILITIES)["leopard"]
    )


def test_a_score_that_was_rounded_to_nothing_is_no_veto() -> None:
    assert averaged([frame(1, 0, 0), frame(0, 0, 1)], CLASSES, Averaging.LOGITS)["leopard"] == pytest.approx(
        0.5, abs=1e-3
    )
