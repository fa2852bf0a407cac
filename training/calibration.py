"""From logits that a classifier gave to sequences it never saw: temperature, averaging and thresholds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar

from shared.averaging import SMALLEST, Averaging
from training.aim import THRESHOLD, Aim, thresholds
from training.arrays import Indices, Rows
from training.classifier import probabilities
from training.sequences import averaged

RESAMPLES = 1_000
# Resampling fewer sequences than these draws the same few again and again, and is sure of anything.
ENOUGH = 30
# Temperatures beyond these say that the data cannot tell.
_COLDEST, _HOTTEST = 0.05, 20.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """How logits become scores and labels.

    `losses` are the log losses of sequences that were held out, by averaging, each with the temperature it likes best.
    """

    averaging: Averaging
    temperatures: dict[Averaging, float]
    thresholds: tuple[float, ...]
    losses: dict[str, float]

    @classmethod
    def none(cls, classes: int) -> Calibration:
        """Scores as they come, where there was nothing to choose by."""
        return cls(Averaging.PROBABILITIES, dict.fromkeys(Averaging, 1.0), (THRESHOLD,) * classes, {})

    @property
    def temperature(self) -> float:
        """What logits are divided by."""
        return self.temperatures[self.averaging]

    def scores(self, logits: Rows) -> Rows:
        """The score of each image and class."""
        return probabilities(logits / self.temperature)

    def by_sequence(self, logits: Rows, sequences: Indices) -> Rows:
        """The averaged scores of each sequence."""
        return averaged(self.scores(logits), sequences, self.averaging)


def calibrated(logits: Rows, sequences: Indices, shown: Indices, aim: Aim | None) -> Calibration:
    """The temperature with the lowest log loss of sequences, the averaging, and thresholds that reach the aim.

    `logits` is N × classes, of images by classifiers fitted without their sequence; `shown` is each sequence's class.
    A logit is divided by the temperature (Guo et al. 2017, On Calibration of Modern Neural Networks, section 4.2).
    Probabilities are averaged unless there are sequences enough, and logits are better on them beyond chance.
    """
    temperatures = {how: _temperature(logits, sequences, shown, how) for how in Averaging}
    scores = {how: averaged(probabilities(logits / temperatures[how]), sequences, how) for how in Averaging}
    each = {how: losses(scores[how], shown) for how in Averaging}
    gain = each[Averaging.LOGITS] - each[Averaging.PROBABILITIES]
    how = Averaging.LOGITS if len(shown) >= ENOUGH and difference(gain)[1] < 0 else Averaging.PROBABILITIES
    said = {str(one): float(loss.mean()) for one, loss in each.items()}
    said["uncalibrated"] = log_loss(averaged(probabilities(logits), sequences, Averaging.PROBABILITIES), shown)
    return Calibration(how, temperatures, tuple(thresholds(scores[how], shown, aim)), said)


def difference(gains: Rows) -> tuple[float, float]:
    """The 95 % interval of the mean of some gains, one a sequence, by resampling sequences."""
    chance = np.random.default_rng(0)
    means = [chance.choice(gains, len(gains)).mean() for _ in range(RESAMPLES)]
    low, high = np.percentile(means, (2.5, 97.5))
    return float(low), float(high)


def log_loss(scores: Rows, truth: Indices) -> float:
    """The mean of -log of the true class's score."""
    return float(losses(scores, truth).mean())


def losses(scores: Rows, truth: Indices) -> Rows:
    """-log of each row's true class's score; a score of nothing counts as what is rounded to nothing."""
    return np.asarray(-np.log(np.maximum(scores[np.arange(len(truth)), truth], SMALLEST)), np.float64)


def _temperature(logits: Rows, sequences: Indices, shown: Indices, how: Averaging) -> float:
    found = minimize_scalar(
        lambda log: log_loss(averaged(probabilities(logits / np.exp(log)), sequences, how), shown),
        bounds=(np.log(_COLDEST), np.log(_HOTTEST)),
        method="bounded",
    )
    # Four digits: what data can tell, and the same on any processor.
    return float(f"{np.exp(found.x):.4g}")
