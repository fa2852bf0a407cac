"""A failure is sent again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from azure.core.exceptions import HttpResponseError

from shared.announcing import announce
from shared.failure import Failure, carried, refused
from shared.message import IMAGES, image_of

if TYPE_CHECKING:
    from azure.storage.blob import ContainerClient
    from azure.storage.queue import QueueClient

    from shared.failures import Failures


class Outcome(StrEnum):
    """What became of a failure."""

    SENT = "sent again"
    GONE = "its image is gone"
    STAYS = "cannot be sent again"


def run(
    failure: Failure,
    *,
    failures: Failures,
    queues: Mapping[str, QueueClient],
    images: ContainerClient,
    now: Callable[[], datetime],
    by_hand: bool = False,
) -> Outcome:
    """Sends a failure, with its body, again and deletes it; one that fails again is a failure again.

    Killed between the two it is sent twice, which no step minds. Whoever sends `by_hand` has mended something: what
    follows is sent again by itself as often as at first. What storage refuses to send stays, with that as its reason.
    `queues` do not encode. `now` is UTC.
    """
    # A row may be older than this version, and of a queue that it does not know.
    if not (failure.about if failure.queue == IMAGES else failure.queue in queues):
        return Outcome.STAYS
    again = 0 if by_hand else failure.sent_again + 1
    failures.note(carried(failure, again, now()))
    try:
        sent = _sent(failure, queues, images)
    except HttpResponseError as error:  # as for an image in the archive tier: others must not wait for it
        failures.bury(refused(failure, error, again, now()))
        return Outcome.STAYS
    if failures.unbury(failure) and not sent:
        failures.clear(failure.queue, failure.key)
    return Outcome.SENT if sent else Outcome.GONE


def _sent(failure: Failure, queues: Mapping[str, QueueClient], images: ContainerClient) -> bool:
    if failure.queue == IMAGES:
        return announce(images.get_blob_client(image_of(failure.body)))
    queues[failure.queue].send_message(failure.content)
    return True
