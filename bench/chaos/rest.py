"""Whether anything is still to be done: looked up in storage itself, past the proxy."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping

from azure.storage.queue import QueueServiceClient

from cli import storage
from devhost.blob_watch import HOSTS, receipts, version
from shared import connect

POLL_SECONDS = 1.0
# Whoever subscribes reads this queue, and nobody does here.
OTHERS = connect.ALERTS


def waiting(connection: Mapping[str, str]) -> dict[str, int]:
    """How many messages each queue holds, invisible and given-up ones included; empty queues are left out."""
    service = QueueServiceClient.from_connection_string(connection["connection"])
    names = [queue.name for queue in service.list_queues() if queue.name != OTHERS]
    counts = {name: _length(service, name) for name in names}
    return {name: number for name, number in counts.items() if number}


def unnoticed(connection: Mapping[str, str], function: str = "featurize") -> int:
    """How many uploads no host has noticed."""
    blobs = connect.blobs(connection)
    seen = set(blobs.get_container_client(HOSTS).list_blob_names(name_starts_with=receipts(function)))
    there = blobs.get_container_client("images").list_blobs()
    return sum(receipts(function) + version(blob) not in seen for blob in there)


def unsettled(connection: Mapping[str, str]) -> int:
    """How many days are not settled."""
    return sum(1 for _ in storage.store(connection).read_days(unsettled=True))


def failures(connection: Mapping[str, str]) -> int:
    """How many failures are kept."""
    return sum(1 for _ in storage.failures(connection).all())


def messages(connection: Mapping[str, str]) -> list[str]:
    """What is still to be done with messages and uploads, in words."""
    found = [f"{number} in {name}" for name, number in sorted(waiting(connection).items())]
    # Uploads are looked for only when there are no messages: it is the dearest question.
    return found or [f"{number} uploads unnoticed" for number in (unnoticed(connection),) if number]


def left(connection: Mapping[str, str]) -> Iterator[str]:
    """What is still to be done, in words."""
    if found := messages(connection):
        yield from found
    elif number := unsettled(connection):
        yield f"{number} days unsettled"


def until_none(left: Callable[[], Iterable[str]], patience: float, say: Callable[[str], None]) -> bool:
    """Returns when nothing is left; False when that took longer than so many seconds."""
    end = time.monotonic() + patience
    while found := " and ".join(left()):
        say(found)
        if time.monotonic() > end:
            return False
        time.sleep(POLL_SECONDS)
    return True


def _length(service: QueueServiceClient, name: str) -> int:
    return service.get_queue_client(name).get_queue_properties().approximate_message_count or 0
