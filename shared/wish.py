"""What a reviewer asked to see: which sequences, in which order, from where on."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shared.brief import Brief
from shared.deployment import Clocks
from shared.errors import UnciaError
from shared.period import within

PAGE, LONGEST_PAGE = 48, 200
ORDERS = ("newest", "oldest", "uncertain", "probable")
REVIEWED = ("", "no", "part", "yes")

# Sorts after every time and score.
LAST = 1e15

type Place = tuple[float, str, str]  # what a page is sorted by; no two sequences have the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a reviewer asked for; nothing is asked by an empty value."""

    order: str = "newest"
    camera: str = ""
    first: date | None = None  #: local, corrected
    last: date | None = None
    label: str = ""  #: what the machine says
    said: str = ""  #: a species that people said
    least: float = 0.0  #: probability
    most: float = 1.0
    reviewed: str = ""
    changed: bool = False  #: only what the last head labels otherwise than the one before
    after: Place | None = None  #: the last sequence of the page before
    limit: int = PAGE

    @classmethod
    def parse(cls, query: Mapping[str, str]) -> Wish:
        """The wish in a query; raises UnciaError in one sentence."""
        return cls(
            order=_one_of("order", query.get("order", "newest"), ORDERS),
            camera=query.get("camera", ""),
            first=_day("from", query.get("from", "")),
            last=_day("to", query.get("to", "")),
            label=query.get("label", ""),
            said=query.get("said", ""),
            least=_number("least", query.get("least", "0"), 1),
            most=_number("most", query.get("most", "1"), 1),
            reviewed=_one_of("reviewed", query.get("reviewed", ""), REVIEWED),
            changed=query.get("changed", "") == "1",
            after=_place(query.get("after", "")),
            limit=int(_number("limit", query.get("limit", str(PAGE)), LONGEST_PAGE)),
        )

    def days(self, clocks: Clocks) -> tuple[str, str]:
        """The first and last day (YYYYMMDD) by cameras' clocks to look through for what was asked for."""
        # The longest correction, and a day for times that it takes over midnight.
        slack = max((abs(one.correction) for one in clocks.deployments), default=timedelta()) + timedelta(days=1)
        low = _shifted(self.first, -slack) if self.first else ""
        return low, (_shifted(self.last, slack) if self.last else "99999999" if self.first else "~")

    def fits(self, brief: Brief, at: datetime | None) -> bool:
        """Whether a sequence that began at a corrected time is of those asked for; the camera is seen to elsewhere."""
        likely = brief.probability
        return (
            within(at.date() if at else None, self.first, self.last)
            and (not self.label or brief.label == self.label)
            and (not self.said or self.said in brief.said)
            and (self.least <= (likely or 0.0) <= self.most)
            and (not self.reviewed or self.reviewed == reviewed(brief))
            and (not self.changed or bool(brief.before))
        )

    def place(self, brief: Brief, at: datetime | None) -> Place:
        """Where a sequence stands: what has no time or no score comes last."""
        return (self._rank(brief, at), brief.camera, brief.sequence_id)

    def _rank(self, brief: Brief, at: datetime | None) -> float:
        if self.order in ("newest", "oldest"):
            return LAST if at is None else at.timestamp() * (1 if self.order == "oldest" else -1)
        if not brief.scores:
            return LAST
        return brief.margin if self.order == "uncertain" else -brief.scores.get(self.label, max(brief.scores.values()))


def reviewed(brief: Brief) -> str:
    """Whether people looked at a sequence: yes, at part of its frames, or no."""
    return "yes" if brief.complete else "part" if brief.said else "no"


def token(place: Place) -> str:
    """Where a page ended, as a text that `Wish.parse` takes as `after`."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


def _place(token: str) -> Place | None:
    if not token:
        return None
    try:
        rank, camera, sequence_id = json.loads(base64.urlsafe_b64decode(token))
        return float(rank), str(camera), str(sequence_id)
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise UnciaError("after is not what a page gave") from error


def _one_of(name: str, said: str, allowed: tuple[str, ...]) -> str:
    if said not in allowed:
        raise UnciaError(f"{name} is {said!r}: it is one of {', '.join(filter(None, allowed))}")
    return said


def _number(name: str, said: str, most: float) -> float:
    try:
        number = float(said)
    except ValueError:
        number = -1.0
    if not 0 <= number <= most:
        raise UnciaError(f"{name} is {said!r}: it is a number from 0 to {most:g}")
    return number


def _shifted(day: date, by: timedelta) -> str:
    try:
        return f"{day + by:%Y%m%d}"
    except OverflowError:
        return "" if by < timedelta() else "99999999"


def _day(name: str, said: str) -> date | None:
    if not said:
        return None
    try:
        return date.fromisoformat(said)
    except ValueError as error:
        raise UnciaError(f"{name} is {said!r}: a date is written 2026-01-31") from error
