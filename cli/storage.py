"""The storage that a command works on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from azure.storage.blob import ContainerClient

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


def images(storage: Mapping[str, str]) -> ContainerClient:
    """The container that uploads go to."""
    return connect.blobs(storage).get_container_client("images")


def heads(storage: Mapping[str, str]) -> Heads:
    """The heads."""
    return Heads(connect.blobs(storage).get_container_client(MODELS))
