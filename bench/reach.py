"""What a bench is to reach: met or missed, and by how much."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """One figure and what it is to be; `limit` is the least of it, or the most where less is better."""

    what: str
    limit: float
    found: float | None  #: None where it was not measured
    unit: str = ""
    less: bool = False  #: whether less is better
    why: str = ""  #: why it was not measured, or what was tried where it is missed

    @property
    def ratio(self) -> float | None:
        """How far above the limit it is, from 1 on met: twice as good is 2."""
        if self.found is None:
            return None
        better, worse = (self.limit, self.found) if self.less else (self.found, self.limit)
        return better / worse if worse else 1.0 if better == worse else float("inf")

    @property
    def verdict(self) -> str:
        """`met`, `missed` or `not measured`."""
        if (ratio := self.ratio) is None:
            return "not measured"
        return "met" if ratio >= 1 else "missed"

    @property
    def wanted(self) -> str:
        """What it is to be, in words."""
        return f"at {'most' if self.less else 'least'} {number(self.limit)}{self.unit}"

    @property
    def said(self) -> str:
        """What it is, in words."""
        return "" if self.found is None else f"{number(self.found)}{self.unit}"


def number(value: float) -> str:
    """A figure with three digits, or whole from a hundred on."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def counted(reaches: Iterable[Reach]) -> str:
    """How many are met, in one sentence."""
    verdicts = [one.verdict for one in reaches]
    missed, unknown = verdicts.count("missed"), verdicts.count("not measured")
    return f"{verdicts.count('met')} of {len(verdicts)} reaches met, {missed} missed, {unknown} not measured"


COLUMNS = ("reach", "is to be", "is", "ratio", "")


def row(one: Reach) -> tuple[str, ...]:
    """A reach as a row of a table; `ratio` is above 1 where it is met."""
    ratio = "" if one.ratio is None else f"{one.ratio:.2f}"
    return (one.what, one.wanted, one.said, ratio, f"{one.verdict}: {one.why}" if one.why else one.verdict)
