"""A failure is sent again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from shared.announcing import announce
from shared.failure import Failure, carried
from shared.message import IMAGES, image_of

if TYPE_CHECKING:
    from azure.storage.blob import ContainerClient
    from azure.storage.queue import QueueClient

    from shared.failures import Failures


class Outcome(StrEnum):
    """What became of a failure."""

    SENT = "sent again"
    GONE = "its image is gone"
    STAYS = "nothing can be sent again for it"


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
    follows is sent again by itself as often as at first. `queues` do not encode. `now` is UTC.
    """
    if failure.queue == IMAGES and not failure.about:
        return Outcome.STAYS
    failures.note(carried(failure, 0 if by_hand else failure.sent_again + 1, now()))
    sent = _sent(failure, queues, images)
    if failures.unbury(failure) and not sent:
        failures.clear(failure.queue, failure.key)
    return Outcome.SENT if sent else Outcome.GONE


def _sent(failure: Failure, queues: Mapping[str, QueueClient], images: ContainerClient) -> bool:
    if failure.queue == IMAGES:
        return announce(images.get_blob_client(image_of(failure.body)))
    queues[failure.queue].send_message(failure.content)
    return True
