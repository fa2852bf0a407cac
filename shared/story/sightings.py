"""Sequences and independent events, counted by camera, date, hour and place."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

HOURS = 24


@dataclass(slots=True)
class Number:
    """How often something was seen: in sequences, which are for classifying, and in events, which are for counting."""

    sequences: int = 0
    events: int = 0

    def add(self, fresh: bool) -> None:
        """One sequence more; it begins an event where it is `fresh`."""
        self.sequences += 1
        self.events += fresh

    def more(self, other: Number) -> None:
        """Adds another number."""
        self.sequences += other.sequences
        self.events += other.events


@dataclass(slots=True)
class Sightings:
    """Takes sequences one by one; grows with cameras, days and species, not with sequences.

    An independent event is a sequence of a species that begins more than `gap` after the end of the last one of that
    species at that camera; another deployment begins another event. Sequences of a deployment come in order of time.
    """

    gap: timedelta
    days: dict[tuple[str, date, str], Number] = field(default_factory=dict)
    hours: dict[str, list[Number]] = field(default_factory=dict)
    stays: dict[tuple[Hashable, str], Number] = field(default_factory=dict)
    _ends: dict[tuple[str, Hashable, str], datetime] = field(default_factory=dict)

    def add(self, camera: str, stay: Hashable, start: datetime, seconds: float, words: Iterable[str]) -> None:
        """Counts a sequence of a camera's stay at a place for each of these words; `start` is local wall time."""
        for word in words:
            fresh = self._fresh((camera, stay, word), start, start + timedelta(seconds=seconds))
            hours = self.hours.setdefault(word, [Number() for _ in range(HOURS)])
            for number in (
                self.days.setdefault((camera, start.date(), word), Number()),
                self.stays.setdefault((stay, word), Number()),
                hours[start.hour],
            ):
                number.add(fresh)

    def _fresh(self, which: tuple[str, Hashable, str], start: datetime, end: datetime) -> bool:
        last = self._ends.get(which)
        self._ends[which] = max(last, end) if last else end
        return last is None or start - last > self.gap
