"""A sequence and a frame as one row of a table each: for spreadsheets and for Parquet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from shared.export.survey import Photo, Placed


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceRecord:
    """A sequence; field by field the columns of its table, in order, then each class's score."""

    camera: str
    sequence_id: str
    start: datetime | None  #: corrected, with offset
    end: datetime | None
    camera_start: datetime | None  #: as the camera's clock said: no zone
    camera_end: datetime | None
    timestamp_issues: bool
    deployment: str
    place: str
    frames: int
    scored: int
    label: str
    probability: float | None
    verdict: str  #: the species that people said, parted by ` | `
    by: str
    at: datetime | None  #: UTC
    complete: bool  #: whether people looked at every frame
    head: str
    backbone: str
    scores: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameRecord:
    """A frame; field by field the columns of its table, in order, then each class's score."""

    path: str
    camera: str
    frame: str  #: its row key
    sequence_id: str
    time: datetime | None  #: corrected, with offset
    captured_at: datetime | None  #: as the camera's clock said: no zone
    timestamp_issues: bool
    deployment: str
    place: str
    status: str
    label: str  #: of its sequence
    probability: float | None
    verdict: str
    by: str
    at: datetime | None  #: UTC
    of: str  #: what the verdict was about: `frame` or `sequence`
    head: str
    scores: Mapping[str, float]


def sequence_record(placed: Placed) -> SequenceRecord:
    """A sequence's row; its place is that of its first frame."""
    label, said, first, last = placed.label, placed.label.judgement, placed.photos[0], placed.photos[-1]
    return SequenceRecord(
        camera=label.camera,
        sequence_id=label.sequence_id,
        start=first.at,
        end=last.at,
        camera_start=label.start,
        camera_end=label.end,
        timestamp_issues=any(photo.doubtful for photo in placed.photos),
        deployment=first.deployment.deployment_id if first.deployment else "",
        place=first.deployment.place if first.deployment else "",
        frames=label.n_frames,
        scored=label.n_scored,
        label=label.label,
        probability=label.probability,
        verdict=" | ".join(said.said) if said else "",
        by=said.by if said else "",
        at=said.at if said else None,
        complete=bool(said and said.complete),
        head=label.head,
        backbone=label.backbone,
        scores=label.scores,
    )


def frame_record(photo: Photo, placed: Placed) -> FrameRecord:
    """A frame's row."""
    label, shot, said = placed.label, photo.shot, photo.shot.verdict
    return FrameRecord(
        path=shot.path,
        camera=label.camera,
        frame=shot.row_key,
        sequence_id=label.sequence_id,
        time=photo.at,
        captured_at=shot.captured_at,
        timestamp_issues=photo.doubtful,
        deployment=photo.deployment.deployment_id if photo.deployment else "",
        place=photo.deployment.place if photo.deployment else "",
        status=str(shot.status),
        label=label.label,
        probability=label.probability,
        verdict=said.said if said else "",
        by=said.by if said else "",
        at=said.at if said else None,
        of=("sequence" if said.of_sequence else "frame") if said else "",
        head=label.head,
        scores=shot.scores or {},
    )
