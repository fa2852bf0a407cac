"""Notices uploads by listing a container, and remembers what it has noticed (azure-sdk-for-net BlobListener.cs)."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from hashlib import sha256
from threading import Event, Thread

from azure.storage.blob import BlobProperties

from devhost.blob_path import BlobPath
from devhost.runtime import Function
from devhost.storage import UNANSWERED, Storage, told

HOST_ID = "devhost"
HOSTS = "azure-webjobs-hosts"
# The service would send 5,000 at once, which took 140 MB here to read: memory that grew with each upload.
PAGE = 1_000
logger = logging.getLogger(__name__)


class BlobWatch:
    """Announces each version of each blob that one function wants; `looks` counts completed listings."""

    def __init__(self, storage: Storage, function: Function, announce: Callable[[bytes], None], *, look: float) -> None:
        self.looks = 0
        self.path = BlobPath.parse(function.trigger["path"])
        self._storage = storage
        self._function = function.name
        self._announce = announce
        self._look = look
        self._receipts = receipts(function.name)
        self._seen: set[str] = set()
        self._stopping = Event()

    def start(self) -> None:
        """Begins to look; what was uploaded while nobody looked is noticed first."""
        self._seen.update(self._storage.container(HOSTS).list_blob_names(name_starts_with=self._receipts))
        Thread(target=self._watch, name=f"{self._function} blobs", daemon=True).start()

    def stop(self) -> None:
        """Announces nothing more."""
        self._stopping.set()

    def _watch(self) -> None:
        while not self._stopping.is_set():
            listing = 0.0
            try:
                listing = self._look_once()
            except UNANSWERED as error:
                logger.warning("container %s could not be listed: %s", self.path.container, told(error))
            # A long listing is followed by a longer pause, so that listing never takes more than a fifth of the time.
            self._stopping.wait(max(self._look, 4 * listing))

    def _look_once(self) -> float:
        """Announces what is new; how many seconds it took to list what there is."""
        began, announcing = time.monotonic(), 0.0
        container = self._storage.container(self.path.container)
        for blob in container.list_blobs(name_starts_with=self.path.prefix, results_per_page=PAGE):
            if self._stopping.is_set():
                return 0.0
            receipt = self._receipts + version(blob)
            if receipt not in self._seen and self.path.captures(blob.name) is not None:
                found = time.monotonic()
                kept = self._storage.container(HOSTS).get_blob_client(receipt)
                if not kept.exists():  # another host over the same storage may have seen it
                    # The message first, the receipt after: dying in between repeats the blob instead of losing it.
                    self._announce(self._message(blob))
                    kept.upload_blob(b"", overwrite=True)
                self._seen.add(receipt)
                announcing += time.monotonic() - found
        self.looks += 1
        return time.monotonic() - began - announcing

    def _message(self, blob: BlobProperties) -> bytes:
        told = {
            "Type": "BlobTrigger",
            "FunctionId": f"Host.Functions.{self._function}",
            "BlobType": "BlockBlob",
            "ContainerName": self.path.container,
            "BlobName": blob.name,
            "ETag": f'"{str(blob.etag).strip('"')}"',
        }
        return json.dumps(told).encode()


def receipts(function: str) -> str:
    """Where the receipts of one function's blobs lie."""
    return f"blobreceipts/{HOST_ID}/{function}/"


def version(blob: BlobProperties) -> str:
    """A version of a blob, as its receipt is named."""
    return f"{str(blob.etag).strip('"')}/{sha256(blob.name.encode()).hexdigest()}"
