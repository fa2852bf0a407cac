"""Attempts that raised: why, how often and when, noted while the host still tries again."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.errors import NotTaken, UnciaError
from shared.message import printable

# Long enough for the sentence, short enough for a table on a screen.
LONGEST = 500
# The last time that a failure is sent again by itself is six hours after the failure before it. What raises a day
# later is another story, and begins to be counted anew.
FRESH = timedelta(days=1)
# A queue keeps messages for seven days: after eight, nothing is under way any more that could fail.
KEPT = timedelta(days=8)
_SECRET = re.compile(r"(?i)\b(sig|AccountKey|SharedAccess\w+|Bearer|secret|password)(=|:? )[^\s&;,]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempts:
    """The attempts at one message or image that raised. Times are UTC."""

    queue: str
    key: str
    error: str  #: why the last one did, in a sentence
    for_person: bool  #: whether somebody has to mend something before another can succeed
    number: int
    first_at: datetime
    last_at: datetime
    touched_at: datetime  #: when this was noted, or sent again
    sent_again: int = 0  #: how often it was sent again by itself


def tried(known: Attempts | None, queue: str, key: str, error: BaseException, now: datetime) -> Attempts:
    """The attempts with one more that raised this."""
    one = Attempts(
        queue=queue,
        key=key,
        error=reason(error),
        for_person=for_person(error),
        number=1,
        first_at=now,
        last_at=now,
        touched_at=now,
    )
    if known is None or now - known.touched_at > FRESH:
        return one
    return replace(one, number=known.number + 1, first_at=known.first_at, sent_again=known.sent_again)


def reason(error: BaseException) -> str:
    """Why something raised, in one line without secrets; our own sentences are for people as they are."""
    line = next((line.strip() for line in str(error).splitlines() if line.strip()), "")
    whole = line if isinstance(error, UnciaError) and line else f"{type(error).__name__}: {line}".removesuffix(": ")
    return printable(_SECRET.sub(r"\1\2…", whole), LONGEST)


def for_person(error: BaseException) -> bool:
    """Whether trying again is of no use before a person has mended something."""
    return isinstance(error, UnciaError) and not isinstance(error, NotTaken)
