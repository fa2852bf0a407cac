"""What an attempt raised is noted before the host tries again: with the message, the reason would be lost."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING

import azure.functions as func
from azure.core.exceptions import AzureError

from functions import telemetry
from shared.attempt import tried
from shared.errors import UnciaError
from shared.message import key_of, key_of_image

if TYPE_CHECKING:
    from shared.failures import Failures


class Noting(AbstractContextManager[None]):
    """One attempt at a message or image. What it raises goes on; a message that succeeds later is forgotten here.

    `failures` is opened only where there is something to note. `now` is UTC.
    """

    def __init__(
        self,
        queue: str,
        came: func.QueueMessage | func.InputStream,
        *,
        failures: Callable[[], Failures],
        now: Callable[[], datetime],
    ) -> None:
        self._queue, self._failures, self._now = queue, failures, now
        if isinstance(came, func.InputStream):
            self._key, self._again = key_of_image(came.name or ""), False
        else:
            self._key, self._again = key_of(came.get_body()), (came.dequeue_count or 1) > 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Notes what was raised, if storage lets it; the error itself is what the host has to see."""
        try:
            if error:
                self._note(error)
            elif self._again:
                self._failures().clear(self._queue, self._key)
        except (AzureError, UnciaError):  # storage is down or not set, which is most likely the error itself
            telemetry.tell("an attempt could not be noted", queue=self._queue)

    def _note(self, error: BaseException) -> None:
        failures = self._failures()
        known = failures.attempts(self._queue, self._key)
        failures.note(tried(known, self._queue, self._key, error, self._now()))
