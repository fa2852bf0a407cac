"""What an export knows besides the labels: places, true times, names, and what it has passed so far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timezone

from shared.deployment import Clocks, Deployment, Deployments, moment
from shared.export.names import HUMAN
from shared.export.project import Project
from shared.label import Label, Shot


@dataclass(frozen=True, slots=True)
class Photo:
    """A frame with the deployment that it was taken in, and its true time."""

    shot: Shot
    deployment: Deployment | None
    at: datetime | None  #: corrected, with its offset; None for an undated frame

    @property
    def doubtful(self) -> bool:
        """Whether its camera's clock was wrong: corrected, or noted so by people."""
        return bool(self.deployment and self.deployment.timestamp_issues)


@dataclass(frozen=True, slots=True)
class Placed:
    """A label whose frames know where and when they were taken."""

    label: Label
    photos: tuple[Photo, ...]

    @property
    def dated(self) -> tuple[Photo, ...]:
        """The frames that have a time."""
        return tuple(photo for photo in self.photos if photo.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What is known beforehand. `created` is UTC; `offset` is that of cameras without a deployment."""

    created: datetime
    deployments: Deployments = field(default_factory=lambda: Deployments(()))
    offset: timezone = UTC
    project: Project = field(default_factory=Project)
    classes: tuple[str, ...] = ()  #: those that heads told apart, as far as known beforehand
    machine: bool = False  #: leave out what people said, where a format has room for one answer

    def placed(self, label: Label) -> Placed:
        """A label with the places and times of its frames."""
        return Placed(label, tuple(self._photo(label.camera, shot) for shot in label.frames))

    def began(self, label: Label) -> datetime | None:
        """When a sequence began: corrected, with its offset; None where that is not known."""
        return Clocks(self.deployments, self.offset).true(label.camera, label.start)

    def _photo(self, camera: str, shot: Shot) -> Photo:
        if shot.captured_at is None:
            return Photo(shot, None, None)
        deployment = self.deployments.at(camera, shot.captured_at)
        return Photo(shot, deployment, moment(deployment, shot.captured_at, self.offset))

    def shows_people(self, label: Label) -> bool:
        """Whether the machine or a person saw a human in a sequence: its pictures are not for the public."""
        return any(self.project.names.of(word).kind == HUMAN for word in words(label))


def words(label: Label) -> Iterator[str]:
    """Every class and word that a label's observations use."""
    yield label.label
    for shot in label.frames:
        if shot.scores:
            yield likeliest(shot.scores)
        if shot.verdict:
            yield shot.verdict.said


def likeliest(scores: Mapping[str, float]) -> str:
    """The class with the highest score."""
    return max(scores, key=lambda name: scores[name])
