"""What a look at an image gives, as columns; and which tables of looks can be believed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

GREY = (120, 120)
LOOKS = pa.schema({
    "digest": pa.string(),
    "reason": pa.string(),
    "captured_at": pa.string(),
    "features": pa.binary(),
    "mirrored": pa.binary(),
    "logits": pa.binary(),
    "grey": pa.binary(),
    "preview": pa.binary(),
})  # fmt: skip
# The types of the columns that are rows of numbers.
NUMBERS = {"features": "<f2", "mirrored": "<f2", "logits": "<f4", "grey": "u1"}

type Lengths = tuple[int, ...]
#: Digests, times and reasons.
type Known = tuple[list[str], list[str], list[str]]


def sound(tables: Iterable[tuple[Path, pa.Table]]) -> Iterator[tuple[Path, Known]]:
    """What the files say in which every image gave as many numbers as most images did."""
    read = [(part, _lengths(table), _known(table)) for part, table in tables if _complete(table)]
    images = Counter[Lengths]()
    for _, lengths, (digests, _, _) in read:
        images.update({one: len(digests) for one in lengths if _possible(*one)})
    usual = {images.most_common(1)[0][0]} if images else set()
    return ((part, known) for part, lengths, known in read if lengths <= usual)


def _possible(features: int, mirrored: int, logits: int, grey: int) -> bool:
    """Whether these can be the bytes of one image."""
    return features == mirrored > 0 and features % 2 == 0 and logits % 4 == 0 and grey > 0


def _complete(table: pa.Table) -> bool:
    """Whether every image has its name, its time and either a reason or everything else."""
    decoded = table.filter(pc.equal(table["reason"], ""))
    return not any(column.null_count for column in (*table.columns[:3], *decoded.columns)) and all(
        map(_is_time, pc.unique(table["captured_at"]).to_pylist())
    )


def _is_time(text: str) -> bool:
    try:
        return not text or datetime.fromisoformat(text).tzinfo is None
    except ValueError:
        return False


def _lengths(table: pa.Table) -> set[Lengths]:
    """How many bytes each row of numbers has, of all images that could be decoded."""
    decoded = table.filter(pc.equal(table["reason"], ""))
    return set(zip(*(pc.binary_length(decoded[name]).to_pylist() for name in NUMBERS), strict=True))


def _known(table: pa.Table) -> Known:
    digests, reasons, captured = (table[name].to_pylist() for name in ("digest", "reason", "captured_at"))
    return digests, captured, reasons
