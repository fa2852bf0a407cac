"""Two heads on the same sequences: which labels them better by a stated aim, and how sure that is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from shared.averaging import Averaging, averaged
from training.aim import Aim
from training.lessons import Lessons

RESAMPLES = 1_000
# Resamples at once: 100 of 10,000 sequences take 8 MB a table.
_AT_ONCE = 100

type Numbers = NDArray[np.float64]


class Contestant(Protocol):
    """What a contest needs to know of a head."""

    classes: tuple[str, ...]
    averaging: Averaging

    def scores(self, features: NDArray[np.float16]) -> Sequence[Mapping[str, float]]:
        """One score per class for each row of features."""


@dataclass(frozen=True, slots=True)
class Contest:
    """How both heads do on the same sequences, from 0 to 1, and the challenger's lead with its 95 % interval."""

    champion: float
    challenger: float
    low: float
    high: float
    sequences: int

    @property
    def lead(self) -> float:
        """By how much the challenger is better; nothing where only the rounding of their sums differs."""
        return round(self.challenger - self.champion, 12)


def shown(lessons: Lessons) -> dict[str, str]:
    """What each sequence shows: the class of most of its frames that show anything, the first by name on ties."""
    votes: dict[str, Counter[tuple[bool, str]]] = {}
    for sequence, name, blank in zip(lessons.sequences, lessons.classes, lessons.blank.tolist(), strict=True):
        votes.setdefault(sequence, Counter())[blank, name] += 1
    return {
        sequence: min(found, key=lambda vote: (vote[0], -found[vote], vote[1]))[1] for sequence, found in votes.items()
    }


def contest(champion: Contestant, challenger: Contestant, lessons: Lessons, aim: Aim | None) -> Contest:
    """Both heads, which have the same classes, on every sequence of the lessons.

    The interval is that of a paired bootstrap: sequences are drawn with replacement, the same ones for both heads.
    """
    truth, classes = shown(lessons), sorted(champion.classes)
    numbers = np.array([classes.index(name) for name in truth.values()])
    both = [sequence_scores(head, lessons, truth, classes) for head in (champion, challenger)]
    once = np.ones((1, len(numbers)))
    first, second = (float(measure(scores, numbers, aim, once)[0]) for scores in both)
    drawn = np.concatenate([
        measure(both[1], numbers, aim, counts) - measure(both[0], numbers, aim, counts)
        for counts in _drawn(len(numbers))
    ])  # fmt: skip
    low, high = np.percentile(drawn, (2.5, 97.5))
    return Contest(first, second, float(low), float(high), len(numbers))


def sequence_scores(
    head: Contestant, lessons: Lessons, sequences: Mapping[str, object], classes: Sequence[str]
) -> Numbers:
    """The averaged scores of each of these sequences, S × classes, averaged as the head says."""
    own: dict[str, list[Mapping[str, float]]] = {sequence: [] for sequence in sequences}
    for sequence, scores in zip(lessons.sequences, head.scores(lessons.features), strict=True):
        own[sequence].append(scores)
    means = [averaged(scores, classes, head.averaging) for scores in own.values()]
    return np.array([[mean[name] for name in classes] for mean in means])


def measure(scores: Numbers, truth: NDArray[np.integer], aim: Aim | None, counts: Numbers) -> Numbers:
    """How well scores (S × classes) find the truth (S), for each row of counts (B × S: how often each is drawn).

    Averaged over the classes that were drawn: for an aim of recall the precision at that recall, for one of precision
    the recall at that precision, without an aim the recall of the likeliest class (balanced accuracy).
    """
    winners = scores.argmax(axis=1)
    by_class = [
        _at_aim(scores[:, name], truth == name, aim, counts)
        if aim
        else _ratio(counts @ ((truth == name) & (winners == name)), counts @ (truth == name))
        for name in range(scores.shape[1])
        if (truth == name).any()
    ]
    mean: Numbers = np.nanmean(by_class, axis=0)
    return mean


def _at_aim(scores: Numbers, own: NDArray[np.bool_], aim: Aim, counts: Numbers) -> Numbers:
    """The best precision at or above a recall, or recall at or above a precision (Manning et al. 2008, section 8.4)."""
    order = np.argsort(-scores, kind="stable")
    last_of_equals = np.append(np.diff(scores[order]) != 0, True)
    found = np.cumsum(counts[:, order] * own[order], axis=1)[:, last_of_equals]
    taken = np.cumsum(counts[:, order], axis=1)[:, last_of_equals]
    recall, precision = _ratio(found, found[:, -1:]), np.nan_to_num(_ratio(found, taken))
    reached, wanted = (recall, precision) if aim.kind == "recall" else (precision, recall)
    best = np.where(reached >= aim.share - 1e-12, wanted, 0.0).max(axis=1)
    told: Numbers = np.where(found[:, -1] > 0, best, np.nan)
    return told


def _ratio(part: Numbers, whole: Numbers) -> Numbers:
    """Their quotient; NaN for nothing of nothing."""
    nothing: Numbers = np.full(np.broadcast_shapes(part.shape, whole.shape), np.nan)
    np.divide(part, whole, out=nothing, where=whole > 0)
    return nothing


def _drawn(sequences: int) -> Iterator[Numbers]:
    """How often each sequence is drawn, in lots of resamples; the same ones at every run."""
    rng = np.random.default_rng(0)
    even = np.full(sequences, 1 / sequences)
    for _ in range(RESAMPLES // _AT_ONCE):
        yield rng.multinomial(sequences, even, size=_AT_ONCE).astype(np.float64)
