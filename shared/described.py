"""What Uncia wrote into an ONNX file, read without ONNX Runtime: most groups of functions never open a network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from shared import harmless

METADATA_KEY = "uncia"
UNREADABLE = "it is not an ONNX network that ONNX Runtime can read"

# Letters of the metadata. As objects they take 25 times as much: 30 MB of empty ones took 750 MB. The names of ten
# thousand cameras, which a head keeps, are some 0.2 MB.
MOST_TOLD = 2_000_000


class NotOurs(ValueError):
    """The file is no ONNX network, or carries none of Uncia's metadata; the text says which."""


def read(path: Path, most: int) -> bytes:
    """The bytes of a file; raises NotOurs, before it reads, where there are more, and OSError."""
    if (size := path.stat().st_size) > most:
        raise NotOurs(f"it has {size:,} bytes, and at most {most:,} are opened")
    return path.read_bytes()


def told(content: bytes, kind: str) -> dict[str, Any]:
    """What Uncia wrote into a network of this kind, without making a network of it; raises NotOurs."""
    try:
        text = harmless.metadata(content, METADATA_KEY)
    except ValueError as error:
        raise NotOurs(UNREADABLE) from error
    if len(text) > MOST_TOLD:
        raise NotOurs(f"its metadata has {len(text):,} letters, and at most {MOST_TOLD:,} are read")
    try:
        found: dict[str, Any] = json.loads(text)
        said = found["kind"]
    except (KeyError, TypeError, ValueError, RecursionError):
        raise NotOurs("it is ONNX, but was not made by Uncia") from None
    if said != kind:
        raise NotOurs(f"it is a {said}, not a {kind}")
    return found
