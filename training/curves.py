"""The numbers behind an evaluation's pictures: ROC, precision and recall, reliability."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shared.interval import wilson

BINS = 10
FINEST = 200  # points of a curve that an eye can tell apart on a chart of some 300 pixels

type Points = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Bin:
    """Sequences whose likeliest class was given about the same probability."""

    low: float
    high: float
    n: int
    said: float  #: their mean probability
    right: float  #: the share that is of that class
    interval: tuple[float, float]  #: of `right`, 95 %


def roc(scores: NDArray[np.float64], positive: NDArray[np.bool_]) -> Points:
    """(false positive rate, true positive rate) for ever lower thresholds; empty where one side has no member."""
    from sklearn.metrics import roc_curve

    if positive.all() or not positive.any():
        return []
    wrong, found, _ = roc_curve(positive, scores)
    return _thinned(wrong, found)


def precision_recall(scores: NDArray[np.float64], positive: NDArray[np.bool_]) -> Points:
    """(recall, precision) for ever lower thresholds; empty where nothing is positive."""
    from sklearn.metrics import precision_recall_curve

    if not positive.any():
        return []
    precision, recall, _ = precision_recall_curve(positive, scores)
    return _thinned(recall[-2::-1], precision[-2::-1])  # the last, (0, 1), is scikit-learn's and no threshold's


def reliability(scores: NDArray[np.float64], truth: NDArray[np.intp]) -> list[Bin]:
    """Ten equal steps of the likeliest class's probability; steps without a sequence are left out."""
    said, right = scores.max(axis=1), scores.argmax(axis=1) == truth
    step = np.minimum((said * BINS).astype(np.intp), BINS - 1)
    return [
        Bin(
            low=which / BINS,
            high=(which + 1) / BINS,
            n=int((step == which).sum()),
            said=float(said[step == which].mean()),
            right=float(right[step == which].mean()),
            interval=wilson(int(right[step == which].sum()), int((step == which).sum())),
        )
        for which in range(BINS)
        if (step == which).any()
    ]


def calibration_error(bins: list[Bin]) -> float:
    """The expected calibration error: the mean distance of said and right, weighted by number (Guo et al. 2017)."""
    return sum(one.n * abs(one.said - one.right) for one in bins) / sum(one.n for one in bins)


def _thinned(across: NDArray[np.float64], up: NDArray[np.float64]) -> Points:
    """The first and last of the points in each narrow column: a curve that looks the same with few points."""
    column = np.round(across * FINEST).astype(np.intp)
    first = np.flatnonzero(np.diff(column, prepend=-1))
    last = np.append(first[1:] - 1, len(column) - 1)
    kept = np.unique(np.concatenate([first, last]))
    return [(float(across[point]), float(up[point])) for point in kept]
