"""Blob `alerts.toml` beside the heads: the rules in force."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from azure.core import MatchConditions
from azure.core.exceptions import ResourceExistsError, ResourceModifiedError, ResourceNotFoundError
from azure.storage.blob import ContainerClient

from shared.errors import BadRules
from shared.rule import LARGEST, Rule, parsed

NAME = "alerts.toml"
FRESH_SECONDS = 30.0

logger = logging.getLogger("uncia")


class Rulebook:
    """The rules of one storage account; they are kept for 30 s before they are read again."""

    def __init__(self, container: ContainerClient, clock: Callable[[], float] = time.monotonic) -> None:
        """Nothing is read before it is asked for."""
        self._container = container
        self._clock = clock
        self._lock = threading.Lock()
        self._rules: tuple[Rule, ...] = ()
        self._checked = -FRESH_SECONDS

    def current(self) -> tuple[Rule, ...]:
        """The rules in force; those read before where they cannot be understood. Safe from any thread.

        Labels are not to stop for a slip in a file that only alerts hang on: `uncia alerts show` tells of it, and so
        does the log.
        """
        with self._lock:
            if self._clock() - self._checked >= FRESH_SECONDS:
                try:
                    self._rules = parsed(self.read()[0])
                except BadRules:
                    logger.error("the rules for alerts cannot be understood: `uncia alerts show` says why")
                self._checked = self._clock()
            return self._rules

    def read(self) -> tuple[str, str]:
        """The file's text and ETag; twice nothing where there is none. Raises BadRules for what is no text."""
        try:
            download = self._container.download_blob(NAME)
        except ResourceNotFoundError:
            return "", ""
        if download.size > LARGEST:
            raise BadRules(f"the rules have {download.size:,} bytes: at most {LARGEST:,} are read")
        try:
            return bytes(download.readall()).decode(), str(download.properties.etag)
        except UnicodeDecodeError as error:
            raise BadRules(f"the rules are no text in UTF-8: {error}") from error

    def etag(self) -> str:
        """The file's ETag, whatever it says; nothing where there is none."""
        try:
            return str(self._container.download_blob(NAME).properties.etag)
        except ResourceNotFoundError:
            return ""

    def write(self, text: str, etag: str) -> tuple[Rule, ...]:
        """Puts rules in force, in place of those with this ETag, or of none; raises BadRules before it writes."""
        rules = parsed(text)
        content = text.encode()
        if len(content) > LARGEST:
            raise BadRules(f"the rules have {len(content):,} bytes: at most {LARGEST:,} are read")
        unless: dict[str, Any] = {"etag": etag, "match_condition": MatchConditions.IfNotModified} if etag else {}
        try:
            self._container.upload_blob(NAME, content, overwrite=bool(etag), **unless)
        except (ResourceExistsError, ResourceModifiedError) as error:
            raise BadRules("somebody else changed the rules at the same moment: look at them, and try again") from error
        return rules
