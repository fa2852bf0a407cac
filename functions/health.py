"""Whether the app runs and reaches its storage."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from shared import __version__

if TYPE_CHECKING:
    from azure.storage.queue import QueueClient


def run(queues: Mapping[str, QueueClient]) -> str:
    """JSON: the version, and how many messages wait in each queue; raises where storage does not answer."""
    waiting = {name: queue.get_queue_properties().approximate_message_count for name, queue in queues.items()}
    return json.dumps({"status": "ok", "version": __version__, "waiting": waiting})
