"""Which labels an export is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from shared.brief import Brief
from shared.deployment import Deployments
from shared.label import Label
from shared.period import within


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is known of labels before they are read, as far as days tell of them."""

    classes: tuple[str, ...]  #: in order
    sequences: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to export; nothing said is everything."""

    cameras: frozenset[str] = frozenset()
    first: date | None = None  #: local, corrected: sequences that begin on this day or later
    last: date | None = None  #: … or earlier
    labels: frozenset[str] = frozenset()
    reviewed: bool = False  #: only sequences that people said something of

    def takes(self, label: Label, began: datetime | None) -> bool:
        """Whether a label is wanted, whose sequence began at this corrected time."""
        return (
            (not self.cameras or label.camera in self.cameras)
            and within(began.date() if began else None, self.first, self.last)
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
