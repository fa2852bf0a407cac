"""What is kept in tables, as rows and back, within the limits of table storage."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from shared import answer
from shared.brief import Brief
from shared.day import Day, Settled
from shared.decision import Decision
from shared.deployment import Deployment
from shared.entity import Row, checked, fitting, joined, packed, text, unpacked
from shared.errors import LimitExceeded
from shared.frame import OWN, Frame, Status, time_key
from shared.keys import LONGEST, escape
from shared.label import Label, Shot
from shared.verdict import Lesson, Verdict

# A verdict's part of its frame's row, and what a lesson is read with.
VERDICT = ("verdict", "verdict_by", "verdict_at", "verdict_of")
LESSON = ("camera", "RowKey", "path", "captured_at", "recipe", "backbone", *VERDICT)
_SEQUENCE = "sequence"
# Of a day's row, so that a camera with a million undated frames still has one: some 30,000 sequences.
BRIEF_BYTES = 524_288


def frame_row(frame: Frame) -> Row:
    """The row of table `frames`; every property is always there, so that a merge replaces all of them."""
    row = {name: getattr(frame, name) for name in (*OWN, "answers")}
    return checked(row | {
        "PartitionKey": escape(frame.camera),
        "RowKey": frame.row_key,
        "status": str(frame.status),
        "captured_at": _iso(frame.captured_at),
        "scores": "" if frame.scores is None else text(frame.scores),
    })  # fmt: skip


def frame_of(row: Mapping[str, Any]) -> Frame:
    """The frame in a row; properties that were not asked for keep their defaults."""
    said = {name: row[name] for name in (*OWN, "answers") if row.get(name) is not None}
    return Frame(**said | {
        "status": Status(row["status"]),
        "captured_at": _time(row["captured_at"]),
        "scores": json.loads(row["scores"]) if row.get("scores") else None,
        "verdict": verdict_of(row),
    })  # fmt: skip


def answers_of(row: Mapping[str, Any]) -> bytes:
    """Which uploads the frame in a row answers, as digests."""
    return bytes(row.get("answers") or b"") or answer.old(row["path"], row["etag"], row["size"])


def decided_rows(decision: Decision) -> list[Row]:
    """What a person decided, to be merged into the rows of the frames; a withdrawn verdict is an empty one."""
    of = _SEQUENCE if decision.of_sequence else "frame"
    told = dict(zip(VERDICT, (decision.said, decision.by, decision.at, of), strict=True))
    camera = escape(decision.camera)
    return [checked({"PartitionKey": camera, "RowKey": row_key, **told}) for row_key in decision.frames]


def verdict_of(row: Mapping[str, Any]) -> Verdict | None:
    """The verdict in a frame's row, if there is one."""
    if not row.get("verdict"):
        return None
    return Verdict(
        camera=row["camera"],
        row_key=row["RowKey"],
        said=row["verdict"],
        by=row["verdict_by"],
        at=row["verdict_at"],
        of_sequence=row.get("verdict_of") == _SEQUENCE,
    )


def decision_row(decision: Decision) -> Row:
    """The row of table `decisions`: what a person decided, kept for good whatever is decided later."""
    return checked({
        "PartitionKey": escape(decision.camera),
        "RowKey": decision.row_key,
        "camera": decision.camera,
        "sequence_id": decision.sequence_id,
        "said": decision.said,
        "of": _SEQUENCE if decision.of_sequence else "frame",
        "by": decision.by,
        "at": decision.at,
        **packed("frames", decision.frames),
    })  # fmt: skip


def decision_of(row: Mapping[str, Any]) -> Decision:
    """The decision in a row."""
    told = {name: row[name] for name in ("camera", "sequence_id", "said", "by", "at")}
    return Decision(**told, frames=tuple(unpacked(joined("frames", row))), of_sequence=row["of"] == _SEQUENCE)


def lesson_of(row: Mapping[str, Any]) -> Lesson:
    """The verdict in a frame's row, with what it is about."""
    verdict = verdict_of(row)
    if verdict is None:
        raise ValueError(f"frame {row['RowKey']} has no verdict")
    return Lesson(
        verdict=verdict,
        path=row["path"],
        captured_at=_time(row["captured_at"]),
        recipe=row["recipe"],
        backbone=row["backbone"],
        features=bytes(row.get("features") or b""),
    )


def judged_row(camera: str, day: str) -> Row:
    """The row of table `judged`, the index of verdicts: people said something about this camera's day."""
    return checked({"PartitionKey": escape(camera), "RowKey": day, "camera": camera})


def label_row(label: Label, finalized_at: datetime) -> Row:
    """The row of table `labels`; the frames' part is zlib-compressed JSON in as many properties as it needs."""
    shots = [shot_json(shot) | {"key": shot.row_key, "verdict": _verdict(shot.verdict)} for shot in label.frames]
    return checked({
        "PartitionKey": escape(label.camera),
        "RowKey": label.sequence_id,
        "camera": label.camera,
        "start": _iso(label.start),
        "end": _iso(label.end),
        "n_frames": label.n_frames,
        "n_scored": label.n_scored,
        "scores": text(label.scores),
        "label": label.label,
        "backbone": label.backbone,
        "head": label.head,
        "earlier": text(label.earlier),
        "finalized_at": finalized_at,
        **({} if label.probability is None else {"probability": label.probability}),
        **packed("frames", shots),
    })  # fmt: skip


def label_rows(labels: Iterable[Label], finalized_at: datetime) -> tuple[list[Row], LimitExceeded | None]:
    """The rows of those labels that a row can hold, and why the last of the others cannot be held, if there are any."""
    found: list[Row] = []
    refused = None
    for label in labels:
        try:
            found.append(label_row(label, finalized_at))
        except LimitExceeded as error:
            refused = error
    return found, refused


def label_of(row: Mapping[str, Any]) -> Label:
    """The label in a row."""
    return Label(
        camera=row["camera"],
        sequence_id=row["RowKey"],
        start=_time(row["start"]),
        end=_time(row["end"]),
        frames=tuple(_shot(row["camera"], shot) for shot in unpacked(joined("frames", row))),
        n_frames=row["n_frames"],
        n_scored=row["n_scored"],
        scores=json.loads(row["scores"]),
        label=row["label"],
        probability=row.get("probability"),
        backbone=row["backbone"],
        head=row["head"],
        earlier={head: (said[0], said[1]) for head, said in json.loads(row.get("earlier", "{}")).items()},
    )


def label_json(label: Label) -> dict[str, Any]:
    """The label as `labels.json` lists it."""
    return {
        "camera": label.camera,
        "sequence_id": label.sequence_id,
        "start": _iso(label.start) or None,
        "end": _iso(label.end) or None,
        "n_frames": label.n_frames,
        "n_scored": label.n_scored,
        "label": label.label,
        "probability": label.probability,
        "scores": dict(label.scores),
        "frames": [shot_json(shot) for shot in label.frames],
        "backbone": label.backbone,
        "head": label.head,
    }


def day_row(camera: str, day: str, due: datetime) -> Row:
    """The row of table `days` that says when a day is due; merged into what is there."""
    return checked({
        "PartitionKey": escape(camera), "RowKey": day, "camera": camera, "due": due, "settled": False,
    })  # fmt: skip


def told_row(day: Day, briefs: Iterable[Brief], seen: int, settled: Settled | None) -> Row:
    """The row of table `days` with its sequences in brief, and whether it is settled; merged into what is there.

    What has no room is left out.
    """
    told = fitting("brief", [brief.encoded() for brief in briefs], BRIEF_BYTES)
    return checked({"PartitionKey": escape(day.camera), "RowKey": day.day, "seen": seen, **told, **_settled(settled)})


def _settled(said: Settled | None) -> Row:
    if said is None:
        return {}
    counts = {"n_frames": said.n_frames, "n_corrupt": said.n_corrupt}
    return {"settled": True, "settled_at": said.at, "head": said.head, **counts}


def briefs_of(row: Mapping[str, Any]) -> tuple[Brief, ...]:
    """The sequences in brief in a day's row."""
    return _briefs(row["camera"], joined("brief", row))


# A wall reads all days at every page, and few change in between: of 50,000 sequences half of its time was decoding.
# So many days take some 40 MB.
@lru_cache(maxsize=8_192)
def _briefs(camera: str, whole: bytes) -> tuple[Brief, ...]:
    return tuple(Brief.decoded(camera, said) for said in unpacked(whole))


def day_of_row(row: Mapping[str, Any], etag: str) -> Day:
    """The day in a row."""
    return Day(
        camera=row["camera"],
        day=row["RowKey"],
        due=row["due"],
        settled=row["settled"],
        # A property that was asked for and is not there comes as None from Azure, and not at all from Azurite.
        head=row.get("head") or "",
        seen=row.get("seen") or 0,
        etag=etag,
    )


def deployment_row(deployment: Deployment) -> Row:
    """The row of table `deployments`: keyed by camera, then by the local wall time of its start and its identifier."""
    start = f"{time_key(deployment.start)}~"
    return checked({
        "PartitionKey": escape(deployment.camera),
        "RowKey": start + escape(deployment.deployment_id, LONGEST - len(start)),
        "camera": deployment.camera,
        "start": _iso(deployment.start),  # as text: table storage keeps times in UTC, and the offset would be lost
        "end": _iso(deployment.end),
        "correction": deployment.correction.total_seconds(),
        "clock_note": deployment.clock_note,
        "clock_at": _iso(deployment.clock_at),
        "columns": text(dict(deployment.columns)),
    })  # fmt: skip


def deployment_of_row(row: Mapping[str, Any]) -> Deployment:
    """The deployment in a row."""
    return Deployment(
        camera=row["camera"],
        start=datetime.fromisoformat(row["start"]),
        end=datetime.fromisoformat(row["end"]),
        correction=timedelta(seconds=row["correction"]),
        clock_note=row["clock_note"],
        clock_at=_time(row["clock_at"]),
        columns=json.loads(row["columns"]),
    )


def _shot(camera: str, said: Mapping[str, Any]) -> Shot:
    row_key, verdict = said.get("key", ""), said.get("verdict")
    return Shot(
        said["path"],
        _time(said["captured_at"]),
        Status(said["status"]),
        said["scores"],
        row_key=row_key,
        verdict=verdict and Verdict(camera=camera, row_key=row_key, **verdict | {"at": _time(verdict["at"])}),
    )


def _verdict(verdict: Verdict | None) -> dict[str, Any] | None:
    if verdict is None:
        return None
    said, by, at = verdict.said, verdict.by, verdict.at.isoformat()
    return {"said": said, "by": by, "at": at, "of_sequence": verdict.of_sequence}


def shot_json(shot: Shot) -> dict[str, Any]:
    """A frame as `labels.json` lists it."""
    scores = None if shot.scores is None else dict(shot.scores)
    return {
        "path": shot.path, "captured_at": _iso(shot.captured_at) or None, "status": str(shot.status), "scores": scores,
    }  # fmt: skip


def _iso(at: datetime | None) -> str:
    return at.isoformat() if at else ""


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
