"""Clients for the storage account that the connection `Storage` names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from azure.data.tables import TableServiceClient
from azure.storage.blob import BlobServiceClient
from azure.storage.queue import QueueClient, TextBase64DecodePolicy, TextBase64EncodePolicy


def tables(storage: Mapping[str, str]) -> TableServiceClient:
    """The table service."""
    if connection := storage.get("connection"):
        return TableServiceClient.from_connection_string(connection)
    return TableServiceClient(_address(storage, "table"), credential=_credential(storage))


def blobs(storage: Mapping[str, str]) -> BlobServiceClient:
    """The blob service."""
    if connection := storage.get("connection"):
        return BlobServiceClient.from_connection_string(connection)
    return BlobServiceClient(_address(storage, "blob"), credential=_credential(storage))


def queue(storage: Mapping[str, str], name: str) -> QueueClient:
    """One queue, its messages in base64 as the queue trigger expects them."""
    coding: dict[str, Any] = {
        "message_encode_policy": TextBase64EncodePolicy(),
        "message_decode_policy": TextBase64DecodePolicy(),
    }
    if connection := storage.get("connection"):
        return QueueClient.from_connection_string(connection, name, **coding)
    return QueueClient(_address(storage, "queue"), name, credential=_credential(storage), **coding)


def _address(storage: Mapping[str, str], service: str) -> str:
    return f"https://{storage['account']}.{service}.core.windows.net"


def _credential(storage: Mapping[str, str]) -> Any:
    # Imported here: only an app on Azure signs in, and the import takes 180 ms.
    from azure.identity import DefaultAzureCredential, ManagedIdentityCredential

    client = storage.get("client")
    return ManagedIdentityCredential(client_id=client) if client else DefaultAzureCredential()
