"""Two heads are compared on the same sequences by the stated aim; the figures are those of plain definitions."""

from __future__ import annotations

import tracemalloc
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import balanced_accuracy_score, precision_recall_curve

from shared.averaging import Averaging
from shared.recipe import Recipe
from training.aim import Aim
from training.contest import RESAMPLES, Contest, _drawn, contest, measure, shown
from training.lessons import Lessons

NAMES = ("blank", "leopard")
TRUTHS = st.lists(st.integers(0, 1), min_size=4, max_size=30).filter(lambda truth: 0 < sum(truth) < len(truth))


class Contestant:
    """A head whose score of a leopard is the first feature, to a power."""

    classes: tuple[str, ...] = NAMES
    averaging = Averaging.PROBABILITIES

    def __init__(self, power: float = 1.0) -> None:
        self.power = power

    def scores(self, features: Any) -> list[dict[str, float]]:
        return [{"leopard": float(row[0]) ** self.power, "blank": 1 - float(row[0]) ** self.power} for row in features]


def lessons(leopard: Sequence[float], truth: Sequence[int], sequences: Sequence[str] = ()) -> Lessons:
    names = tuple(NAMES[one] for one in truth)
    return Lessons(
        recipe=Recipe("sha"), backbone_name="tiny", features=np.array(leopard, np.float16)[:, None], classes=names,
        sequences=tuple(sequences) or tuple(map(str, range(len(truth)))), cameras=("a",) * len(truth),
        blank=np.array([one == 0 for one in truth]),
    )  # fmt: skip


def two_columns(leopard: Sequence[float]) -> Any:
    return np.stack([1 - np.array(leopard), np.array(leopard)], axis=1)


@given(TRUTHS, st.randoms(use_true_random=False))
def test_without_an_aim_it_is_scikit_learns_balanced_accuracy(truth: list[int], chance: Any) -> None:
    scores = two_columns([chance.choice((0.1, 0.3, 0.7, 0.9)) for _ in truth])
    ours = measure(scores, np.array(truth), None, np.ones((1, len(truth))))
    assert ours == pytest.approx([balanced_accuracy_score(truth, scores.argmax(axis=1))])


@pytest.mark.parametrize("aim", [Aim("recall", 0.7), Aim("precision", 0.7)], ids=str)
@given(TRUTHS, st.randoms(use_true_random=False))
def test_at_an_aim_it_is_the_best_of_scikit_learns_curve(aim: Aim, truth: list[int], chance: Any) -> None:
    scores = two_columns([chance.choice((0.1, 0.3, 0.5, 0.7, 0.9)) for _ in truth])
    best = []
    for name in range(2):
        precision, recall, _ = precision_recall_curve(np.array(truth) == name, scores[:, name])
        precision, recall = precision[:-1], recall[:-1]  # its last point has no threshold
        reached, wanted = (recall, precision) if aim.kind == "recall" else (precision, recall)
        best.append(max(wanted[reached >= aim.share], default=0.0))
    assert measure(scores, np.array(truth), aim, np.ones((1, len(truth)))) == pytest.approx([np.mean(best)])


@given(TRUTHS, st.randoms(use_true_random=False), st.sampled_from([None, Aim("recall", 0.7), Aim("precision", 0.7)]))
def test_a_sequence_drawn_twice_counts_as_two(truth: list[int], chance: Any, aim: Aim | None) -> None:
    scores = two_columns([chance.random() for _ in truth])
    counts = np.array([chance.choice((0, 1, 2)) for _ in truth])
    counts[truth.index(0)] = counts[truth.index(1)] = 1
    places = np.repeat(np.arange(len(truth)), counts)
    drawn = measure(scores, np.array(truth), aim, counts[None].astype(float))
    assert drawn == pytest.approx(measure(scores[places], np.array(truth)[places], aim, np.ones((1, len(places)))))


def test_the_same_head_has_no_lead_over_itself() -> None:
    held = contest(Contestant(), Contestant(), lessons([0.2, 0.6, 0.4, 0.8] * 5, [0, 0, 1, 1] * 5), None)
    assert (held.lead, held.low, held.high, held.sequences) == (0, 0, 0, 20)


def test_equal_figures_are_no_lead_however_their_sums_were_rounded() -> None:
    three = 0.1 + 0.2 + 0.3  # 0.6000000000000001: recalls of three classes, in another order
    assert Contest(0.3 + 0.2 + 0.1, three, -0.1, 0.1, 30).lead == 0


def test_a_better_head_leads_with_an_interval_around_its_lead() -> None:
    known = lessons([0.55, 0.6, 0.8, 0.9] * 10, [0, 0, 1, 1] * 10)
    held = contest(Contestant(), Contestant(power=2), known, None)
    assert (held.champion, held.challenger) == (0.5, 1.0)
    assert 0 < held.low <= held.lead <= held.high
    assert contest(Contestant(power=2), Contestant(), known, None).lead == -0.5
    assert contest(Contestant(), Contestant(power=2), known, None) == held


def test_a_sequence_is_judged_by_the_average_of_its_frames() -> None:
    known = lessons([0.9, 0.2, 0.9, 0.1], [1, 1, 1, 0], ["one", "one", "one", "two"])
    assert contest(Contestant(), Contestant(), known, None).champion == 1.0


@pytest.mark.parametrize(
    ("truth", "name"), [([0, 0, 1], "leopard"), ([0, 0], "blank"), ([1, 1, 0], "leopard"), ([0], "blank")]
)
def test_a_sequence_shows_what_its_frames_show_that_are_not_blank(truth: list[int], name: str) -> None:
    assert shown(lessons([0.5] * len(truth), truth, ["s"] * len(truth))) == {"s": name}


def test_resampling_many_sequences_holds_one_lot_at_a_time() -> None:
    tracemalloc.start()
    assert sum(len(lot) for lot in _drawn(5_000)) == RESAMPLES
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < RESAMPLES * 5_000 * 8 / 2
