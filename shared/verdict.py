"""What people said of frames, and what can be learnt from it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.errors import UnciaError

# Letters: long enough for a class or a person's name, short enough for a table cell.
LONGEST = 200
# Control characters, halves of UTF-16 pairs, and breaks of lines and paragraphs: what would break out of a cell.
_REFUSED = ("Cc", "Cs", "Zl", "Zp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A class or species that a person said of one frame; raises UnciaError for what no person would say."""

    camera: str
    row_key: str  #: of the frame
    said: str
    by: str
    at: datetime  #: UTC

    def __post_init__(self) -> None:
        for what, text in (("a verdict", self.said), ("the name of who said it", self.by)):
            check(what, text)
        if not (self.camera and self.row_key):
            raise UnciaError("a verdict is about a frame: it has a camera and a row key")
        if self.at.utcoffset() != timedelta():
            raise UnciaError(f"a verdict's time is in UTC, not {self.at}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A frame that a person judged; without its features where only the verdict was asked for."""

    verdict: Verdict
    path: str
    captured_at: datetime | None  #: local wall time, no zone
    recipe: str
    backbone: str  #: the backbone's version, for people
    features: bytes = b""  #: float16, little-endian


def check(what: str, text: str) -> None:
    """Raises UnciaError for a text that is empty, too long, not trimmed, or has control characters."""
    if not text or text != text.strip():
        raise UnciaError(f"{what} is {text!r}: it must have letters, and no space around them")
    if len(text) > LONGEST:
        raise UnciaError(f"{what} has {len(text):,} letters: at most {LONGEST} are kept")
    if any(unicodedata.category(letter) in _REFUSED for letter in text):
        raise UnciaError(f"{what} is {text!r}: control characters are not kept")
