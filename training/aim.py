"""What labels are to reach, and the thresholds that reach it."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np

from shared.averaging import DECIMALS
from shared.errors import UnciaError
from training.arrays import Indices, Rows

# Without an aim: a label is more likely than everything else together.
THRESHOLD = 0.5
_WHOLE = 10**DECIMALS


@dataclass(frozen=True, slots=True)
class Aim:
    """`recall`: so much of each class is not lost to another's label; `precision`: so much of each label is right.

    What reaches no threshold is `unknown`, for a person to look at: neither lost nor wrong.
    """

    kind: Literal["recall", "precision"]
    share: float

    @classmethod
    def parse(cls, text: str) -> Self:
        """The aim in `recall=0.95` or `precision=0.95`; raises UnciaError."""
        kind, _, share = text.partition("=")
        try:
            value = float(share)
        except ValueError:
            value = float("nan")
        if kind not in ("recall", "precision") or not 0 < value < 1:
            raise UnciaError(f"--aim {text!r}: say recall=0.95 or precision=0.95, with a share between 0 and 1")
        return cls("recall" if kind == "recall" else "precision", value)

    def __str__(self) -> str:
        return f"{self.kind}={self.share:g}"


def thresholds(scores: Rows, truth: Indices, aim: Aim | None) -> list[float]:
    """The threshold of each class with which labels reach the aim on N × classes scores; 0.5 without an aim.

    A label is the likeliest class where its score reaches the threshold. For `precision` that is the lowest threshold
    that reaches it, or 1 where none does; for `recall` the lowest with which no class loses more than it may.
    """
    if aim is None:
        return [THRESHOLD] * scores.shape[1]
    # In whole steps of the last decimal that a label's scores are kept with: as fractions, one more step is not always
    # above the score.
    steps = np.rint(scores * _WHOLE).astype(np.int64)
    choose = _precise if aim.kind == "precision" else _keeping
    return [min(int(one), _WHOLE) / _WHOLE for one in choose(steps, truth, aim.share)]


def _precise(scores: Indices, truth: Indices, share: float) -> list[int]:
    found = []
    for name in range(scores.shape[1]):
        winner = np.flatnonzero(scores.argmax(axis=1) == name)
        order = winner[np.argsort(-scores[winner, name], kind="stable")]
        own = scores[order, name]
        right = np.cumsum(truth[order] == name) / np.arange(1, len(order) + 1)
        last_of_equals = np.append(own[1:] != own[:-1], True) if len(own) else np.zeros(0, bool)
        good = np.flatnonzero((right >= share) & last_of_equals)
        found.append(int(own[good[-1]]) if len(good) else _WHOLE)
    return found


def _keeping(scores: Indices, truth: Indices, share: float) -> list[int]:
    """Of each class the surest mistakes are given up, all others fall below the threshold of the class that won."""
    winner, best = scores.argmax(axis=1), scores.max(axis=1)
    may_be_lost = ((1 - share) * np.bincount(truth, minlength=scores.shape[1]) + 1e-9).astype(int)
    found = np.zeros(scores.shape[1], np.int64)
    for name, allowed in enumerate(may_be_lost):
        lost = np.flatnonzero((truth == name) & (winner != name))
        for image in lost[np.argsort(-best[lost], kind="stable")][allowed:]:
            found[winner[image]] = max(found[winner[image]], best[image] + 1)
    # What one class asked for can spare another: each threshold goes down as far as the others allow.
    wrong = winner != truth

    def kept(tried: Indices) -> bool:
        lost = np.bincount(truth[wrong & (best >= tried[winner])], minlength=len(tried))
        return bool((lost <= may_be_lost).all())

    for name in range(len(found)):
        lower = np.unique(np.append(0, np.minimum(best[wrong & (winner == name)] + 1, found[name])))
        tries = [np.where(np.arange(len(found)) == name, one, found) for one in lower]
        found = tries[bisect_left(tries, True, key=kept)] if len(tries) > 1 else tries[0]
    return list(found)
