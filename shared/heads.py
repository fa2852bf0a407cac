"""Container `models`: every head by version, and which one is current."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable

from azure.core.exceptions import ResourceNotFoundError
from azure.storage.blob import ContainerClient

from shared.head import Head

CONTAINER = "models"
# Instances are to notice a new head within a minute; one small read each 30 s costs nothing.
FRESH_SECONDS = 30.0
_CURRENT = "current.json"


class Heads:
    """The heads of one storage account; the current one is kept for 30 s before its name is read again."""

    def __init__(self, container: ContainerClient, clock: Callable[[], float] = time.monotonic) -> None:
        """Nothing is read before it is asked for."""
        self._container = container
        self._clock = clock
        self._lock = threading.Lock()
        self._head: Head | None = None
        self._checked = -FRESH_SECONDS

    def latest(self) -> Head | None:
        """The head that is current at this moment."""
        return self.current(at_most=0.0)

    def current(self, at_most: float = FRESH_SECONDS) -> Head | None:
        """The head in force `at_most` so many seconds ago; None where none was published. Safe from any thread."""
        with self._lock:
            if self._clock() - self._checked >= at_most:
                version = self._version()
                if version != (self._head.version if self._head else None):
                    self._head = Head(self._read(f"heads/{version}.onnx")) if version else None
                self._checked = self._clock()
            return self._head

    def publish(self, content: bytes) -> Head:
        """Makes a head the current one and gives it back; raises HeadRefused before anything is written."""
        head = Head(content)
        self._container.upload_blob(f"heads/{head.version}.onnx", content, overwrite=True)
        self._container.upload_blob(_CURRENT, json.dumps({"head": head.version}), overwrite=True)
        return head

    def _version(self) -> str | None:
        try:
            version: str = json.loads(self._read(_CURRENT))["head"]
        except ResourceNotFoundError:
            return None
        return version

    def _read(self, name: str) -> bytes:
        return self._container.download_blob(name).readall()
