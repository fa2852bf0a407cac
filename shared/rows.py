"""What is kept in tables, as rows and back, within the limits of table storage."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from shared.day import Day
from shared.deployment import Deployment
from shared.errors import LimitExceeded
from shared.frame import Frame, Status, time_key
from shared.keys import LONGEST, escape
from shared.label import Label, Shot
from shared.verdict import Lesson, Verdict

Row = dict[str, Any]

# Understanding the Table service data model: per entity 1 MiB and 252 properties of our own; per property 64 KiB.
# Azurite lets some of these pass (253 properties) or breaks (keys with a slash), so they are checked here.
ENTITY_BYTES, PROPERTIES, PROPERTY_BYTES = 1_048_576, 252, 65_536
KEY_BYTES = 1_024
_CHUNK = "frames_{:02d}"
# What a verdict is read with, from its frame's row.
VERDICT = ("camera", "RowKey", "path", "captured_at", "recipe", "backbone", "verdict", "verdict_by", "verdict_at")


def frame_row(frame: Frame) -> Row:
    """The row of table `frames`; every property is always there, so that a merge replaces all of them."""
    row = {name: getattr(frame, name) for name in Frame.__slots__}
    return checked(row | {
        "PartitionKey": escape(frame.camera),
        "RowKey": frame.row_key,
        "status": str(frame.status),
        "captured_at": _iso(frame.captured_at),
        "scores": "" if frame.scores is None else _json(frame.scores),
    })  # fmt: skip


def frame_of(row: Mapping[str, Any]) -> Frame:
    """The frame in a row; properties that were not asked for keep their defaults."""
    said = {name: row[name] for name in Frame.__slots__ if row.get(name) is not None}
    return Frame(**said | {
        "status": Status(row["status"]),
        "captured_at": _time(row["captured_at"]),
        "scores": json.loads(row["scores"]) if row.get("scores") else None,
    })  # fmt: skip


def verdict_row(verdict: Verdict) -> Row:
    """What a person said, to be merged into the row of the frame."""
    return checked({
        "PartitionKey": escape(verdict.camera),
        "RowKey": verdict.row_key,
        "verdict": verdict.said,
        "verdict_by": verdict.by,
        "verdict_at": verdict.at,
    })  # fmt: skip


def lesson_of(row: Mapping[str, Any]) -> Lesson:
    """The verdict in a frame's row, with what it is about."""
    said, by, at = row["verdict"], row["verdict_by"], row["verdict_at"]
    return Lesson(
        verdict=Verdict(camera=row["camera"], row_key=row["RowKey"], said=said, by=by, at=at),
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
    shots = zlib.compress(_json([_shot(shot) for shot in label.frames]).encode())
    chunks = [shots[start : start + PROPERTY_BYTES] for start in range(0, len(shots), PROPERTY_BYTES)]
    return checked({
        "PartitionKey": escape(label.camera),
        "RowKey": label.sequence_id,
        "camera": label.camera,
        "start": _iso(label.start),
        "end": _iso(label.end),
        "n_frames": label.n_frames,
        "n_scored": label.n_scored,
        "scores": _json(label.scores),
        "label": label.label,
        "backbone": label.backbone,
        "head": label.head,
        "earlier": _json(label.earlier),
        "finalized_at": finalized_at,
        **({} if label.probability is None else {"probability": label.probability}),
        **{_CHUNK.format(number): chunk for number, chunk in enumerate(chunks)},
    })  # fmt: skip


def label_of(row: Mapping[str, Any]) -> Label:
    """The label in a row."""
    shots = json.loads(zlib.decompress(b"".join(row[name] for name in sorted(row) if name.startswith("frames_"))))
    return Label(
        camera=row["camera"],
        sequence_id=row["RowKey"],
        start=_time(row["start"]),
        end=_time(row["end"]),
        frames=tuple(
            Shot(shot["path"], _time(shot["captured_at"]), Status(shot["status"]), shot["scores"]) for shot in shots
        ),
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
        "frames": [_shot(shot) for shot in label.frames],
        "backbone": label.backbone,
        "head": label.head,
    }


def day_row(camera: str, day: str, due: datetime) -> Row:
    """The row of table `days` that says when a day is due; merged into what is there."""
    return checked({
        "PartitionKey": escape(camera), "RowKey": day, "camera": camera, "due": due, "settled": False,
    })  # fmt: skip


def settled_row(day: Day, counts: dict[str, int], head: str, now: datetime) -> Row:
    """The row of table `days` that says when, and under which head, a day was settled; merged into what is there."""
    told = {"settled": True, "settled_at": now, "head": head}
    return checked(day_row(day.camera, day.day, day.due) | told | counts)


def day_of_row(row: Mapping[str, Any], etag: str) -> Day:
    """The day in a row."""
    return Day(
        camera=row["camera"],
        day=row["RowKey"],
        due=row["due"],
        settled=row["settled"],
        head=row.get("head", ""),
        etag=etag,
    )


def failure_row(queue: str, message_id: str, body: bytes, error: str, now: datetime) -> Row:
    """The row of table `failures`; the body as bytes, since a text may have 32 Ki characters and a message has 48."""
    return checked({
        "PartitionKey": escape(queue), "RowKey": escape(message_id), "body": body, "error": error, "buried_at": now,
    })  # fmt: skip


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
        "columns": _json(dict(deployment.columns)),
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


def checked(row: Row) -> Row:
    """The row itself; raises LimitExceeded, naming the row and the property, where table storage would refuse it."""
    name = f"row {row['PartitionKey']!r}, {row['RowKey']!r}"
    if len(row) - 2 > PROPERTIES:
        raise LimitExceeded(f"{name} has {len(row) - 2} properties; table storage takes {PROPERTIES}")
    sizes = {key: _size(value) for key, value in row.items()}
    for key, size in sizes.items():
        limit = KEY_BYTES if key in ("PartitionKey", "RowKey") else PROPERTY_BYTES
        if size > limit:
            raise LimitExceeded(f"{name}: {key} has {size:,} bytes; table storage takes {limit:,}")
        if limit == KEY_BYTES and escape(row[key].replace("=", "")) != row[key].replace("=", ""):
            raise LimitExceeded(f"{name}: {key} has a character that table storage does not take in keys")
    if (total := row_bytes(row)) > ENTITY_BYTES:
        raise LimitExceeded(f"{name} has {total:,} bytes; table storage takes {ENTITY_BYTES:,}")
    return row


def row_bytes(row: Row) -> int:
    """The size of an entity as table storage counts it: names and texts in UTF-16."""
    return 4 + sum(8 + 2 * len(key) + _size(value) for key, value in row.items())


def _size(value: object) -> int:
    if isinstance(value, str):
        return len(value.encode("utf-16-le", "surrogatepass"))
    return len(value) if isinstance(value, bytes) else 8


def _shot(shot: Shot) -> dict[str, Any]:
    scores = None if shot.scores is None else dict(shot.scores)
    return {
        "path": shot.path, "captured_at": _iso(shot.captured_at) or None, "status": str(shot.status), "scores": scores,
    }  # fmt: skip


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _iso(at: datetime | None) -> str:
    return at.isoformat() if at else ""


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
