"""The storage that a command works on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from azure.storage.blob import ContainerClient
from azure.storage.queue import QueueClient

from cli import stack
from shared import connect, settings
from shared.errors import UnciaError
from shared.heads import CONTAINER as MODELS
from shared.heads import Heads
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
    return Store(connect.tables(storage))


def sequences(storage: Mapping[str, str]) -> QueueClient:
    """The queue that asks for days to be finalized."""
    return connect.queue(storage, "sequences")


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
    return connect.blobs(storage).get_container_client("images")


def heads(storage: Mapping[str, str]) -> Heads:
    """The heads."""
    return Heads(connect.blobs(storage).get_container_client(MODELS))


def queue(storage: Mapping[str, str], name: str) -> QueueClient:
    """One of the stack's queues."""
    return connect.queue(storage, name)
