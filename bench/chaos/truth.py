"""What the tables must hold in the end: worked out in one go from the uploads, and compared row by row."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from shared.brief import Brief
from shared.day import day_of_key
from shared.featurizer import Featurizer, Upload
from shared.frame import Frame, merged
from shared.head import Head
from shared.label import Label, Shot, labels
from shared.sequence import Limits
from shared.store import Store

TOLERANCE = 1e-6

type Key = tuple[str, str]  # camera and row key


@dataclass(frozen=True, slots=True)
class Truth:
    """Frames, labels and the days that frames are of, by camera and row key."""

    frames: Mapping[Key, Frame]
    labels: Mapping[Key, Label]
    days: frozenset[Key]  #: that are there, or that are settled and tell of their sequences as they are


def worked_out(uploads: Iterable[Upload], featurizer: Featurizer, head: Head, now: datetime) -> Truth:
    """What these uploads come to, in whatever order and however often they come; `now` is naive UTC."""
    frames: dict[Key, Frame] = {}
    for upload in {(one.path, one.data): one for one in uploads}.values():
        frame = featurizer.frame(upload, head, now)
        key = frame.camera, frame.row_key
        frames[key] = merged(frames.get(key), frame)
    cameras: dict[str, list[Frame]] = defaultdict(list)
    for frame in frames.values():
        cameras[frame.camera].append(frame)
    made = [label for own in cameras.values() for label in labels(own, Limits(), head)]
    days = frozenset((frame.camera, frame.day) for frame in frames.values())
    return Truth(frames, {(label.camera, label.sequence_id): label for label in made}, days)


def stored(tables: Store) -> Truth:
    """What the tables hold."""
    days = list(tables.read_days())
    frames: dict[Key, Frame] = {}
    for day in days:
        if own := tables.read_frames(day.camera, day.day):
            features = tables.read_features(day.camera, own[0].row_key, own[-1].row_key)
            frames |= {(day.camera, one.row_key): replace(one, features=features[one.row_key]) for one in own}
    made = {(label.camera, label.sequence_id): label for label in tables.all_labels()}
    told = {(brief.camera, brief.sequence_id): brief for brief in tables.briefs()}
    astray = {_day(key) for key in made.keys() | told.keys() if key not in made or _brief(made[key]) != told.get(key)}
    settled = frozenset((day.camera, day.day) for day in days if day.settled)
    return Truth(frames, made, settled - astray)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """How far what is stored is from what it should be."""

    frames: int
    frames_missing: int
    frames_wrong: int  #: they differ, or should not be there
    labels: int
    labels_wrong: int  #: they differ, lack, or should not be there
    days: int
    days_unsettled: int  #: or telling of other sequences than there are

    def numbers(self) -> dict[str, int]:
        """All of them by name."""
        return asdict(self)

    @property
    def good(self) -> bool:
        """Whether nothing lacks and nothing is wrong."""
        return not (self.frames_missing or self.frames_wrong or self.labels_wrong or self.days_unsettled)


def compared(want: Truth, have: Truth) -> Found:
    """The difference between what should be stored and what is."""
    both = want.frames.keys() & have.frames.keys()
    wrong = sum(not same_frame(want.frames[key], have.frames[key]) for key in both)
    labelled = want.labels.keys() & have.labels.keys()
    return Found(
        frames=len(want.frames),
        frames_missing=len(want.frames.keys() - both),
        frames_wrong=wrong + len(have.frames.keys() - both),
        labels=len(want.labels),
        labels_wrong=len(want.labels.keys() ^ have.labels.keys())
        + sum(not same_label(want.labels[key], have.labels[key]) for key in labelled),
        days=len(want.days),
        days_unsettled=len(want.days - have.days),
    )


def same_frame(one: Frame, other: Frame) -> bool:
    """Whether two frames are the same but for the upload's ETag and the preview."""
    alike = replace(one, etag="", preview=b"", scores=None, head="")
    return alike == replace(other, etag="", preview=b"", scores=None, head="") and _close(one.scores, other.scores)


def same_label(one: Label, other: Label) -> bool:
    """Whether two labels say the same of the same frames, scores within 1e-6."""
    close = _close(one.scores, other.scores) and _close({"": one.probability or 0.0}, {"": other.probability or 0.0})
    shots = all(_close(mine.scores, its.scores) for mine, its in zip(one.frames, other.frames, strict=False))
    return close and shots and _bare(one) == _bare(other)


def _bare(label: Label) -> Label:
    frames = tuple(_without_scores(shot) for shot in label.frames)
    return replace(label, frames=frames, scores={}, probability=None)


def _without_scores(shot: Shot) -> Shot:
    return replace(shot, scores=None)


def _close(one: Mapping[str, float] | None, other: Mapping[str, float] | None) -> bool:
    if one is None or other is None:
        return one is other
    return one.keys() == other.keys() and all(math.isclose(one[k], other[k], abs_tol=TOLERANCE) for k in one)


def _brief(label: Label) -> Brief:
    return Brief.of(label)


def _day(key: Key) -> Key:
    return key[0], day_of_key(key[1])
