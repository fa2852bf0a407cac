"""The record of one image, its row key, and the message that carries it whole."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from shared import answer
from shared.errors import BadMessage, LimitExceeded, UnciaError
from shared.verdict import Verdict

UNDATED = "undated"
# A queue message holds 64 KiB, 48 KiB of them after base64 (Queue Storage scalability targets).
MESSAGE_BYTES = 49_152
_VERSION = 1
# Characters of a blob's name (Naming and Referencing Containers, Blobs, and Metadata).
LONGEST_NAME = 1_024
# A day has one before and one after, and a clock may be a century wrong.
_YEARS = (1900, 2999)
_KEY = re.compile(rf"(?:{UNDATED}|[0-9]{{8}}T[0-9]{{12}})~[0-9a-f]{{16}}")


class Status(StrEnum):
    """Whether an image could be decoded."""

    OK = "ok"
    CORRUPT = "corrupt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One image of one camera: named by its content, so that the same bytes are the same frame."""

    camera: str
    path: str  #: blob name; the smallest of those that the same bytes came under
    digest: str  #: SHA-256 of the bytes, in hex
    etag: str = ""
    size: int = 0  #: bytes
    width: int = 0  #: pixels
    height: int = 0
    status: Status = Status.OK
    reason: str = ""  #: why it is corrupt
    captured_at: datetime | None = None  #: local wall time, no zone
    time_source: str = "none"
    time_said: str = ""
    suspect: bool = False
    recipe: str = ""
    backbone: str = ""  #: the backbone's version, for people
    features: bytes = b""  #: float16, little-endian
    scores: Mapping[str, float] | None = None
    head: str = ""  #: version of the head that gave the scores
    preview: bytes = b""  #: JPEG
    verdict: Verdict | None = None  #: as storage has it; neither messages nor a frame's own row carry it
    #: Which uploads it answers (shared/answer.py): only its row has that, and it is no part of what the frame is.
    answers: bytes = field(default=b"", compare=False)

    @property
    def row_key(self) -> str:
        """When and what: sorts by (captured_at, digest)."""
        return f"{time_key(self.captured_at)}~{self.digest[:16]}"

    @property
    def day(self) -> str:
        """The row of the to-do list that this frame belongs to."""
        return day_of(self.captured_at)

    def encode(self) -> str:
        """The message for queue `frames`, without the preview where it would be too long; raises LimitExceeded.

        Its only top-level names are ours, because the host merges them into the trigger's metadata.
        """
        message = self._message()
        if len(message.encode()) > MESSAGE_BYTES:
            message = replace(self, preview=b"")._message()
        if (size := len(message.encode())) > MESSAGE_BYTES:
            raise LimitExceeded(f"the frame of {self.path} takes {size:,} bytes; a message holds {MESSAGE_BYTES:,}")
        return message

    def _message(self) -> str:
        said: dict[str, Any] = {name: getattr(self, name) for name in OWN}
        said |= {name: base64.b64encode(said[name]).decode() for name in ("features", "preview")}
        said["captured_at"] = self.captured_at and self.captured_at.isoformat()
        return json.dumps({"uncia": _VERSION, "frame": said}, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def decode(cls, body: bytes) -> Frame:
        """The frame in a message; raises BadMessage for anything that `encode` did not write."""
        try:
            message = json.loads(body)
            said = message["frame"]
            if message["uncia"] != _VERSION:
                raise BadMessage(f"the message is of version {message['uncia']}, this program reads {_VERSION}")
            said |= {name: base64.b64decode(said[name], validate=True) for name in ("features", "preview")}
            at = said["captured_at"]
            said["captured_at"] = None if at is None else datetime.fromisoformat(at)
            said["status"] = Status(said["status"])
            if more := {"verdict", "answers"} & said.keys():
                raise BadMessage(f"the message has {more.pop()}, which is not for messages to give")
            return _checked(cls(**said))
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
            raise BadMessage(f"the message is no frame: {error}") from error


# What is known of an image: all but what people said of it, and which uploads it answers.
OWN = tuple(name for name in Frame.__slots__ if name not in ("verdict", "answers"))


_TEXTS = ("camera", "path", "digest", "etag", "reason", "time_source", "time_said", "recipe", "backbone", "head")
_NUMBERS = ("size", "width", "height")


def _checked(frame: Frame) -> Frame:
    """The frame itself, where each field is what it should be, else TypeError or ValueError: anyone may send."""
    for name in _TEXTS:
        writable(name, getattr(frame, name))
    for name in _NUMBERS:
        # Table storage would take no more without being told that it is long. `True` is an int to Python.
        if type(number := getattr(frame, name)) is not int or not 0 <= number < 2**31:
            raise ValueError(f"{name} is no number from 0 to 2³¹")
    if not isinstance(frame.suspect, bool):
        raise TypeError("suspect is neither true nor false")
    if not 0 < len(frame.camera) <= LONGEST_NAME:
        raise ValueError(f"a camera has a name of at most {LONGEST_NAME:,} characters")
    if not re.fullmatch("[0-9a-f]{64}", frame.digest):
        raise ValueError("a frame has a SHA-256 digest")
    check_path(frame.path)
    if (at := frame.captured_at) and (at.tzinfo or not _YEARS[0] <= at.year <= _YEARS[1]):
        raise ValueError("captured_at is local wall time, without zone, of a year that a camera may say")
    if (frame.status is Status.OK) != bool(frame.features) or len(frame.features) % 2:
        raise ValueError("a decoded frame has features of two bytes each, a corrupt one has none")
    if bool(frame.head) != (frame.scores is not None):
        raise ValueError("scores come with the head that gave them")
    for name, score in (frame.scores or {}).items():
        writable("a class", name)
        # NaN, which is in no range, equals nothing: a label with it would be rewritten for ever.
        if type(score) not in (int, float) or not 0 <= score <= 1:
            raise ValueError("scores are numbers from 0 to 1 by class")
    return frame


def check_path(path: object) -> None:
    """Raises ValueError for what names no image: of no name, and of half a character, the SDK makes no address."""
    if not (isinstance(path, str) and 0 < len(path) <= LONGEST_NAME):
        raise ValueError(f"an image has a name of at most {LONGEST_NAME:,} characters")
    path.encode()
    if not stays(path):
        raise ValueError("its path leads out of the container")


def stays(path: str) -> bool:
    """Whether a name, asked of the container of images, is looked for there.

    HTTP libraries resolve dots in an address as in a folder's path: `../models/x` would be read from `models` (tried).
    """
    return {".", ".."}.isdisjoint(path.split("/"))


def writable(name: str, text: object) -> None:
    """Raises TypeError or ValueError for what is no text, or could not be sent on: JSON can bring half a character."""
    if not isinstance(text, str):
        raise TypeError(f"{name} is no text")
    text.encode()


def merged(stored: Frame | None, arrived: Frame) -> Frame:
    """What to keep when the same bytes come again: the smallest path and what was said there, else what arrived.

    It answers every upload that either does. Of one recipe all have the same features, so their order cannot matter; of
    two, the last to arrive stays. Raises ValueError for other bytes.
    """
    new = answer.of(arrived.path, arrived.etag, arrived.size)
    if stored is None:
        return replace(arrived, answers=new)
    if stored.digest != arrived.digest:
        raise ValueError(f"{arrived.path} and {stored.path} differ, but begin with the same 64 bits of SHA-256")
    named = min(arrived, stored, key=lambda frame: frame.path)
    kept = {name: getattr(named, name) for name in ("path", "etag", "time_source", "time_said", "suspect")}
    before = stored.answers or answer.old(stored.path, stored.etag, stored.size)
    answers = answer.united(before, new, arrived.size)
    return replace(arrived, **kept, preview=arrived.preview or stored.preview, answers=answers)


def time_key(at: datetime | None) -> str:
    """The first part of a row key: sorts as time does."""
    return f"{at:%Y%m%dT%H%M%S%f}" if at else UNDATED


def check_key(row_key: str) -> None:
    """Raises UnciaError for what is no row key of a frame."""
    if not _KEY.fullmatch(row_key):
        raise UnciaError(f"{row_key[:60]!r} is no key of a frame")
    try:
        time_of_key(row_key)
    except ValueError as error:
        raise UnciaError(f"{row_key!r} is no key of a frame: there is no such time") from error


def time_of_key(row_key: str) -> datetime | None:
    """The `captured_at` that a row key begins with; None for `undated`."""
    if row_key.startswith(UNDATED):
        return None
    # strptime takes ten times as long, and there may be a million.
    return datetime.fromisoformat(row_key[:15]).replace(microsecond=int(row_key[15:21]))


def day_of(at: datetime | None) -> str:
    """The day's row key: YYYYMMDD, or `undated`."""
    return f"{at:%Y%m%d}" if at else UNDATED


def date_of(day: str) -> date | None:
    """The date of a day's row key; None for `undated`; raises ValueError for anything else."""
    if day == UNDATED:
        return None
    at = datetime.strptime(day, "%Y%m%d")  # noqa: DTZ007 - local wall time
    if day_of(at) != day:  # strptime takes 2026131 for 31 January too
        raise ValueError(f"{day} is no day")
    return at.date()
