"""How several share what is limited: each gets an equal part, and what one does not want goes to the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

type Uses = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Shared:
    """What came of it: how much each does, and of each limit how much is left."""

    done: list[float]
    left: dict[str, float]
    tightest: list[str]  #: which limit holds each one back; nothing where none does


def fair(wishes: Sequence[float], most: float) -> list[float]:
    """Parts of what there is, none larger than its wish, and equal for all whose wish is larger than their part."""
    parts, left = [0.0] * len(wishes), most
    for rank, number in enumerate(sorted(range(len(wishes)), key=wishes.__getitem__)):
        parts[number] = min(wishes[number], max(0.0, left) / (len(wishes) - rank))
        left -= parts[number]
    return parts


def shared(wishes: Sequence[float], uses: Sequence[Uses], limits: Uses) -> Shared:
    """How much each one does of its wish, where one unit of it takes so much of each limit.

    Each limit is shared fairly; what is left, as another limit holds somebody back, goes to the last who can take it.
    """
    parts = {
        name: fair([wish * use.get(name, 0.0) for wish, use in zip(wishes, uses, strict=True)], most)
        for name, most in limits.items()
    }
    done, tightest = [], []
    for number, (wish, use) in enumerate(zip(wishes, uses, strict=True)):
        bounds = {name: parts[name][number] / each for name, each in use.items() if each}
        name = min(bounds, key=bounds.__getitem__, default="")
        done.append(min(wish, bounds.get(name, wish)))
        tightest.append(name if done[-1] < wish else "")
    left = {
        name: max(0.0, most - sum(one * use.get(name, 0.0) for one, use in zip(done, uses, strict=True)))
        for name, most in limits.items()
    }
    for number in reversed(range(len(wishes))):
        more = min([wishes[number] - done[number], *(left[name] / each for name, each in uses[number].items() if each)])
        done[number] += more
        left = {name: max(0.0, rest - more * uses[number].get(name, 0.0)) for name, rest in left.items()}
    return Shared(done, left, tightest)
