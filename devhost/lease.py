"""One received queue message, held invisible to others for as long as it runs."""

from __future__ import annotations

import logging
from threading import Lock

from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.storage.queue import QueueClient, QueueMessage

from devhost.storage import UNANSWERED, told

logger = logging.getLogger(__name__)
LOST = ("MessageNotFound", "PopReceiptMismatch", "QueueNotFound", "QueueBeingDeleted", "QueueDisabled")


class Lease:
    """Keeps the newest pop receipt of a message; one change at a time."""

    def __init__(self, queue: QueueClient, message: QueueMessage, seconds: float) -> None:
        self._queue = queue
        self._id = message.id
        self._receipt = message.pop_receipt
        self._seconds = seconds
        self._over = False
        self._lock = Lock()

    def renew(self) -> None:
        """Holds the message for another whole lease; a lease already lost stays lost."""
        with self._lock:
            if not self._over:
                self._show_after(self._seconds)

    def release(self, after: float) -> None:
        """Lets the message be received again after so many seconds."""
        with self._lock:
            self._show_after(after)
            self._over = True

    def delete(self) -> None:
        """Removes the message; when it is no longer ours it runs again, as on Azure."""
        with self._lock:
            try:
                if not self._over:
                    self._queue.delete_message(self._id, self._receipt)
            except UNANSWERED as error:
                self._report("deleted", error)
            self._over = True

    def drop(self) -> None:
        """Stops renewing; the message comes back when its lease runs out."""
        with self._lock:
            self._over = True

    def _show_after(self, seconds: float) -> None:
        try:
            changed = self._queue.update_message(self._id, self._receipt, visibility_timeout=round(seconds))
            self._receipt = changed.pop_receipt
        except UNANSWERED as error:
            self._over = _lost(error)
            self._report("kept", error)

    def _report(self, what: str, error: Exception) -> None:
        # A lost lease is ordinary; azure-sdk-for-net QueueProcessor.cs swallows it too.
        level = logging.DEBUG if _lost(error) else logging.WARNING
        logger.log(level, "message %s could not be %s: %s", self._id, what, told(error))


def _lost(error: Exception) -> bool:
    code = getattr(error, "error_code", None)
    return isinstance(error, ResourceNotFoundError) or (isinstance(error, HttpResponseError) and code in LOST)
