"""How good scores are, with intervals: every figure of the ladder, resampled by sequence.

scikit-learn has each of these for one sample; here each is computed for a thousand resamples at once, as weights of the
images, which is a hundred times faster than a thousand calls. Tests hold them against scikit-learn's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.arrays import Indices, Rows
from training.calibration import losses

RESAMPLES = 1_000
# Some 100 MB of weights at once.
_CELLS = 12_000_000

type Figures = dict[str, Any]
type Weights = NDArray[np.float64]
type Measure = Callable[[Weights], Rows]


@dataclass(frozen=True, slots=True)
class Judged:
    """Scores (N × classes) of images or of sequences, with what is true of them."""

    classes: tuple[str, ...]
    scores: Rows
    truth: Indices
    blank: NDArray[np.bool_]
    sequences: Indices  #: resampled together
    thresholds: Rows

    @property
    def labels(self) -> Indices:
        """The label of each, as an index of classes; -1 where it is unknown."""
        best = self.scores.argmax(axis=1)
        reached = self.scores[np.arange(len(best)), best] >= self.thresholds[best]
        return np.where(reached, best, -1)


def figures(judged: Judged, positive: int) -> Figures:
    """Every figure with its 95 % interval; None where one cannot be told, as where all resamples agree.

    `positive` is the class of a two-class AP. With more than two classes, ROC AUC and average precision are the mean
    over the classes there are, one against the rest.
    """
    curves = [(auc(judged, name), average_precision(judged, name)) for name in range(len(judged.classes))]
    several = len(judged.classes) > 2
    chosen = np.unique(judged.truth).tolist() if several else [positive]
    overall: dict[str, Measure] = {
        "accuracy": accuracy(judged),
        "balanced_accuracy": balanced_accuracy(judged),
        "roc_auc": _mean([curves[name][0] for name in chosen]),
        "average_precision": _mean([curves[name][1] for name in chosen]),
        "log_loss": _average(losses(judged.scores, judged.truth), np.ones(len(judged.truth), bool)),
    }
    classes: list[dict[str, Measure]] = [
        by_class(judged, name) | {"roc_auc": curves[name][0], "average_precision": curves[name][1]}
        for name in range(len(judged.classes))
    ]
    told = _told([overall, *classes], judged.sequences)
    counts = np.bincount(judged.truth, minlength=len(judged.classes)).tolist()
    return {"n": len(judged.truth)} | told[0] | {
        "classes": {
            name: {"n": count, "threshold": float(threshold)} | found
            for name, count, threshold, found in zip(judged.classes, counts, judged.thresholds, told[1:], strict=True)
        }
    }  # fmt: skip


def accuracy(judged: Judged) -> Measure:
    """The share whose likeliest class is the true one."""
    return _average(judged.scores.argmax(axis=1) == judged.truth, np.ones(len(judged.truth), bool))


def balanced_accuracy(judged: Judged) -> Measure:
    """The same for each class there is, averaged over classes."""
    right = judged.scores.argmax(axis=1) == judged.truth
    return _mean([_average(right, judged.truth == name) for name in np.unique(judged.truth)])


def by_class(judged: Judged, name: int) -> dict[str, Measure]:
    """What labels do for one class; `lost` is the share labelled as another, `unknown` the one left to a person."""
    labels, own = judged.labels, judged.truth == name
    found = {
        "precision": _average(own, labels == name),
        "recall": _average(labels == name, own),
        "unknown": _average(labels == -1, own),
        "lost": _average((labels != name) & (labels != -1), own),
    }
    # A class that blank images belong to by the rules has no false alarms among them.
    empty = judged.blank & ~own
    alarms = _average(labels == name, empty if not (judged.blank & own).any() else np.zeros(len(own), bool))
    return found | {"false_positives_per_1000_blank": lambda weights: 1000 * alarms(weights)}


def auc(judged: Judged, name: int) -> Measure:
    """The chance that an image of the class scores above another one; ties count half (Mann and Whitney 1947)."""
    scores, own = judged.scores[:, name], judged.truth == name
    order, starts = _ranked(scores)

    def measure(weights: Weights) -> Rows:
        hits, others = _grouped(weights[:, order], own[order], starts)
        below = np.cumsum(others, axis=1) - others / 2
        return np.asarray((hits * below).sum(axis=1) / (hits.sum(axis=1) * others.sum(axis=1)))

    return measure


def auc_of(scores: Rows, truth: Indices, name: int) -> float | None:
    """The ROC AUC of one class, one against the rest; None where there is only one side."""
    nothing = np.zeros(len(truth), np.intp)
    judged = Judged((), scores, truth, nothing.astype(bool), nothing, np.zeros(scores.shape[1]))
    with np.errstate(invalid="ignore"):
        return _finite(auc(judged, name)(np.ones((1, len(truth))))[0])


def average_precision(judged: Judged, name: int) -> Measure:
    """Precision averaged over the images of the class, from the highest score down."""
    order, starts = _ranked(-judged.scores[:, name])
    own = (judged.truth == name)[order]

    def measure(weights: Weights) -> Rows:
        hits, others = _grouped(weights[:, order], own, starts)
        found = np.cumsum(hits, axis=1)
        precision = found / np.maximum(found + np.cumsum(others, axis=1), np.finfo(float).tiny)
        return np.asarray((hits * precision).sum(axis=1) / hits.sum(axis=1))

    return measure


def _ranked(values: Rows) -> tuple[Indices, Indices]:
    """The order of values, and where each value that differs from the one before starts in it."""
    order = np.argsort(values, kind="stable")
    ranked = values[order]
    return order, np.flatnonzero(np.append(True, ranked[1:] != ranked[:-1]))


def _grouped(weights: Weights, own: NDArray[np.bool_], starts: Indices) -> tuple[Rows, Rows]:
    hits = np.add.reduceat(weights * own, starts, axis=1)
    return hits, np.add.reduceat(weights, starts, axis=1) - hits


def _average(values: NDArray[Any], among: NDArray[np.bool_]) -> Measure:
    """The weighted mean of some values."""
    own = np.asarray(values[among], np.float64)
    return lambda weights: np.asarray((weights[:, among] @ own) / weights[:, among].sum(axis=1))


def _mean(measures: Sequence[Measure]) -> Measure:
    return lambda weights: np.asarray(np.mean([one(weights) for one in measures], axis=0))


def _told(measures: Sequence[dict[str, Measure]], sequences: Indices) -> list[Figures]:
    """Each measure of the images as they are, and under `intervals` what it is for 95 % of the resamples."""
    number = sequences.max() + 1
    chance, lot = np.random.default_rng(0), max(1, _CELLS // len(sequences))
    samples: list[dict[str, list[Rows]]] = [{name: [] for name in own} for own in measures]
    with np.errstate(invalid="ignore", divide="ignore"):
        said = [{name: one(np.ones((1, len(sequences))))[0] for name, one in own.items()} for own in measures]
        for start in range(0, RESAMPLES, lot):
            drawn = chance.multinomial(number, np.full(number, 1 / number), min(lot, RESAMPLES - start))
            weights = drawn[:, sequences].astype(np.float64)
            for own, kept in zip(measures, samples, strict=True):
                for name, one in own.items():
                    kept[name].append(one(weights))
    return [
        {name: _finite(value) for name, value in own.items()}
        | {"intervals": {name: _interval(np.concatenate(lots)) for name, lots in kept.items()}}
        for own, kept in zip(said, samples, strict=True)
    ]


def _interval(values: Rows) -> list[float] | None:
    known = values[np.isfinite(values)]
    # Where all of few sequences are right, all resamples are, too: that they agree says nothing of the next sequence.
    if len(known) == 0 or np.ptp(known) == 0:
        return None
    return [float(one) for one in np.percentile(known, (2.5, 97.5))]


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
