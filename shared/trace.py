"""What travels beside the content of a message: the trace that it belongs to, and when its image was uploaded."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.frame import MESSAGE_BYTES

# W3C Trace Context, version 00: trace, span, flags.
_TRACEPARENT = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


@dataclass(frozen=True, slots=True)
class Trace:
    """One image's way from upload to label; it decides nothing, so whatever is wrong with it is left out."""

    parent: str = ""  #: the `traceparent` of the step that sent the message
    uploaded: datetime | None = None  #: by the storage's clock, with its zone

    @classmethod
    def of(cls, body: bytes) -> Trace:
        """What a message carries; nothing where it carries none, or no such thing: anyone may send."""
        try:
            said = json.loads(body)["trace"]
            return cls(_traceparent(said.get("parent")), moment(said.get("uploaded")))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return cls()

    def beside(self, message: str) -> str:
        """The message, a JSON object, with this beside its content; as it was where there is nothing or no room."""
        said = {"parent": self.parent, "uploaded": self.uploaded and self.uploaded.isoformat()}
        if not any(said.values()):
            return message
        whole = json.dumps(json.loads(message) | {"trace": said}, ensure_ascii=False, separators=(",", ":"))
        return whole if len(whole.encode()) <= MESSAGE_BYTES else message


def moment(said: Any) -> datetime | None:
    """A time with its zone, from ISO 8601; None for anything else."""
    try:
        at = datetime.fromisoformat(said)
    except (ValueError, TypeError):
        return None
    return at if at.tzinfo else None


def _traceparent(said: Any) -> str:
    return said if isinstance(said, str) and _TRACEPARENT.fullmatch(said) else ""
