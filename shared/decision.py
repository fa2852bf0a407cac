"""What a person decided, on the review page or elsewhere: one word about some frames of one camera."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from shared.day import day_of_key
from shared.errors import UnciaError
from shared.frame import check_key
from shared.verdict import Verdict, check

# A camera that fires every second fills the longest sequence, 15 minutes, with 900; without a cap a day has 86,400.
MOST_FRAMES = 20_000
MOST_DECISIONS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A verdict on frames of one camera, or, where nothing is said, that theirs is withdrawn; raises UnciaError."""

    camera: str
    sequence_id: str  #: of the sequence that the person looked at
    frames: tuple[str, ...]  #: row keys
    said: str
    by: str
    at: datetime  #: UTC
    of_sequence: bool = True  #: said of the sequence that they are, not of each frame by itself
    seen: Mapping[str, datetime] = field(default_factory=dict)  #: the verdicts that the person knew of: times, by frame

    def __post_init__(self) -> None:
        if not (self.camera and self.sequence_id and self.frames and all(self.frames)):
            raise UnciaError("a decision is about frames of a camera's sequence")
        for row_key in (self.sequence_id, *self.frames):
            check_key(row_key)
        if len(self.frames) > MOST_FRAMES:
            raise UnciaError(f"a decision is about at most {MOST_FRAMES:,} frames, not {len(self.frames):,}")
        check("the name of who decides", self.by)
        if self.said:
            check("a verdict", self.said)

    def among(self, row_keys: Collection[str]) -> list[Decision]:
        """The same decision, about those of its frames only that are among these, if there are any."""
        kept = tuple(row_key for row_key in self.frames if row_key in row_keys)
        return [replace(self, frames=kept)] if kept else []

    @property
    def days(self) -> list[str]:
        """The days of the sequence and of its frames: those whose labels and briefs are to follow."""
        return sorted({day_of_key(row_key) for row_key in (self.sequence_id, *self.frames)})

    @property
    def row_key(self) -> str:
        """When and what: sorts as decisions were made; who says the same again at the same moment says it once."""
        about = "\n".join((self.by, self.said, *self.frames))
        return f"{self.at:%Y%m%dT%H%M%S%f}~{hashlib.sha256(about.encode()).hexdigest()[:16]}"


def recorded(verdicts: Iterable[Verdict], stored: Mapping[str, Verdict | None]) -> list[Decision]:
    """The decisions that bring verdicts on a camera's frames, each frame once, to those that are stored.

    Left out are frames that are not stored, those that have just this verdict, and those that have a later one: a word
    said elsewhere never replaces what was said here after it. Whoever said the same of several frames at once decided
    once; of which sequence is not known, and the first frame stands for it.
    """
    same: dict[tuple[str, str, str, datetime, bool], list[str]] = {}
    for one in verdicts:
        if one.row_key in stored and not stands(one, stored[one.row_key]):
            same.setdefault((one.camera, one.said, one.by, one.at, one.of_sequence), []).append(one.row_key)
    return [
        Decision(
            camera=camera, sequence_id=min(keys), frames=tuple(sorted(keys)), said=said, by=by, at=at, of_sequence=whole
        )
        for (camera, said, by, at, whole), keys in same.items()
    ]


def stands(new: Verdict, there: Verdict | None) -> bool:
    """Whether the verdict that a frame has stays where this one comes: it is the same, or later."""
    return there is not None and (there == new or there.at > new.at)


def decisions(said: Any, by: str, at: datetime) -> list[Decision]:
    """The decisions in what a page sent, `{"decisions": […]}`; raises UnciaError for anything else. `at` is UTC."""
    listed = said.get("decisions") if isinstance(said, dict) else None
    if not isinstance(listed, list) or not 0 < len(listed) <= MOST_DECISIONS:
        raise UnciaError(f"there must be 1 to {MOST_DECISIONS} decisions")
    return [_decision(one, by, at) for one in listed]


def _decision(said: Any, by: str, at: datetime) -> Decision:
    if not isinstance(said, Mapping):
        raise UnciaError("a decision is an object")
    camera, sequence_id, word = (said.get(name) for name in ("camera", "sequence_id", "said"))
    if not (isinstance(camera, str) and isinstance(sequence_id, str) and isinstance(word, str)):
        raise UnciaError("a decision has the texts camera, sequence_id and said")
    frames = said.get("frames")
    if not isinstance(frames, list) or not all(isinstance(key, str) for key in frames):
        raise UnciaError("a decision has a list of frames' keys")
    return Decision(
        camera=camera,
        sequence_id=sequence_id,
        frames=tuple(dict.fromkeys(frames)),
        said=word,
        by=by,
        at=at,
        of_sequence=said.get("of") != "frame",
        seen=_seen(said.get("seen") or {}),
    )


def _seen(said: Any) -> dict[str, datetime]:
    if not isinstance(said, dict):
        raise UnciaError("seen is an object: times of verdicts by frame")
    return {row_key: _moment(at) for row_key, at in said.items()}


def _moment(said: Any) -> datetime:
    try:
        at = datetime.fromisoformat(said)
    except (TypeError, ValueError):
        at = None
    if at is None or at.tzinfo is None:
        raise UnciaError("seen has times of verdicts, with their zone")
    return at
