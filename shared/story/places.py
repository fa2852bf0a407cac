"""Where cameras stood, and what was seen there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from shared.deployment import Deployment
from shared.story.asked import Asked
from shared.story.effort import Span, efforts
from shared.story.sightings import Number, Sightings


@dataclass(slots=True)
class Place:
    """A place of deployments: one circle on the map."""

    name: str
    latitude: float
    longitude: float
    nights: int = 0  #: trap nights of all its cameras
    cameras: set[str] = field(default_factory=set)
    numbers: dict[str, Number] = field(default_factory=dict)  #: by word


def places(deployments: Iterable[Deployment], sightings: Sightings, today: date, asked: Asked) -> list[Place]:
    """The places at which cameras stood in the period, by name, with what was seen there."""
    found: dict[tuple[str, float, float], list[Deployment]] = {}
    for one in deployments:
        found.setdefault((one.place, one.latitude, one.longitude), []).append(one)
    told = (_place(Place(*where), stays, sightings, today, asked) for where, stays in sorted(found.items()))
    return [place for place in told if place.nights]


def _place(place: Place, stays: list[Deployment], sightings: Sightings, today: date, asked: Asked) -> Place:
    stood = efforts(spans_by_camera(stays, today), {}, asked)
    place.nights, place.cameras = sum(one.nights for one in stood), {one.camera for one in stood}
    wanted = {one.deployment_id for one in stays}
    for (stay, word), number in sightings.stays.items():
        if stay in wanted:
            place.numbers.setdefault(word, Number()).more(number)
    return place


def spans_by_camera(deployments: Iterable[Deployment], today: date) -> Mapping[str, list[Span]]:
    """The dates on which deployments say that each camera stood; to come are none, whatever end is planned."""
    spans: dict[str, list[Span]] = {}
    for one in deployments:
        spans.setdefault(one.camera, []).append((one.start.date(), min(today, one.end.astimezone(one.offset).date())))
    return spans
