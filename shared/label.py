"""Labels of sequences: averaged scores, thresholds, and what must change in the table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import attrgetter
from typing import Protocol

from shared.averaging import Averaging, Scores, averaged
from shared.earlier import Earlier, remembered
from shared.frame import Frame, Status
from shared.recipe import Recipe
from shared.sequence import Limits, group
from shared.verdict import Judgement, Verdict, judgement

UNKNOWN = "unknown"
CORRUPT = "corrupt"


class Judge(Protocol):
    """What a label needs to know of a head."""

    version: str
    classes: tuple[str, ...]
    thresholds: dict[str, float]
    recipe: Recipe
    averaging: Averaging


type Known = dict[tuple[str, str], Scores]  # by head version and row key


@dataclass(frozen=True, slots=True)
class Shot:
    """One frame's part in a label."""

    path: str
    captured_at: datetime | None
    status: Status
    scores: Mapping[str, float] | None
    row_key: str = ""  #: of the frame
    verdict: Verdict | None = None  #: what a person said of it; beside the machine's answer, never part of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What a sequence shows, and on what grounds."""

    camera: str
    sequence_id: str  #: row key of its first frame
    start: datetime | None
    end: datetime | None
    frames: tuple[Shot, ...]
    n_frames: int
    n_scored: int
    scores: Mapping[str, float]  #: the frames' scores averaged as the head says, by class
    label: str
    probability: float | None  #: averaged score of the likeliest class
    backbone: str
    head: str
    earlier: Earlier = field(default_factory=dict, compare=False)  #: what the heads before said; no part of the answer

    @property
    def judgement(self) -> Judgement | None:
        """What people said of the sequence."""
        return judgement(
            [shot.verdict for shot in self.frames], [shot.status is Status.CORRUPT for shot in self.frames]
        )

    def under(self, verdicts: Mapping[str, Verdict | None]) -> Label:
        """The same label with other verdicts on some of its frames, by row key."""
        frames = (replace(shot, verdict=verdicts.get(shot.row_key, shot.verdict)) for shot in self.frames)
        return replace(self, frames=tuple(frames))


def labels(frames: Iterable[Frame], limits: Limits, head: Judge | None) -> list[Label]:
    """The label of every sequence of one camera's frames, whose scores are the head's."""
    sequences = group(frames, limits, at=attrgetter("captured_at"), tie=attrgetter("digest"))
    return [label(sequence, head) for sequence in sequences]


def label(sequence: Sequence[Frame], head: Judge | None) -> Label:
    """The likeliest class by averaged score where it reaches that class's threshold, else `unknown`.

    `corrupt` where no frame could be decoded. Corrupt frames count, but are not averaged.
    """
    seen = [_by(frame, head) for frame in sequence]
    scored = [scores for scores in seen if scores is not None]
    scores = averaged(scored, head.classes, head.averaging) if head and scored else {}
    likeliest = max(scores, key=lambda name: scores[name], default=UNKNOWN)
    return Label(
        camera=sequence[0].camera,
        sequence_id=sequence[0].row_key,
        start=sequence[0].captured_at,
        end=sequence[-1].captured_at,
        frames=tuple(
            Shot(frame.path, frame.captured_at, frame.status, scores, frame.row_key, frame.verdict)
            for frame, scores in zip(sequence, seen, strict=True)
        ),
        n_frames=len(sequence),
        n_scored=len(scored),
        scores=scores,
        label=_decide(sequence, likeliest, scores, head),
        probability=scores.get(likeliest),
        backbone=max(frame.backbone for frame, given in zip(sequence, seen, strict=True) if given or not scored),
        head=head.version if head and scored else "",
    )


def stale(frames: Iterable[Frame], head: Judge | None) -> list[Frame]:
    """The frames to score again: decoded, of the head's recipe, and not yet scored by it."""
    if head is None:
        return []
    recipe = str(head.recipe)
    return [
        frame for frame in frames
        if frame.status is Status.OK and frame.recipe == recipe and frame.head != head.version
    ]  # fmt: skip


def rescored(frames: Iterable[Frame], head: Judge | None, known: Known) -> list[Frame]:
    """The frames with the head's scores where these are known."""
    version = head.version if head else ""
    return [
        replace(frame, scores=scores, head=version)
        if (scores := known.get((version, frame.row_key))) is not None else frame
        for frame in frames
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stored:
    """A label as the table holds it."""

    label: Label
    etag: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What makes the table say what it should."""

    create: tuple[Label, ...]
    update: tuple[Stored, ...]  #: the new label, with the ETag of the one it replaces
    delete: tuple[Stored, ...]

    @property
    def sequence_ids(self) -> list[str]:
        """The ids of all labels that are to change."""
        changed = (*self.create, *(one.label for one in (*self.update, *self.delete)))
        return [label.sequence_id for label in changed]

    def made(self, stored: Iterable[Stored]) -> list[Label]:
        """The labels in order, once these changes are made to those stored."""
        before = {one.label.sequence_id: one.label for one in stored}
        gone = {one.label.sequence_id for one in self.delete}
        new = {label.sequence_id: label for label in (*self.create, *(one.label for one in self.update))}
        return [label for key, label in sorted((before | new).items()) if key not in gone]

    def __bool__(self) -> bool:
        return bool(self.create or self.update or self.delete)


def changes(want: Iterable[Label], stored: Iterable[Stored]) -> Changes:
    """The difference between the labels wanted and those stored in the same range of one camera.

    A label that replaces another's takes along what the heads before said of the sequence of the same id.
    """
    have = {one.label.sequence_id: one for one in stored}
    wanted = {one.sequence_id: one for one in want}
    return Changes(
        create=tuple(one for key, one in wanted.items() if key not in have),
        update=tuple(
            Stored(_with_history(one, have[key].label), have[key].etag)
            for key, one in wanted.items()
            if key in have and have[key].label != one
        ),
        delete=tuple(one for key, one in have.items() if key not in wanted),
    )


def _with_history(new: Label, old: Label) -> Label:
    return replace(new, earlier=remembered(old.earlier, old.head, (old.label, old.probability), new.head))


def by_camera_and_start(labels: Iterable[Label]) -> list[Label]:
    """Labels as lists of them are ordered: by camera, then start; undated ones after the others of their camera."""
    return sorted(labels, key=lambda label: (label.camera, label.sequence_id))


def _decide(sequence: Sequence[Frame], likeliest: str, scores: Mapping[str, float], head: Judge | None) -> str:
    if all(frame.status is Status.CORRUPT for frame in sequence):
        return CORRUPT
    return likeliest if head and scores and scores[likeliest] >= head.thresholds[likeliest] else UNKNOWN


def _by(frame: Frame, head: Judge | None) -> Scores | None:
    """A frame's scores where they are this head's, class by class; a message may bring others."""
    if head is None or frame.scores is None or frame.head != head.version:
        return None
    return frame.scores if set(frame.scores) == set(head.classes) else None
