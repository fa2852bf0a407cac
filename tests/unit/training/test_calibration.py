"""Temperature and averaging follow from what was held out."""

from __future__ import annotations

import numpy as np
import pytest

from shared.averaging import Averaging
from training.aim import Aim
from training.arrays import Rows
from training.calibration import ENOUGH, Calibration, calibrated, difference, log_loss
from training.classifier import probabilities
from training.sequences import averaged


def bursts(heat: float, frames: int, seed: int = 0, number: int = 400) -> tuple[Rows, Rows, Rows]:
    """Logits, too sure by a factor, of sequences whose class is drawn by the logits that they truly have."""
    chance = np.random.default_rng(seed)
    logits = chance.normal(0, 1.5, (number, 2))
    shown = (chance.random(number) < probabilities(logits)[:, 1]).astype(int)
    return np.repeat(logits, frames, axis=0) * heat, np.repeat(np.arange(number), frames), shown


@pytest.mark.parametrize("heat", [0.5, 1.0, 4.0])
def test_the_temperature_undoes_what_is_too_sure(heat: float) -> None:
    found = calibrated(*bursts(heat, frames=1), None)
    assert found.temperature == pytest.approx(heat, rel=0.25)


@pytest.mark.parametrize("frames", [1, 3])
def test_calibrated_scores_lose_less_than_those_that_came(frames: int) -> None:
    logits, sequences, shown = bursts(5.0, frames)
    found = calibrated(logits, sequences, shown, None)
    assert log_loss(found.by_sequence(logits, sequences), shown) < found.losses["uncalibrated"] * 0.9


def test_logits_are_averaged_only_where_they_are_clearly_better() -> None:
    chance = np.random.default_rng(3)
    shown = np.arange(300) % 2
    # Each frame has evidence of its own: logits add up, and a few sure frames are worth more than many unsure ones.
    logits = np.zeros((1500, 2))
    logits[:, 1] = chance.normal(2 * np.repeat(shown, 5) - 1, 1) * np.where(np.arange(1500) % 5, 0.3, 6)
    sequences = np.repeat(np.arange(300), 5)
    assert calibrated(logits, sequences, shown, None).averaging is Averaging.LOGITS
    few = slice(0, 5 * ENOUGH - 5)
    assert calibrated(logits[few], sequences[few], shown[: ENOUGH - 1], None).averaging is Averaging.PROBABILITIES


def test_one_frame_a_sequence_leaves_nothing_to_choose() -> None:
    assert calibrated(*bursts(1, frames=1), None).averaging is Averaging.PROBABILITIES


def test_thresholds_are_those_of_averaged_calibrated_scores() -> None:
    logits, sequences, shown = bursts(3, frames=4)
    found = calibrated(logits, sequences, shown, Aim("precision", 0.95))
    scores = averaged(probabilities(logits / found.temperature), sequences, found.averaging)
    labelled = (scores >= found.thresholds) & (scores == scores.max(axis=1, keepdims=True))
    for name in (0, 1):
        assert np.mean(shown[labelled[:, name]] == name) >= 0.95


def test_without_anything_held_out_scores_stay_as_they_come() -> None:
    logits = np.array([[1.0, 2.0], [0, 0]])
    np.testing.assert_array_equal(Calibration.none(2).scores(logits), probabilities(logits))


def test_a_difference_that_is_always_there_is_certain() -> None:
    assert difference(np.full(9, 0.25)) == (0.25, 0.25)
