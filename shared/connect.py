"""Clients for the storage account that the connection `Storage` names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any

from azure.core.credentials import TokenCredential
from azure.core.exceptions import ResourceExistsError
from azure.data.tables import TableServiceClient
from azure.storage.blob import BlobServiceClient
from azure.storage.queue import QueueClient, TextBase64DecodePolicy, TextBase64EncodePolicy

from shared.errors import UnciaError

ALERTS = "alerts"

# The SDK's own first pause is 15 s for blobs and queues; the host retries what three quick retries do not mend.
_PATIENCE: dict[str, Any] = {"retry_total": 3, "initial_backoff": 1, "increment_base": 2, "retry_backoff_factor": 1}


def tables(storage: Mapping[str, str]) -> TableServiceClient:
    """The table service."""
    if connection := _connection(storage):
        with _opening("tables"):
            return TableServiceClient.from_connection_string(connection, **_PATIENCE)
    return TableServiceClient(_address(storage, "table"), credential=credential(storage), **_PATIENCE)


def blobs(storage: Mapping[str, str]) -> BlobServiceClient:
    """The blob service."""
    if connection := _connection(storage):
        with _opening("images"):
            return BlobServiceClient.from_connection_string(connection, **_PATIENCE)
    return BlobServiceClient(_address(storage, "blob"), credential=credential(storage), **_PATIENCE)


def queue(storage: Mapping[str, str], name: str) -> QueueClient:
    """One queue, its messages in base64 as the queue trigger expects them."""
    return _queue(
        storage, name, message_encode_policy=TextBase64EncodePolicy(), message_decode_policy=TextBase64DecodePolicy()
    )


def plain(storage: Mapping[str, str], name: str) -> QueueClient:
    """One queue, its messages as they are: anyone may have sent them."""
    return _queue(storage, name)


def _queue(storage: Mapping[str, str], name: str, **options: Any) -> QueueClient:
    coding = _PATIENCE | options
    if connection := _connection(storage):
        with _opening("queues"):
            return QueueClient.from_connection_string(connection, name, **coding)
    return QueueClient(_address(storage, "queue"), name, credential=credential(storage), **coding)


def outlet(storage: Mapping[str, str], name: str) -> QueueClient:
    """A queue that others read; made where it is missing, since a host makes those that functions are bound to."""
    made = queue(storage, name)
    with suppress(ResourceExistsError):
        made.create_queue()
    return made


def credential(storage: Mapping[str, str]) -> TokenCredential:
    """Who signs in: the identity that is named, else whoever this machine knows, as from `az login`."""
    return _signed_in(storage.get("client", ""))


# One for all clients: each keeps its own token, and on a person's machine the Azure CLI takes a second to give one.
@cache
def _signed_in(client: str) -> TokenCredential:
    # Imported here: only who has no connection string signs in, and the import takes 180 ms.
    from azure.identity import DefaultAzureCredential, ManagedIdentityCredential

    return ManagedIdentityCredential(client_id=client) if client else DefaultAzureCredential()


def _connection(storage: Mapping[str, str]) -> str:
    """The connection string, if that is what is set; raises UnciaError where it is none."""
    text = storage.get("connection", "")
    if text and "=" not in text:
        raise UnciaError("Storage is no connection string: it looks like AccountName=…;AccountKey=…;…")
    return text


@contextmanager
def _opening(what: str) -> Iterator[None]:
    """Tells what a connection string lacks; what the library says of it may repeat its secret."""
    try:
        yield
    except ValueError:
        raise UnciaError(f"Storage opens no {what}: it is cut off, or a pass that only sends images") from None


def _address(storage: Mapping[str, str], service: str) -> str:
    return f"https://{storage['account']}.{service}.core.windows.net"
