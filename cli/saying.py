"""What somebody said of an image, in the words that all sources are brought to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from shared.errors import BadTable, UnciaError
from shared.verdict import check


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What somebody said of one image."""

    number: int  #: of its row or entry, as people count them
    cameras: tuple[str, ...]  #: whose it may be, the surest first; nothing for any
    path: str
    said: str
    by: str = ""  #: nothing where the source does not tell
    at: datetime | None = None  #: UTC
    of_sequence: bool = False
    frame: str = ""  #: what our own exports call the frame: it ends with its row key


@dataclass(frozen=True, slots=True)
class Source:
    """All that a source says, and how many images it says several species of."""

    noun: str  #: what is counted
    sayings: Sequence[Saying]
    several: Sequence[int] = field(default=())  #: the numbers of those images


def checked(what: str, word: str, wrong: Callable[[str], BadTable]) -> None:
    """Raises BadTable for a word nobody would say."""
    try:
        check(what, word)
    except UnciaError as error:
        raise wrong(str(error)) from error


def time(text: Any, wrong: Callable[[str], BadTable]) -> datetime | None:
    """The time that a text tells, in UTC; None where there is none; raises BadTable."""
    if not text:
        return None
    try:
        return utc(datetime.fromisoformat(str(text)))
    except (ValueError, OverflowError) as error:
        raise wrong(f"{text!r} is no time as in 2026-01-31T17:05:00Z") from error


def utc(at: datetime | None) -> datetime | None:
    """A time in UTC; one without zone is taken to be."""
    return at and (at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC))
