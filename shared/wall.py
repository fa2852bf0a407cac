"""The wall: a page of the sequences that a reviewer asked for, and what there is to ask for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from heapq import nsmallest
from typing import Any

from shared.brief import Brief
from shared.day import day_of_key
from shared.deployment import Clocks
from shared.frame import UNDATED, date_of
from shared.wish import Place, Wish, token


@dataclass(slots=True)
class Page:
    """One page of the wall, and how much of all that was asked for is reviewed."""

    shown: list[Brief] = field(default_factory=list)
    after: str = ""  #: to be asked for next; nothing where this is the end
    sequences: int = 0
    reviewed: int = 0


def page(briefs: Iterable[Brief], wish: Wish, clocks: Clocks) -> Page:
    """The page that a wish asks for, in one pass over all sequences, keeping no more than a page of them."""
    found = Page()

    def coming() -> Iterable[tuple[Place, Brief]]:
        for brief in briefs:
            at = clocks.true(brief.camera, brief.start)
            if not wish.fits(brief, at):
                continue
            found.sequences += 1
            found.reviewed += brief.complete
            place = wish.place(brief, at)
            if wish.after is None or place > wish.after:
                yield place, brief

    nearest = nsmallest(wish.limit + 1, coming(), key=lambda one: one[0])
    found.shown = [brief for _, brief in nearest[: wish.limit]]
    if len(nearest) > wish.limit:
        found.after = token(nearest[wish.limit - 1][0])
    return found


def choices(briefs: Iterable[Brief]) -> dict[str, Any]:
    """What there is to filter by, with how many sequences each has, and the dates of the first and last."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("cameras", "labels", "said")}
    days, complete, changed = set[str](), 0, 0
    for brief in briefs:
        counts["cameras"][brief.camera] += 1
        counts["labels"][brief.label] += 1
        counts["said"].update(brief.said)
        complete += brief.complete
        changed += bool(brief.before)
        if (day := day_of_key(brief.sequence_id)) != UNDATED:
            days.add(day)
    told: dict[str, Any] = {name: sorted(found.items()) for name, found in counts.items()}
    told |= {"sequences": counts["cameras"].total(), "reviewed": complete, "changed": changed}
    return told | {"first": _iso(min(days, default="")), "last": _iso(max(days, default=""))}


def _iso(day: str) -> str:
    found = date_of(day) if day else None
    return found.isoformat() if found else ""
