"""What people said of frames, what that makes of their sequence, and what can be learnt from it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.errors import UnciaError

# Letters: long enough for a class or a person's name, short enough for a table cell.
LONGEST = 200
# What people call a picture with nothing in it: Camtrap DP says blank, COCO Camera Traps empty.
BLANK = ("blank", "empty")
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
    of_sequence: bool = False  #: said of the sequence that the frame was in, not of the frame by itself

    def __post_init__(self) -> None:
        for what, text in (("a verdict", self.said), ("the name of who said it", self.by)):
            check(what, text)
        if not (self.camera and self.row_key):
            raise UnciaError("a verdict is about a frame: it has a camera and a row key")
        if self.at.utcoffset() != timedelta():
            raise UnciaError(f"a verdict's time is in UTC, not {self.at}")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What people said of a sequence: a pure function of the verdicts on its frames."""

    said: tuple[str, ...]  #: the species, in order; one of BLANK only where nobody saw anything
    by: str  #: who had the last word
    at: datetime  #: when, UTC
    complete: bool  #: whether every frame that can be looked at has a verdict

    @property
    def text(self) -> str:
        """The species in one line."""
        return ", ".join(self.said)


def judgement(verdicts: Sequence[Verdict | None], corrupt: Sequence[bool]) -> Judgement | None:
    """What the verdicts on a sequence's frames, None where there is none, make of it; None where there is no verdict.

    Every species that was said of a frame is in the sequence; it is blank where that is all that was said. So frames
    keep what was said of them wherever they go: a part of a split sequence has the verdicts of its frames, a merged one
    those of both, and one that grew is complete only when the new frames have been looked at too.
    """
    given = [one for one in verdicts if one]
    if not given:
        return None
    seen = {one.said for one in given}
    last = max(given, key=lambda one: (one.at, one.by))
    return Judgement(
        said=tuple(sorted({said for said in seen if not is_blank(said)} or seen)),
        by=last.by,
        at=last.at,
        complete=all(one or bad for one, bad in zip(verdicts, corrupt, strict=True)),
    )


def is_blank(said: str) -> bool:
    """Whether a person said that there is nothing."""
    return said.casefold() in BLANK


def overruled(stored: Iterable[Verdict | None], seen: Mapping[str, datetime], by: str) -> Verdict | None:
    """The last word of others on these frames that `by` had not seen; `seen` has the times of those, by frame."""
    others = [one for one in stored if one and one.by != by and one.at != seen.get(one.row_key)]
    return max(others, key=lambda one: (one.at, one.by), default=None)


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
