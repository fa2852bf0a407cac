"""The ladder: L120, RN1, RN2, RN2+A and RN2+A+E, fitted on one part of the images and tried on the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from training.aim import Aim, thresholds
from training.arrays import Features, Indices, Rows
from training.calibration import Calibration
from training.classifier import probabilities
from training.evaluation import Rung
from training.figures import Judged, figures
from training.fitting import Fitted, calibrate, fit
from training.part import Part
from training.sequences import first, numbered, shown

RUNGS = ("L120", "RN1", "RN2", "RN2+A", "RN2+A+E")
# 14,400 pixels a picture: more would be gigabytes, for the rung that is there to be beaten.
MOST_GREY = 5_000


type See = Callable[[Indices], Features]


@dataclass(frozen=True, slots=True)
class Inputs:
    """What each rung sees of N images: called when its turn comes, so that one at a time is in memory."""

    grey: See  #: N × 14,400
    logits: See  #: N × n_logits
    features: See  #: N × n_features
    mirrored: See  #: N × n_features, of the images mirrored


@dataclass(frozen=True, slots=True)
class Climbed:
    """The rungs, and what the last one was calibrated to."""

    rungs: dict[str, Rung]
    fitted: Fitted
    calibration: Calibration
    logits: Rows  #: of the last rung, test images × classes


@dataclass(frozen=True, slots=True)
class Trial:
    """The images that every rung is tried on."""

    part: Part
    truth: Indices
    sequences: Indices
    shown: Indices
    first: Indices
    positive: int

    @classmethod
    def of(cls, part: Part, names: Sequence[str], positive: str) -> Trial:
        """The part by numbers, its classes being among the names."""
        truth, sequences = part.truth(names), numbered(part.sequences)
        at = shown(truth, part.blank, sequences)
        return cls(part, truth, sequences, at, first(sequences), list(names).index(positive))


def climb(
    train: Part,
    trial: Trial,
    inputs: Inputs,
    places: tuple[Indices, Indices],
    aim: Aim | None,
    step: Callable[[str], None],
) -> Climbed:
    """Every rung in order; `places` are the train and the test images, `step` is told each rung before it is made."""
    learnt, tried = places
    some = _at_most(MOST_GREY, train.classes)
    everything = np.arange(len(learnt))
    alone = (
        (RUNGS[0], inputs.grey, some, None),
        (RUNGS[1], inputs.logits, everything, None),
        (RUNGS[2], inputs.features, everything, None),
        (RUNGS[3], inputs.features, everything, inputs.mirrored),
    )
    rungs: dict[str, Rung] = {}
    for name, see, chosen, copy in alone:
        step(name)
        part, own = train.some(chosen), learnt[chosen]
        fitted = fit(see(own), part, mirrored=copy(own) if copy else None)
        logits = fitted.classifier.logits(see(tried))
        rungs[name] = _by_image(name, fitted, logits, part, trial, aim)
    step(RUNGS[-1])
    # E is the same classifier as RN2+A, the last one fitted.
    calibration = calibrate(fitted, train, aim)
    rungs[RUNGS[-1]] = _by_sequence(fitted, calibration, logits, trial)
    return Climbed(rungs, fitted, calibration, logits)


def _at_most(number: int, classes: Sequence[str]) -> Indices:
    """Places of so many images at most, of each class its share and at least one."""
    order = np.argsort(np.array(classes), kind="stable")
    evenly = order[:: -(-len(order) // number)]
    return np.union1d(evenly, np.unique(np.array(classes), return_index=True)[1])


def _by_image(name: str, fitted: Fitted, logits: Rows, train: Part, trial: Trial, aim: Aim | None) -> Rung:
    """A rung without E: scores as they come; a sequence is what its first image says."""
    scores, reach = probabilities(logits), np.array(Calibration.none(len(fitted.classes)).thresholds)
    if fitted.held_out is not None:
        truth = train.truth(fitted.classes)
        reach = np.array(thresholds(probabilities(fitted.held_out), truth, aim))
    return _rung(name, fitted, scores, scores[trial.first], reach, trial)


def _by_sequence(fitted: Fitted, calibration: Calibration, logits: Rows, trial: Trial) -> Rung:
    """The rung with E: each image takes its sequence's scores."""
    by_sequence = calibration.by_sequence(logits, trial.sequences)
    reach = np.array(calibration.thresholds)
    return _rung(RUNGS[-1], fitted, by_sequence[trial.sequences], by_sequence, reach, trial)


def _rung(name: str, fitted: Fitted, scores: Rows, by_sequence: Rows, reach: Rows, trial: Trial) -> Rung:
    images = Judged(fitted.classes, scores, trial.truth, trial.part.blank, trial.sequences, reach)
    empty = np.bincount(trial.sequences, ~trial.part.blank) == 0
    whole = replace(images, scores=by_sequence, truth=trial.shown, blank=empty, sequences=np.arange(len(by_sequence)))
    return Rung(
        name, fitted.strength, scores, by_sequence, figures(images, trial.positive), figures(whole, trial.positive)
    )
