"""Container `models`: every head by version, the reports of retrainings, and which head is current."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from azure.core import MatchConditions
from azure.core.exceptions import ResourceExistsError, ResourceModifiedError, ResourceNotFoundError
from azure.storage.blob import ContainerClient

from shared.errors import HeadRefused, Overtaken
from shared.head import LARGEST, Head

CONTAINER = "models"
# Instances are to notice a new head within a minute; one small read each 30 s costs nothing.
FRESH_SECONDS = 30.0
_CURRENT = "current.json"
_HEADS, _ONNX, _REPORTS = "heads/", ".onnx", "reports/"


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
                version, _ = self._named()
                if version != (self._head.version if self._head else None):
                    self._head = Head(self.read(version), later=True) if version else None
                self._checked = self._clock()
            return self._head

    def versions(self) -> list[str]:
        """The versions of all heads ever published here, in no order that means anything."""
        names = self._container.list_blob_names(name_starts_with=_HEADS)
        return [name.removeprefix(_HEADS).removesuffix(_ONNX) for name in names if name.endswith(_ONNX)]

    def read(self, version: str) -> bytes:
        """The file of a head that was published here."""
        return self._read(f"{_HEADS}{version}{_ONNX}")

    def publish(self, content: bytes) -> Head:
        """Makes a head the current one, whichever was; raises HeadRefused before anything is written."""
        head = self._kept(content)
        self._container.upload_blob(_CURRENT, json.dumps({"head": head.version}), overwrite=True)
        return head

    def keep(self, content: bytes, report: str, page: str, *, instead: str | None = None) -> None:
        """Keeps a head with its report (JSON, and Markdown for people): as a candidate, or `instead` of a version.

        `instead` is the head it was compared with, nothing for none: raises Overtaken where another is current by now.
        The report comes before the head is current: cut off in between, the next attempt finds what was decided.
        """
        current, etag = self._named()
        if instead is not None and (current or "") != instead:
            raise Overtaken(f"the current head was {instead or 'none'} and is {current} now")
        head = self._kept(content)
        self._container.upload_blob(f"{_REPORTS}{head.version}.md", page, overwrite=True)
        self._container.upload_blob(f"{_REPORTS}{head.version}.json", report, overwrite=True)
        if instead is not None:
            self._become(head.version, etag)

    def _kept(self, content: bytes) -> Head:
        head = Head(content)
        self._container.upload_blob(f"{_HEADS}{head.version}{_ONNX}", content, overwrite=True)
        return head

    def _become(self, version: str, etag: str) -> None:
        """Names the current head, unless somebody else named one since this ETag, or since there was none."""
        unless: dict[str, Any] = {"etag": etag, "match_condition": MatchConditions.IfNotModified} if etag else {}
        try:
            self._container.upload_blob(_CURRENT, json.dumps({"head": version}), overwrite=bool(etag), **unless)
        except (ResourceModifiedError, ResourceExistsError) as error:
            raise Overtaken("another head became current meanwhile") from error

    def report(self, version: str) -> bytes | None:
        """The report (JSON) of a head that a retraining made; None for another."""
        try:
            return self._read(f"{_REPORTS}{version}.json")
        except ResourceNotFoundError:
            return None

    def kept(self) -> dict[str, datetime]:
        """When each head was written, by version. UTC."""
        return self._listed(_HEADS, _ONNX)

    def reports(self) -> dict[str, datetime]:
        """When each report was written, by the version of its head. UTC."""
        return self._listed(_REPORTS, ".json")

    def _listed(self, folder: str, ending: str) -> dict[str, datetime]:
        found = self._container.list_blobs(name_starts_with=folder)
        return {
            one.name.removeprefix(folder).removesuffix(ending): one.last_modified
            for one in found
            if one.name.endswith(ending)
        }

    def _named(self) -> tuple[str | None, str]:
        """The version that is current, and the ETag of what says so; None and nothing where none was published."""
        try:
            found = self._container.download_blob(_CURRENT)
        except ResourceNotFoundError:
            return None, ""
        version: str = json.loads(found.readall())["head"]
        return version, str(found.properties.etag)

    def _read(self, name: str) -> bytes:
        found = self._container.download_blob(name)
        if found.size > LARGEST:
            raise HeadRefused(f"{name} has {found.size:,} bytes, and a head has at most {LARGEST:,}")
        return found.readall()
