"""`uncia doctor --azure`: whether a stack works, each part tried with the login of whoever asks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from azure.core.exceptions import ClientAuthenticationError, DecodeError

from cli import management, resources, screen, storage, stranger
from cli.deployment import Deployment
from cli.doctor import Finding, finding_of, none_of
from cli.passage import Passage
from cli.refused import BLOBS, QUEUE, TABLE, tried
from shared import connect, failures
from shared import store as kept
from shared.errors import UnciaError
from shared.store import Store

CONTAINERS = ("images", "models")
TABLES = (*kept.TABLES, *failures.TABLES)
QUEUES = ("frames", "sequences", "retrain")
SCOPE = "https://storage.azure.com/.default"


def examine(
    connection: Mapping[str, str], url: str, passage: Callable[[Store], Passage], here: Deployment | None = None
) -> Iterator[Finding]:
    """Each part in the order in which to mend it; what hangs on a part that is not well is not tried.

    Where it is known what was deployed, and not the storage alone, the resources around it are looked at, too.
    """
    account = named(connection)
    yield (login := finding_of("login", lambda: signed_in(connection)))
    if not login.well:
        return
    rights = [
        *(tried(f"container {name}", BLOBS, account, partial(container, connection, name)) for name in CONTAINERS),
        *(tried(f"queue {name}", QUEUE, account, partial(queue, connection, name)) for name in QUEUES),
        tried("tables", TABLE, account, partial(tables, connection)),
    ]
    yield from rights
    if url:
        yield finding_of("app", lambda: stranger.healthy(url))
    if here:
        yield from resources.examine(here, management.reader(connect.credential(connection)))
        yield finding_of("sign-in", lambda: stranger.turned_away(here.url))
        yield tried("dead letters", BLOBS, account, lambda: delivered(connection))
    if all(finding.well for finding in rights):
        store = storage.store(connection)
        yield tried("head", BLOBS, account, lambda: head(connection))
        yield tried("failures", TABLE, account, lambda: none_of(storage.failures(connection).all()))
        yield tried("test image", BLOBS, account, lambda: through(passage(store)))


def named(connection: Mapping[str, str]) -> str:
    """The storage account; raises UnciaError where it can be none."""
    account = connection.get("account", "") or str(storage.images(connection).account_name)
    if not re.fullmatch(r"[a-z0-9]{3,24}", account):
        raise UnciaError(f"{account!r} is no storage account: a name has 3 to 24 small letters and digits")
    return account


def signed_in(connection: Mapping[str, str]) -> str:
    """Who the machine signs in as: a token is asked for, and not shown."""
    if "connection" in connection:
        return "none needed: Storage is a connection string"
    try:
        connect.credential(connection).get_token(SCOPE)
    except ClientAuthenticationError as error:
        raise UnciaError("nobody is signed in on this machine: run `az login` (or `azd auth login`)") from error
    return f"signed in, for storage account {connection['account']}"


def container(connection: Mapping[str, str], name: str) -> str:
    """Whether a container is there and can be listed."""
    listed = connect.blobs(connection).get_container_client(name).list_blobs(results_per_page=1)
    return "can be listed" if next(iter(listed), None) else "can be listed, is empty"


def queue(connection: Mapping[str, str], name: str) -> str:
    """Whether a queue is there and can be looked into; how much waits in it."""
    client = connect.queue(connection, name)
    waiting = client.get_queue_properties().approximate_message_count
    try:
        client.peek_messages(1)
    except DecodeError:
        return f"{waiting} waiting, and the first was not sent by Uncia"
    return f"{waiting} waiting"


def tables(connection: Mapping[str, str]) -> str:
    """Whether every table can be made, where it is missing, and read."""
    storage.store(connection)
    storage.failures(connection)
    service = connect.tables(connection)
    for name in TABLES:
        rows = service.get_table_client(name).list_entities(select=["PartitionKey"], results_per_page=1)
        next(iter(rows), None)
    return f"{', '.join(TABLES)} can be read"


def delivered(connection: Mapping[str, str]) -> str:
    """Whether Event Grid could deliver every event."""
    letters = connect.blobs(connection).get_container_client("dead-letters").list_blobs()
    if number := sum(1 for _ in letters):
        files = screen.counted(number, "file")
        raise UnciaError(f"{files} of events that the app was not told of: docs/runbook.md says what to do")
    return "none: every event was delivered"


def head(connection: Mapping[str, str]) -> str:
    """The current head."""
    current = storage.heads(connection).latest()
    if current is None:
        raise UnciaError("none is published: train one with `uncia train`, then `uncia publish HEAD.onnx`")
    return f"{current.version}: {', '.join(current.classes)}"


def through(passage: Passage) -> str:
    """Whether an image becomes a label; a current head has to have scored it."""
    label, seconds = passage.run()
    if label.head and not label.n_scored:
        raise UnciaError(
            "came through without a score: the current head was trained on another backbone or crop than the app's; "
            "publish a head that fits, or deploy the backbone that it was trained on"
        )
    return f"became a label in {seconds:.0f} s; nothing of it was left behind"
