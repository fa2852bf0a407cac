"""What the host gave up on: kept until it is sent again, by itself where that may help, else by a person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.attempt import Attempts, reason
from shared.message import about, body_of, content_of, key_of_body

# After an outage of minutes, of an hour, of a morning; then it is no outage.
AGAIN = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
NOT_OURS = "a message that Uncia did not send"
NO_REASON = "no reason was noted, as when a process is killed or storage is down: the app's log may have it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One message or image that the host gave up on. Times are UTC."""

    queue: str
    key: str
    body: bytes  #: empty where only the rest was asked for
    plain: bool  #: whether it was on its queue without base64
    about: str  #: what it is about, in words; nothing where Uncia did not send it
    error: str  #: nothing where none was noted
    for_person: bool  #: whether sending it again is of no use before a person has mended something
    attempts: int  #: those of which a reason was noted
    first_at: datetime
    last_at: datetime
    buried_at: datetime
    sent_again: int = 0  #: how often it was sent again by itself before
    etag: str = ""

    @property
    def due(self) -> datetime | None:
        """When it is sent again by itself; None where it waits for a person."""
        if self.for_person or self.sent_again >= len(AGAIN):
            return None
        return self.buried_at + AGAIN[self.sent_again]

    @property
    def what(self) -> str:
        """What failed, in words."""
        return self.about or NOT_OURS

    @property
    def why(self) -> str:
        """Why, in a sentence."""
        return self.error or NO_REASON

    @property
    def content(self) -> str:
        """What was on the queue."""
        return content_of(self.body, plain=self.plain)


def buried(
    queue: str, content: str, came: datetime, known: Attempts | None, before: Failure | None, now: datetime
) -> Failure:
    """The failure that a message on a poison queue is, since `came`, with what was noted of its attempts.

    Where nothing is noted, that may be since it is a failure already (`before`): the same message comes twice when
    whoever buried it was killed, or when it was sent twice.
    """
    body, plain = body_of(content)
    said = known or before
    what = about(queue, body)
    return Failure(
        queue=queue,
        key=key_of_body(queue, body),
        body=body,
        plain=plain,
        about=what,
        error=said.error if said else "",
        for_person=not what or bool(said and said.for_person),
        attempts=known.number if known else before.attempts if before else 0,
        first_at=said.first_at if said else came,
        last_at=said.last_at if said else came,
        buried_at=now,
        sent_again=said.sent_again if said else 0,
    )


def carried(failure: Failure, sent_again: int, now: datetime) -> Attempts:
    """What is to be known of a failure that is sent again, should it fail again."""
    return Attempts(
        queue=failure.queue,
        key=failure.key,
        error=failure.error,
        for_person=failure.for_person,
        number=failure.attempts,
        first_at=failure.first_at,
        last_at=failure.last_at,
        touched_at=now,
        sent_again=sent_again,
    )


def refused(failure: Failure, error: Exception, sent_again: int, now: datetime) -> Failure:
    """A failure that could not even be sent again."""
    return replace(failure, error=f"could not be sent again: {reason(error)}", sent_again=sent_again, buried_at=now)
