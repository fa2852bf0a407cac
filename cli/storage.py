"""The storage that a command works on; its libraries, 0.2 s of imports, are loaded by the commands that reach it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
