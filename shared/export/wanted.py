"""Which labels an export is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shared.brief import Brief
from shared.day import day_of_key
from shared.deployment import Deployments
from shared.errors import UnciaError
from shared.frame import UNDATED, date_of
from shared.label import Label

EARLIEST, LATEST = "", "~"


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is known of labels before they are read, as far as days tell of them."""

    classes: tuple[str, ...]  #: in order
    sequences: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to export; nothing said is everything. Raises UnciaError for what is no day."""

    cameras: frozenset[str] = frozenset()
    first: str = EARLIEST  #: YYYYMMDD by the cameras' clocks: sequences that begin on this day or later
    last: str = LATEST  #: … or earlier
    labels: frozenset[str] = frozenset()
    reviewed: bool = False  #: only sequences that people said something of

    def __post_init__(self) -> None:
        for day in (self.first, self.last):
            try:
                if day not in (EARLIEST, LATEST) and date_of(day) is None:
                    raise ValueError(day)
            except ValueError as error:
                raise UnciaError(f"{day!r} is no day: days are written like 20260131") from error

    def takes(self, label: Label) -> bool:
        """Whether a label is wanted."""
        return (
            (not self.cameras or label.camera in self.cameras)
            and self._in_time(day_of_key(label.sequence_id))
            and (not self.labels or label.label in self.labels)
            and not (self.reviewed and label.judgement is None)
        )

    def outlook(self, briefs: Iterable[Brief]) -> Outlook:
        """What there is to pass, from sequences in brief."""
        classes, sequences = set[str](), 0
        for brief in briefs:
            if self._of(brief.camera):
                classes |= brief.scores.keys()
                sequences += 1
        return Outlook(tuple(sorted(classes)), sequences)

    def deployments(self, known: Deployments) -> Deployments:
        """The deployments of the cameras that are wanted."""
        return Deployments(one for one in known if self._of(one.camera))

    def _of(self, camera: str) -> bool:
        return not self.cameras or camera in self.cameras

    def _in_time(self, day: str) -> bool:
        everything = (self.first, self.last) == (EARLIEST, LATEST)
        return everything or (day != UNDATED and self.first <= day <= self.last)
