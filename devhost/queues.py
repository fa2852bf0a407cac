"""Queue functions: what they are told about a message."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from azure.storage.queue import QueueMessage

from devhost.invocation import Invoker
from devhost.listener import Run
from devhost.runtime import Datum, Function


def queue_run(invoker: Invoker, function: Function) -> Run:
    """How a listener runs this function on a message."""

    def run(message: QueueMessage, body: bytes) -> bool:
        data = Datum(body, "bytes") if is_binary(function) else Datum(body.decode(errors="replace"), "string")
        return invoker.run(function, data, trigger_metadata(message, body), f"message {message.id}").ok

    return run


def is_binary(function: Function) -> bool:
    """Whether the function asked for bytes instead of text."""
    return str(function.trigger.get("dataType", "")).lower() == "binary"


def trigger_metadata(message: QueueMessage, body: bytes) -> dict[str, Datum]:
    """What the host says about a message, and the body's own fields, which win (Utility.ApplyBindingData)."""
    told = {
        "Id": Datum(message.id, "string"),
        "PopReceipt": Datum(message.pop_receipt, "string"),
        "DequeueCount": as_json(message.dequeue_count),
        "InsertionTime": as_json(_iso(message.inserted_on)),
        "ExpirationTime": as_json(_iso(message.expires_on)),
        "NextVisibleTime": as_json(_iso(message.next_visible_on)),
    }
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return told
    return told | {"QueueTrigger": Datum(text, "string")} | _fields(text)


def as_json(value: Any) -> Datum:
    """Any value as the host hands over what is not a string."""
    return Datum(json.dumps(value), "json")


def _fields(text: str) -> dict[str, Datum]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(value, dict):
        return {}
    return {
        key: Datum(item, "string") if isinstance(item, str) else as_json(item)
        for key, item in value.items()
        if not isinstance(item, list)
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
