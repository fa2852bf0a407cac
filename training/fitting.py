"""Fitting the classifier of a head, and judging it on what it never saw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

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


def fit(features: Features, part: Part, *, mirrored: Features | None = None) -> Fitted:
    """The classifier whose C has the lowest log loss, cross-validated with no sequence on both sides.

    `features` is N × n_features, of the part's N images; `mirrored` are those of the same images mirrored: they are
    learnt from too, and never judged. Raises UnciaError for fewer than two classes.
    """
    names, truth = np.unique(np.asarray(part.classes, np.str_), return_inverse=True)
    if len(names) < 2:
        raise UnciaError(f"a head needs at least two classes, the manifest has {', '.join(names) or 'none'}")
    rows = np.asarray(features, np.float64)
    copies = None if mirrored is None else np.asarray(mirrored, np.float64)
    with threads(len(rows)):
        return _chosen(tuple(map(str, names)), rows, copies, truth, numbered(part.sequences))


def threads(images: int) -> threadpool_limits:
    """As many threads as matrices of so many rows are worth.

    Those that wait for each other in matrices of some hundred rows take ten times as long where cores are shared.
    """
    return threadpool_limits(1 if images <= _SMALL else None)


def _chosen(names: tuple[str, ...], rows: Rows, copies: Rows | None, truth: Indices, groups: Indices) -> Fitted:
    folds, everything = _folds(truth, groups), np.arange(len(truth))
    judged = np.full((len(STRENGTHS), len(truth), len(names)), np.nan)
    for learnt, tried in _splits(truth, groups, folds):
        own = rows[tried]
        for place, one in enumerate(along(*_with_copies(rows, copies, truth, learnt), STRENGTHS)):
            judged[place, tried] = one.logits(own)
    if np.isnan(judged).any():
        (classifier,) = along(*_with_copies(rows, copies, truth, everything), [DEFAULT_STRENGTH])
        return Fitted(names, classifier, DEFAULT_STRENGTH, 0, None, None)
    scores = [log_loss(probabilities(logits), truth) for logits in judged]
    best = int(np.argmin(scores))
    (classifier,) = along(*_with_copies(rows, copies, truth, everything), [STRENGTHS[best]])
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


def _with_copies(rows: Rows, copies: Rows | None, truth: Indices, learnt: Indices) -> tuple[Rows, Indices]:
    if copies is None:
        return rows[learnt], truth[learnt]
    return np.concatenate([rows[learnt], copies[learnt]]), np.tile(truth[learnt], 2)
