"""A sequence in brief: what a wall of thousands, and charts of all of them, need to know of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.averaging import margin
from shared.day import day_of_key
from shared.frame import time_of_key
from shared.label import Label

# Four digits tell apart what people and charts do; the label itself keeps them all.
DIGITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """One label, without its frames."""

    camera: str
    sequence_id: str
    label: str
    scores: Mapping[str, float]
    n_frames: int
    seconds: float  #: from its first frame to its last
    said: tuple[str, ...] = ()  #: the species that people said of it
    complete: bool = False  #: whether people looked at every frame
    before: str = ""  #: what the head before the last said, where that was something else

    @classmethod
    def of(cls, label: Label) -> Brief:
        """A label in brief."""
        said = label.judgement
        *_, before = ("", *(word for word, _ in label.earlier.values()))
        return cls(
            camera=label.camera,
            sequence_id=label.sequence_id,
            label=label.label,
            scores={name: round(score, DIGITS) for name, score in label.scores.items()},
            n_frames=label.n_frames,
            seconds=(label.end - label.start).total_seconds() if label.start and label.end else 0.0,
            said=said.said if said else (),
            complete=bool(said and said.complete),
            before=before if before != label.label else "",
        )

    @property
    def probability(self) -> float | None:
        """Averaged score of the likeliest class."""
        return max(self.scores.values(), default=None)

    @property
    def margin(self) -> float:
        """How much likelier the likeliest class is than the next; 1 where there is none."""
        return margin(self.scores)

    @property
    def start(self) -> datetime | None:
        """When its first frame was captured: local wall time by the camera's clock."""
        return time_of_key(self.sequence_id)

    def encoded(self) -> list[Any]:
        """For JSON, in few letters: a list, in the order of `decoded`."""
        scores = [[name, score] for name, score in self.scores.items()]
        told = (self.sequence_id, self.label, scores, self.n_frames, self.seconds)
        return [*told, list(self.said), int(self.complete), self.before]

    @classmethod
    def decoded(cls, camera: str, told: Sequence[Any]) -> Brief:
        """A camera's sequence from what `encoded` gave."""
        sequence_id, label, scores, n_frames, seconds, said, complete, before = told
        return cls(
            camera=camera,
            sequence_id=sequence_id,
            label=label,
            scores=dict(scores),
            n_frames=n_frames,
            seconds=seconds,
            said=tuple(said),
            complete=bool(complete),
            before=before,
        )


def beginning(day: str, labels: Iterable[Label]) -> list[Label]:
    """Those of the labels whose sequence begins on a day."""
    return [label for label in labels if day_of_key(label.sequence_id) == day]
