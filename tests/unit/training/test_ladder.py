"""Five rungs on one split: each is tried on the same images, and the last one averages."""

from __future__ import annotations

import numpy as np
import pytest

from tests.unit.training.learning import TWO, observed, part
from training import ladder
from training.aim import Aim
from training.comparison import compared
from training.evaluation import Rung, intervals
from training.ladder import RUNGS, Climbed, Inputs, Trial, climb

LEARNT, TRIED = np.arange(0, 96), np.arange(96, 144)


def climbed(aim: Aim | None = None, steps: list[str] | None = None) -> Climbed:
    chance = np.random.default_rng(0)
    features, known = observed(TWO, sequences=24, apart=2)
    order = np.argsort([int(one.rpartition("~")[2]) for one in known.sequences], kind="stable")
    features, known = features[order], known.some(order)
    noise = chance.normal(0, 1, (len(features), 9))
    inputs = Inputs(
        grey=lambda places: noise[places],
        logits=lambda places: features[places, :1],
        features=lambda places: features[places],
        mirrored=lambda places: features[places] + np.float16(0.01),
    )
    test = Trial.of(known.some(TRIED), TWO, "leopard")
    return climb(known.some(LEARNT), test, inputs, (LEARNT, TRIED), aim, (steps if steps is not None else []).append)


def test_the_rungs_are_made_in_order_and_told_of() -> None:
    steps: list[str] = []
    assert tuple(climbed(steps=steps).rungs) == tuple(steps) == RUNGS


def test_with_e_each_image_takes_its_sequences_scores() -> None:
    found = climbed()
    last, before = found.rungs["RN2+A+E"], found.rungs["RN2+A"]
    np.testing.assert_array_equal(last.scores[::3], last.scores[2::3])
    assert not np.array_equal(before.scores[::3], before.scores[2::3])
    expected = found.calibration.by_sequence(found.logits, np.repeat(np.arange(16), 3))
    np.testing.assert_allclose(np.sort(last.by_sequence, axis=0), np.sort(expected, axis=0))


def test_without_e_a_sequence_is_its_first_image() -> None:
    rung = climbed().rungs["RN2"]
    assert {tuple(row) for row in rung.by_sequence} == {tuple(row) for row in rung.scores[::3]}
    assert (rung.image["n"], rung.sequence["n"]) == (48, 16)


def test_what_is_noise_is_no_better_than_chance_and_what_is_not_is() -> None:
    rungs = climbed().rungs
    low, high = rungs["L120"].image["intervals"]["roc_auc"]
    assert low < 0.5 < high
    assert rungs["RN2"].image["roc_auc"] > 0.75


def test_every_rung_has_thresholds_of_its_own_for_the_aim() -> None:
    found = climbed(Aim("precision", 0.9)).rungs
    reach = {name: rung.image["classes"]["leopard"]["threshold"] for name, rung in found.items()}
    assert reach["L120"] > reach["RN2"]


def test_of_many_images_pixels_are_learnt_from_a_few_of_each_class(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ladder, "MOST_GREY", 10)
    chosen = ladder._at_most(10, ["a"] * 95 + ["b"] * 5)
    assert len(chosen) <= 12
    assert chosen[-1] >= 95
    assert climbed().rungs["RN2"].strength


def test_images_are_numbered_by_their_class_and_sequence() -> None:
    test = Trial.of(part(["leopard", "blank", "blank"], ["t", "s", "t"]), ("blank", "leopard"), "leopard")
    assert (test.truth.tolist(), test.sequences.tolist(), test.shown.tolist()) == ([1, 0, 0], [1, 0, 1], [0, 1])
    assert (test.first.tolist(), test.positive) == ([1, 0], 1)


def test_averagings_are_compared_on_the_test_part_in_one_sentence() -> None:
    found = climbed()
    shown, sequences = np.arange(16) % 2, np.repeat(np.arange(16), 3)
    said = compared(found.calibration, found.logits, sequences, shown, 1)
    assert said["used"] == "probabilities"
    assert all(said[name]["log_loss"] > 0 for name in ("probabilities", "logits", "uncalibrated"))
    low, high = said["difference"]["log_loss"]
    assert low <= said["logits"]["log_loss"] - said["probabilities"]["log_loss"] <= high
    assert said["said"].startswith("On the test part ")


def test_figures_are_read_with_their_interval() -> None:
    rung: Rung = climbed().rungs["RN2"]
    accuracy, alarms = intervals(rung.image | {"alarms": None}, "accuracy", "roc_auc")
    assert accuracy.startswith(f"{rung.image['accuracy']:.3f} (")
    assert "–" in alarms
