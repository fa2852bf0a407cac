"""What the host gave up on becomes failures that a person can see, and is sent again where that may help."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from azure.core.exceptions import ResourceNotFoundError

from functions import telemetry
from shared.attempt import KEPT
from shared.failure import Failure, buried
from shared.message import body_of, key_of_body

if TYPE_CHECKING:
    from azure.storage.queue import QueueClient, QueueMessage

    from shared.failures import Failures

# One run ends before the next begins, and before the first message that it has received is visible again.
LIMIT = timedelta(seconds=40)
VISIBLE_AFTER = 60
PAGE = 32  # as many as a queue gives at once


def run(
    *,
    failures: Failures,
    poison: Mapping[str, QueueClient],
    redrive: Callable[[Failure], object],
    now: Callable[[], datetime],
) -> None:
    """Empties the poison queues, then sends again what is due; goes on the next time where it takes too long.

    `poison` is by the queue that failed. Safe to be killed at any point, and to run beside itself. `now` is UTC.
    """
    until = now() + LIMIT
    for queue, client in poison.items():
        for message in _waiting(client):
            failure = bury(queue, message, failures=failures, now=now())
            with suppress(ResourceNotFoundError):  # another one was faster
                client.delete_message(message)
            # Only now: a message that comes again finds its reason.
            failures.clear(queue, failure.key)
            if now() > until:
                return
    for failure in failures.due(now()):
        redrive(failure)
        if now() > until:
            return
    failures.clear_untouched(now() - KEPT)


def _waiting(client: QueueClient) -> Iterator[QueueMessage]:
    """The messages of a queue; none where the queue is not there yet, since the host makes it when it gives up."""
    try:
        yield from client.receive_messages(messages_per_page=PAGE, visibility_timeout=VISIBLE_AFTER)
    except ResourceNotFoundError:
        return


def bury(queue: str, message: QueueMessage, *, failures: Failures, now: datetime) -> Failure:
    """Keeps a message as a failure, with what was noted of its attempts; the failure."""
    key = key_of_body(queue, body_of(message.content)[0])
    known = failures.attempts(queue, key)
    before = None if known else failures.read(queue, key)
    failure = buried(queue, message.content, message.inserted_on or now, known, before, now)
    failures.bury(failure)
    if failure.due is None:
        telemetry.count_failure()
    return failure
