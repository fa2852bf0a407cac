"""Azurite for as long as a bench needs it, and what steps that a bench calls itself stand on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from azure.storage.queue import QueueClient

from cli import storage
from devhost.azurite import Azurite
from shared import connect
from shared.store import Store

READY_SECONDS = 120  # a busy machine starts Azurite in half a minute


@contextmanager
def azurite(folder: Path) -> Iterator[str]:
    """The connection string of an Azurite in a folder, which is stopped in the end."""
    one = Azurite(folder, ready_within=READY_SECONDS)
    one.start()
    try:
        yield one.connection_string
    finally:
        one.stop()


@contextmanager
def tables_and_sequences(folder: Path) -> Iterator[tuple[Store, QueueClient]]:
    """Empty tables, and queue `sequences`, over an Azurite of their own."""
    with azurite(folder) as said:
        connection = {"connection": said}
        sequences = connect.queue(connection, "sequences")
        sequences.create_queue()
        yield storage.store(connection), sequences


def clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)
