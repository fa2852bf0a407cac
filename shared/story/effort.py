"""For how long cameras stood: without it no number of animals means anything."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from shared.story.asked import Asked

type Span = tuple[date, date]  # local dates, both included


@dataclass(frozen=True, slots=True)
class Effort:
    """One camera's effort. A trap night is a date on which it stood, the first and the last counted whole."""

    camera: str
    spans: tuple[Span, ...]  #: when it stood, in order, apart from each other
    with_images: int  #: dates with any image
    deployed: bool  #: whether deployments say when it stood; else it is from its first image to its last

    @property
    def nights(self) -> int:
        """How many trap nights."""
        return self.until(date.max)

    def until(self, day: date) -> int:
        """How many trap nights up to a date, included."""
        return sum((min(last, day) - first).days + 1 for first, last in self.spans if first <= day)


def efforts(stays: Mapping[str, Iterable[Span]], images: Mapping[str, Collection[date]], asked: Asked) -> list[Effort]:
    """The effort of every camera that stood in the period, by camera.

    `stays` are the dates of its deployments, `images` the dates with any image of it: on those it stood, whatever
    deployments say.
    """
    found = (_effort(camera, [*stays.get(camera, ())], images.get(camera, ()), asked) for camera in {*stays, *images})
    return sorted((one for one in found if one.spans), key=lambda one: one.camera)


def _effort(camera: str, stays: Sequence[Span], images: Collection[date], asked: Asked) -> Effort:
    stood = [*stays, *((day, day) for day in images)] if stays else [(min(images), max(images))]
    inside = sum(map(asked.includes, images))
    return Effort(camera, tuple(_within(merged(stood), asked)), inside, bool(stays))


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same dates in spans that neither overlap nor touch, in order."""
    found: list[Span] = []
    for first, last in sorted(span for span in spans if span[0] <= span[1]):
        if found and (first - found[-1][1]).days <= 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def _within(spans: Iterable[Span], asked: Asked) -> Iterable[Span]:
    for first, last in spans:
        begin, end = max(first, asked.first or first), min(last, asked.last or last)
        if begin <= end:
            yield begin, end


def nights_until(efforts: Iterable[Effort], day: date) -> int:
    """Trap nights of all cameras together up to a date, included."""
    return sum(effort.until(day) for effort in efforts)
