"""Fitting the classifier of a head, and judging it on what it never saw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold
from threadpoolctl import threadpool_limits

from shared.errors import UnciaError
from training.aim import Aim
from training.arrays import Features, Indices, Rows
from training.calibration import Calibration, calibrated, log_loss
from training.classifier import Classifier, along, probabilities
from training.figures import Judged, figures
from training.part import Part
from training.sequences import numbered, shown

FOLDS = 5
# Inverse strength of regularisation. 2,048 scaled features on some hundred images want much of it.
STRENGTHS = (1e-4, 1e-3, 1e-2, 1e-1, 1.0)
# Where too few sequences leave nothing to cross-validate on.
DEFAULT_STRENGTH = 1e-2
_SMALL = 1_000


@dataclass(frozen=True, slots=True)
class Fitted:
    """A classifier and how it was chosen; `held_out` are the logits of each image by one that never saw its sequence.

    Where there was nothing to cross-validate on, `folds` is 0 and `held_out` and `score` (log loss) are None.
    """

    classes: tuple[str, ...]
    classifier: Classifier
    strength: float
    folds: int
    score: float | None
    held_out: Rows | None


class Learner(Protocol):
    """Whoever holds the images' features, and fits classifiers to some of them."""

    def along(self, learnt: Indices, strengths: Sequence[float]) -> list[Classifier]:
        """The classifier of each strength, fitted to these images."""

    def logits(self, classifiers: Sequence[Classifier], tried: Indices) -> Sequence[Rows]:
        """What each classifier says of these images, in their order."""


def fit(features: Features, part: Part, *, mirrored: Features | None = None) -> Fitted:
    """The classifier whose C has the lowest log loss, cross-validated with no sequence on both sides.

    `features` is N × n_features, of the part's N images; `mirrored` are those of the same images mirrored: they are
    learnt from too, and never judged. Raises UnciaError for fewer than two classes.
    """
    rows = np.asarray(features, np.float64)
    copies = None if mirrored is None else np.asarray(mirrored, np.float64)
    names = names_of(part)
    with threads(len(rows)):
        return chosen(part, _Memory(rows, copies, part.truth(names)))


def names_of(part: Part) -> tuple[str, ...]:
    """The classes of some images, in order; raises UnciaError for fewer than two."""
    names = sorted(set(part.classes))
    if len(names) < 2:
        raise UnciaError(f"a head needs at least two classes, the manifest has {', '.join(names) or 'none'}")
    return tuple(names)


@dataclass(frozen=True, slots=True)
class _Memory:
    """Features in memory, with those of mirrored copies where there are any; scikit-learn fits."""

    rows: Rows
    copies: Rows | None
    truth: Indices

    def along(self, learnt: Indices, strengths: Sequence[float]) -> list[Classifier]:
        if self.copies is None:
            return along(self.rows[learnt], self.truth[learnt], strengths)
        rows = np.concatenate([self.rows[learnt], self.copies[learnt]])
        return along(rows, np.tile(self.truth[learnt], 2), strengths)

    def logits(self, classifiers: Sequence[Classifier], tried: Indices) -> list[Rows]:
        own = self.rows[tried]
        return [one.logits(own) for one in classifiers]


def threads(images: int) -> threadpool_limits:
    """As many threads as matrices of so many rows are worth.

    Those that wait for each other in matrices of some hundred rows take ten times as long where cores are shared.
    """
    return threadpool_limits(1 if images <= _SMALL else None)


def chosen(part: Part, learner: Learner) -> Fitted:
    """The classifier whose C has the lowest log loss, whoever fits; raises UnciaError for fewer than two classes."""
    names = names_of(part)
    truth, groups = part.truth(names), numbered(part.sequences)
    folds, everything = _folds(truth, groups), np.arange(len(truth))
    judged = np.full((len(STRENGTHS), len(truth), len(names)), np.nan)
    for learnt, tried in _splits(truth, groups, folds):
        judged[:, tried] = learner.logits(learner.along(learnt, STRENGTHS), tried)
    if np.isnan(judged).any():
        (classifier,) = learner.along(everything, [DEFAULT_STRENGTH])
        return Fitted(names, classifier, DEFAULT_STRENGTH, 0, None, None)
    scores = [log_loss(probabilities(logits), truth) for logits in judged]
    best = int(np.argmin(scores))
    (classifier,) = learner.along(everything, [STRENGTHS[best]])
    return Fitted(names, classifier, STRENGTHS[best], folds, scores[best], judged[best])


def calibrate(fitted: Fitted, part: Part, aim: Aim | None) -> Calibration:
    """Temperature, averaging and thresholds from the part's images, each as it was judged when held out."""
    if fitted.held_out is None:
        return Calibration.none(len(fitted.classes))
    groups = numbered(part.sequences)
    return calibrated(fitted.held_out, groups, shown(part.truth(fitted.classes), part.blank, groups), aim)


def proof(fitted: Fitted, calibration: Calibration, part: Part) -> dict[str, Any]:
    """How well sequences were judged by the heads of the folds, which never saw them; nothing without folds."""
    if fitted.held_out is None:
        return {}
    truth, groups = part.truth(fitted.classes), numbered(part.sequences)
    scores, at = calibration.by_sequence(fitted.held_out, groups), shown(truth, part.blank, groups)
    empty, reach = np.bincount(groups, ~part.blank) == 0, np.array(calibration.thresholds)
    judged = Judged(fitted.classes, scores, at, empty, np.arange(len(at)), reach)
    rarest = int(np.bincount(truth).argmin())
    return {"images": len(truth), "sequences": len(at), "figures": figures(judged, rarest)}


def _folds(truth: Indices, groups: Indices) -> int:
    """As many as the rarest class has sequences, at most five; none below two."""
    folds = min(FOLDS, *Counter(one for one, _ in set(zip(truth.tolist(), groups.tolist(), strict=True))).values())
    return folds if folds > 1 else 0


def _splits(truth: Indices, groups: Indices, folds: int) -> Iterator[tuple[Indices, Indices]]:
    """The images to learn from and those to try on, where each side to learn from has every class."""
    if not folds:
        return
    for learnt, tried in StratifiedGroupKFold(folds, shuffle=True, random_state=0).split(truth, truth, groups):
        if len(np.unique(truth[learnt])) == truth.max() + 1:
            yield learnt, tried
