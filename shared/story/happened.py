"""What happened: all that can be counted of sequences, from each of them in brief, in one pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timezone

from shared.brief import Brief
from shared.deployment import Deployments, moment
from shared.story.agreement import Agreement
from shared.story.asked import Asked
from shared.story.counted import words
from shared.story.effort import Effort, efforts
from shared.story.places import Place, places, spans_by_camera
from shared.story.sightings import Sightings


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """The numbers behind the page."""

    asked: Asked
    sightings: Sightings
    agreement: Agreement
    efforts: list[Effort]
    places: list[Place]
    undated: Counter[str]  #: sequences without a date, by word: in no chart that has dates or hours
    nowhere: int  #: dated sequences that no deployment covers
    briefs: int  #: sequences in all


@dataclass(slots=True)
class _Pass:
    """What is kept while sequences go by."""

    asked: Asked
    deployments: Deployments
    offset: timezone
    sightings: Sightings
    agreement: Agreement = field(default_factory=Agreement)
    images: dict[str, set[date]] = field(default_factory=dict)
    undated: Counter[str] = field(default_factory=Counter)
    nowhere: int = 0
    briefs: int = 0

    def take(self, brief: Brief) -> None:
        captured = brief.start
        if captured is not None:
            self._dated(brief, captured)
        elif self.asked.whole:
            self.undated.update(words(brief, machine=self.asked.machine))
            self._include(brief)

    def _dated(self, brief: Brief, captured: datetime) -> None:
        deployment = self.deployments.at(brief.camera, captured)
        # Its place's wall time, by the clock that the deployment put right.
        start = moment(deployment, captured, self.offset).replace(tzinfo=None)
        self.images.setdefault(brief.camera, set()).add(start.date())
        if self.asked.includes(start.date()):
            said = words(brief, machine=self.asked.machine)
            stay = deployment.deployment_id if deployment else ""
            self.sightings.add(brief.camera, stay, start, brief.seconds, said)
            self.nowhere += deployment is None
            self._include(brief)

    def _include(self, brief: Brief) -> None:
        self.agreement.add(brief)
        self.briefs += 1


def happened(
    briefs: Iterable[Brief], deployments: Deployments, offset: timezone, asked: Asked, *, today: date
) -> Happened:
    """Counts sequences; those of a deployment come in order of time, as the store gives them.

    Dates and hours are local, of clocks put right; `offset` is that of cameras without a deployment.
    """
    chosen = [one for one in deployments if asked.camera in ("", one.camera)]
    counted = _Pass(asked, deployments, offset, Sightings(asked.gap))
    for brief in briefs:
        counted.take(brief)
    return Happened(
        asked=asked,
        sightings=counted.sightings,
        agreement=counted.agreement,
        efforts=efforts(spans_by_camera(chosen, today), counted.images, asked),
        places=places(chosen, counted.sightings, today, asked),
        undated=counted.undated,
        nowhere=counted.nowhere,
        briefs=counted.briefs,
    )
