"""Which sequences a person wants to have counted, and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from shared.errors import UnciaError
from shared.period import within

GAP_MINUTES = 30.0
MOST_MINUTES = 24 * 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A choice of sequences, all of them unless said otherwise."""

    camera: str = ""
    first: date | None = None  #: local date, included
    last: date | None = None  #: local date, included
    machine: bool = False  #: count what the machine said, whatever people said
    gap: timedelta = timedelta(minutes=GAP_MINUTES)  #: of a species at a camera: longer, and it is another event

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Asked:
        """The choice in a page's address: camera, from, to, machine, gap (minutes); raises UnciaError."""
        asked = cls(
            camera=query.get("camera", ""),
            first=_date(query, "from"),
            last=_date(query, "to"),
            machine=_yes(query, "machine"),
            gap=timedelta(minutes=_minutes(query, "gap")),
        )
        if asked.first and asked.last and asked.last < asked.first:
            raise UnciaError(f"the period ends on {asked.last}, before it begins on {asked.first}")
        return asked

    def includes(self, day: date) -> bool:
        """Whether a local date lies within the period."""
        return within(day, self.first, self.last)

    @property
    def whole(self) -> bool:
        """Whether no period was chosen; what has no date is then included."""
        return within(None, self.first, self.last)


def _date(query: Mapping[str, str], name: str) -> date | None:
    said = query.get(name, "")
    if not said:
        return None
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise UnciaError(f"{name} is {said!r}: a date is written like 2026-01-31") from None


def _yes(query: Mapping[str, str], name: str) -> bool:
    said = query.get(name, "")
    if said not in ("", "0", "1"):
        raise UnciaError(f"{name} is {said!r}: it must be 1 or 0")
    return said == "1"


def _minutes(query: Mapping[str, str], name: str) -> float:
    said = query.get(name, "")
    try:
        value = float(said or GAP_MINUTES)
    except ValueError:
        value = float("nan")
    if not 0 <= value <= MOST_MINUTES:
        raise UnciaError(f"{name} is {said!r}: it must be a number of minutes from 0 to {MOST_MINUTES:g}")
    return value
