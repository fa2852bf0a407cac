"""Runs blob functions from the queue of announced blobs (azure-sdk-for-net BlobQueueTriggerExecutor.cs)."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping

from azure.core.exceptions import ResourceNotFoundError
from azure.storage.blob import BlobProperties
from azure.storage.queue import QueueMessage

from devhost.blob_path import BlobPath
from devhost.blob_watch import HOST_ID
from devhost.invocation import Invoker
from devhost.listener import Run
from devhost.queues import as_json
from devhost.runtime import Datum, Function
from devhost.storage import UNANSWERED, Storage, told

ANNOUNCED = f"azure-webjobs-blobtrigger-{HOST_ID}"
GIVEN_UP = "webjobs-blobtrigger-poison"
logger = logging.getLogger(__name__)


def blob_run(invoker: Invoker, storage: Storage, functions: Mapping[str, Function]) -> Run:
    """How a listener runs a message that announces a blob; `functions` are the blob functions by name."""

    def run(message: QueueMessage, body: bytes) -> bool:
        announced = _announced(body)
        if announced is None:
            logger.warning("message %s announces no blob", message.id)
            return False
        called, container, name = announced
        function = functions.get(called.rpartition(".")[2])
        if function is None:
            logger.warning("dropped a message for %s, which is not in this app", called)
            return True
        blob = storage.container(container).get_blob_client(name)
        try:
            download = blob.download_blob()
            content, properties = download.readall(), download.properties
        except ResourceNotFoundError:
            return True  # deleted since
        except UNANSWERED as error:
            logger.warning("%s could not read blob %s: %s", function.name, name, told(error))
            return False
        metadata = trigger_metadata(function, container, name, blob.url, properties)
        return invoker.run(function, Datum(content, "bytes"), metadata, f"blob {name} ({message.id})").ok

    return run


def trigger_metadata(
    function: Function, container: str, name: str, url: str, properties: BlobProperties
) -> dict[str, Datum]:
    """What the host says about a blob, and the parts of its name that the path captures."""
    captures = BlobPath.parse(function.trigger["path"]).captures(name) or {}
    return {
        "BlobTrigger": Datum(f"{container}/{name}", "string"),
        "Uri": as_json(url),
        "Properties": as_json(_properties(properties)),
        "Metadata": as_json(properties.metadata or {}),
    } | {key: Datum(value, "string") for key, value in captures.items()}


def _announced(body: bytes) -> tuple[str, str, str] | None:
    """Function, container and name in a message, or None when somebody else wrote it."""
    try:
        told = json.loads(body)
        return told["FunctionId"], told["ContainerName"], told["BlobName"]
    except (ValueError, KeyError, TypeError):
        return None


def _properties(blob: BlobProperties) -> dict[str, object]:
    return {
        "ContentLength": blob.size,
        "ContentType": blob.content_settings.content_type,
        "ETag": blob.etag,
        "LastModified": blob.last_modified.isoformat(),
        "CreatedOn": blob.creation_time.isoformat() if blob.creation_time else None,
    }
