"""A message that the host gave up on becomes a failure that a person can see."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from functions import telemetry

if TYPE_CHECKING:
    import azure.functions as func

    from shared.store import Store

# The host copies the body only; what was raised stands in the log under the function's name.
_ERROR = "the host gave up after the attempts that host.json allows; the log has the reason"


def run(queue: str, message: func.QueueMessage, *, store: Store, now: datetime) -> None:
    """Keeps the message's body under the queue it failed on. `now` is UTC."""
    store.bury(queue, str(message.id), message.get_body(), _ERROR, now)
    telemetry.count_failure()
