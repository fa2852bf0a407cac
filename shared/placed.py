"""What does not fit between the images that there are and where cameras are said to have stood."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from shared.deployment import Deployment, Deployments
from shared.frame import time_of_key
from shared.keys import CUT, escape, unescape


@dataclass(slots=True)
class Span:
    """Some images of one camera: how many, the first and the last. Times are what the camera's clock showed."""

    camera: str
    count: int = 0
    first: datetime = datetime.max  # noqa: DTZ901 - local wall time
    last: datetime = datetime.min  # noqa: DTZ901

    def add(self, at: datetime) -> None:
        """One more image."""
        self.count += 1
        self.first, self.last = min(self.first, at), max(self.last, at)


@dataclass(frozen=True, slots=True)
class Placed:
    """How deployments and images fit together."""

    overlaps: list[tuple[Deployment, Deployment]]
    outside: list[Span]  #: dated images of cameras with deployments, in none of them
    nowhere: list[Span]  #: dated images of cameras without any deployment
    empty: list[Deployment]  #: without a dated image
    undated: int  #: images that no deployment can claim

    @property
    def fits(self) -> bool:
        """Whether there is nothing to mend; an undated image is a matter of its camera, not of where it stood."""
        return not (self.overlaps or self.outside or self.nowhere or self.empty)


@dataclass(slots=True)
class _Found:
    outside: dict[str, Span] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)
    undated: int = 0


def examine(deployments: Deployments, keys: Iterable[tuple[str, str]]) -> Placed:
    """How deployments fit to frames (camera key and row key), of which there may be a million: none is kept."""
    cameras = {escape(one.camera): one.camera for one in deployments}
    found = _Found()
    for camera_key, row_key in keys:
        camera = cameras.get(camera_key) or _name(camera_key)
        at = time_of_key(row_key)
        if at is None:
            found.undated += 1
        elif one := deployments.at(camera, at):
            found.used.add(id(one))
        else:
            found.outside.setdefault(camera, Span(camera)).add(at)
    spans = [span for _, span in sorted(found.outside.items())]
    return Placed(
        overlaps=deployments.overlaps(),
        outside=[span for span in spans if deployments.of(span.camera)],
        nowhere=[span for span in spans if not deployments.of(span.camera)],
        empty=[one for one in deployments if id(one) not in found.used],
        undated=found.undated,
    )


def within(deployments: Deployments, one: Deployment, row_keys: Iterable[str]) -> Span:
    """The dated frames of a deployment's camera that are in it, of those with these row keys."""
    span = Span(one.camera)
    for at in filter(None, map(time_of_key, row_keys)):
        if deployments.at(one.camera, at) is one:
            span.add(at)
    return span


def _name(camera_key: str) -> str:
    """The camera's name, or what there is of it in a key that was cut."""
    return camera_key if CUT in camera_key else unescape(camera_key)
