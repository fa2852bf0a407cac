"""The storage that a command works on; its libraries, 0.2 s of imports, are loaded by the commands that reach it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cli import stack
from shared import settings
from shared.errors import UnciaError

if TYPE_CHECKING:
    from azure.storage.blob import ContainerClient
    from azure.storage.queue import QueueClient

    from functions.redrive import Outcome
    from shared.failure import Failure
    from shared.failures import Failures
    from shared.heads import Heads
    from shared.outbox import Outbox
    from shared.rulebook import Rulebook
    from shared.store import Store


def found(data: Path = stack.HOME) -> Mapping[str, str]:
    """The connection that is set, else the stack over this folder; raises UnciaError where there is neither."""
    try:
        return settings.storage()
    except UnciaError:
        running = stack.find(data)
        if running is None:
            raise
        return running.storage


def store(storage: Mapping[str, str]) -> Store:
    """The tables."""
    from shared import connect
    from shared.store import Store

    return Store(connect.tables(storage))


def failures(storage: Mapping[str, str]) -> Failures:
    """What failed."""
    from shared import connect
    from shared.failures import Failures

    return Failures(connect.tables(storage))


def poison(storage: Mapping[str, str]) -> dict[str, QueueClient]:
    """Where the host puts what it gave up on, by the queue that failed; not decoded."""
    from shared import connect
    from shared.message import POISON

    return {queue: connect.plain(storage, name) for queue, name in POISON.items()}


def unburied(storage: Mapping[str, str]) -> int:
    """How many messages the host gave up on that are not among the failures yet."""
    from azure.core.exceptions import ResourceNotFoundError

    number = 0
    for client in poison(storage).values():
        with suppress(ResourceNotFoundError):  # made when the host first gives up
            number += client.get_queue_properties().approximate_message_count or 0
    return number


def bury(storage: Mapping[str, str]) -> Failures:
    """What failed, up to this moment: what the stack's own step does within a minute."""
    from functions import bury

    kept = failures(storage)
    bury.run(failures=kept, poison=poison(storage), redrive=lambda failure: None, now=lambda: datetime.now(UTC))
    return kept


def redriven(storage: Mapping[str, str], kept: Failures, found: Iterable[Failure]) -> Iterator[Outcome]:
    """Sends failures again, one after another; what becomes of each that is still there."""
    from functions import redrive
    from shared import connect
    from shared.message import IMAGES, POISON

    queues = {queue: connect.plain(storage, queue) for queue in POISON if queue != IMAGES}
    container, now = images(storage), clock(storage)
    for one in found:
        if whole := kept.read(one.queue, one.key):
            yield redrive.run(whole, failures=kept, queues=queues, images=container, now=now, by_hand=True)


def sequences(storage: Mapping[str, str]) -> QueueClient:
    """The queue that asks for days to be finalized."""
    return queue(storage, "sequences")


def alerts(storage: Mapping[str, str]) -> QueueClient:
    """The queue that others read alerts from; made where it is missing."""
    from shared import connect

    return connect.outlet(storage, connect.ALERTS)


def outbox(storage: Mapping[str, str]) -> Outbox:
    """The alerts, and the queues that they are put on."""
    from shared import connect
    from shared.outbox import Outbox

    return Outbox(connect.tables(storage), queue(storage, "notify"), alerts(storage))


def rulebook(storage: Mapping[str, str]) -> Rulebook:
    """The rules for alerts."""
    from shared import connect
    from shared.heads import CONTAINER
    from shared.rulebook import Rulebook

    return Rulebook(connect.blobs(storage).get_container_client(CONTAINER))


def clock(storage: Mapping[str, str]) -> Callable[[], datetime]:
    """The time (UTC) as storage has it, to a second: what functions note as due must not hang on a laptop's clock."""
    said: list[str] = []
    images(storage).get_container_properties(
        raw_response_hook=lambda answer: said.append(answer.http_response.headers["Date"])
    )
    ahead = parsedate_to_datetime(said[-1]) - datetime.now(UTC)
    return lambda: datetime.now(UTC) + ahead


def images(storage: Mapping[str, str]) -> ContainerClient:
    """The container that uploads go to."""
    from shared import connect

    return connect.blobs(storage).get_container_client("images")


def heads(storage: Mapping[str, str]) -> Heads:
    """The heads."""
    from shared import connect
    from shared.heads import CONTAINER, Heads

    return Heads(connect.blobs(storage).get_container_client(CONTAINER))


def queue(storage: Mapping[str, str], name: str) -> QueueClient:
    """One of the stack's queues."""
    from shared import connect

    return connect.queue(storage, name)
