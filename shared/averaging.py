"""How the scores of a sequence's frames become one: the E of the ladder."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

# Far below what float16 features can tell apart, and enough to hide how processors differ in the last bits.
DECIMALS = 6
# Scores are kept with six decimals: what is written as 0 was anything below half of the last one.
SMALLEST = 0.5 * 10**-DECIMALS

type Scores = Mapping[str, float]


def margin(scores: Scores) -> float:
    """How much likelier the likeliest class is than the next: the smaller, the less the head knows. At most 1."""
    best, *others = sorted(scores.values(), reverse=True) or [1.0]
    return best - max(others, default=0.0)


class Averaging(StrEnum):
    """Which numbers are averaged; the head says which is better for its classes."""

    PROBABILITIES = "probabilities"
    LOGITS = "logits"


def averaged(scored: Sequence[Scores], classes: Iterable[str], how: Averaging) -> dict[str, float]:
    """One score per class from at least one frame's scores, by class; they sum to one as those of the frames do.

    The softmax of averaged logits is the geometric mean of the probabilities, scaled to sum to one.
    """
    if how is Averaging.PROBABILITIES:
        return {name: round(sum(scores[name] for scores in scored) / len(scored), DECIMALS) for name in classes}
    logs = {name: sum(math.log(max(one[name], SMALLEST)) for one in scored) / len(scored) for name in classes}
    total = sum(map(math.exp, logs.values()))
    return {name: round(math.exp(log) / total, DECIMALS) for name, log in logs.items()}
