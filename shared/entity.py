"""What table storage takes in one row: its limits, and how to get more into it than one property holds."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import Any

from shared.errors import LimitExceeded
from shared.keys import escape

Row = dict[str, Any]

# Understanding the Table service data model: per entity 1 MiB and 252 properties of our own; per property 64 KiB.
# Azurite lets some of these pass (253 properties) or breaks (keys with a slash), so they are checked here.
ENTITY_BYTES, PROPERTIES, PROPERTY_BYTES = 1_048_576, 252, 65_536
KEY_BYTES = 1_024


def checked(row: Row) -> Row:
    """The row itself; raises LimitExceeded, naming the row and the property, where table storage would refuse it."""
    name = f"row {row['PartitionKey']!r}, {row['RowKey']!r}"
    if len(row) - 2 > PROPERTIES:
        raise LimitExceeded(f"{name} has {len(row) - 2} properties; table storage takes {PROPERTIES}")
    sizes = {key: _size(value) for key, value in row.items()}
    for key, size in sizes.items():
        limit = KEY_BYTES if key in ("PartitionKey", "RowKey") else PROPERTY_BYTES
        if size > limit:
            raise LimitExceeded(f"{name}: {key} has {size:,} bytes; table storage takes {limit:,}")
        if limit == KEY_BYTES and escape(row[key].replace("=", "")) != row[key].replace("=", ""):
            raise LimitExceeded(f"{name}: {key} has a character that table storage does not take in keys")
    if (total := row_bytes(row)) > ENTITY_BYTES:
        raise LimitExceeded(f"{name} has {total:,} bytes; table storage takes {ENTITY_BYTES:,}")
    return row


def row_bytes(row: Row) -> int:
    """The size of an entity as table storage counts it: names and texts in UTF-16."""
    return 4 + sum(8 + 2 * len(key) + _size(value) for key, value in row.items())


def _size(value: object) -> int:
    if isinstance(value, str):
        return len(value.encode("utf-16-le", "surrogatepass"))
    return len(value) if isinstance(value, bytes) else 8


def packed(name: str, content: Any) -> Row:
    """Anything that JSON can say as zlib-compressed bytes, in as many properties as that needs."""
    return _chunks(name, _pack(content))


def fitting(name: str, content: list[Any], limit: int) -> Row:
    """As much of a list, from its start, as fits into `limit` bytes, packed."""
    while len(whole := _pack(content)) > limit:
        content = content[: len(content) * limit // (len(whole) + 1)]
    return _chunks(name, whole)


def joined(name: str, row: Mapping[str, Any]) -> bytes:
    """What was packed into a row, out of all its properties; nothing where there is none."""
    return b"".join(row[key] for key in sorted(row) if key.startswith(f"{name}_") and row[key])


def unpacked(whole: bytes) -> list[Any]:
    """The list that was packed; an empty one of nothing."""
    # Not zlib.decompress: a shorter list that was merged over a longer one leaves the end of that behind it.
    found: list[Any] = json.loads(zlib.decompressobj().decompress(whole)) if whole else []
    return found


def _pack(content: Any) -> bytes:
    return zlib.compress(text(content).encode())


def _chunks(name: str, whole: bytes) -> Row:
    starts = range(0, len(whole), PROPERTY_BYTES)
    return {f"{name}_{number:02d}": whole[start : start + PROPERTY_BYTES] for number, start in enumerate(starts)}


def text(value: object) -> str:
    """JSON in as few letters as it takes."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
