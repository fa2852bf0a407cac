"""How many species were known after so much effort, and how many would be in any order of the days."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import exp, lgamma

POINTS = 60  # of the expected curve: more than an eye can tell apart


@dataclass(frozen=True, slots=True)
class Found:
    """A species' first sighting."""

    species: str
    day: date  #: local
    trap_nights: int  #: of all cameras together, up to that day, included


def found(first: Mapping[str, date], nights_until: Callable[[date], int]) -> list[Found]:
    """The species in the order in which they were first seen."""
    in_order = sorted(first.items(), key=lambda one: (one[1], one[0]))
    return [Found(species, day, nights_until(day)) for species, day in in_order]


def expected(with_species: Iterable[int], nights: int) -> list[tuple[int, float]]:
    """(trap nights, species to expect among as many drawn at random), from how many nights each species was seen on.

    Sample-based rarefaction, exact, as in Colwell, Mao and Chang 2004, equation 5: what one season after another hides.
    """
    counts = list(with_species)
    if not counts or nights < 1:
        return []
    # Closer together at the beginning, where the curve bends.
    drawn = sorted({round(1 + (nights - 1) * (point / (POINTS - 1)) ** 2) for point in range(POINTS)})
    return [(some, sum(1 - _none(of, some, nights) for of in counts)) for some in drawn]


def _none(of: int, some: int, nights: int) -> float:
    """The chance that `some` of the nights, drawn at random, are none of those `of`."""
    if some > nights - of:
        return 0.0
    return exp(_choose(nights - of, some) - _choose(nights, some))


def _choose(n: int, k: int) -> float:
    """The logarithm of n over k."""
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
