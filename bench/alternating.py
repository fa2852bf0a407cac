"""Ways measured by turns: what neighbours on the machine take then falls on all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from statistics import median

type Seconds = float


def by_turns(ways: Mapping[str, Callable[[], Seconds]], rounds: int) -> dict[str, list[Seconds]]:
    """What each way took in each round; a round before them, which warms up, is not kept."""
    found: dict[str, list[Seconds]] = {name: [] for name in ways}
    for number in range(rounds + 1):
        for name, way in ways.items():
            seconds = way()
            if number:
                found[name].append(seconds)
    return found


def medians(found: Mapping[str, list[Seconds]]) -> dict[str, Seconds]:
    """The median of each way."""
    return {name: median(seconds) for name, seconds in found.items()}
