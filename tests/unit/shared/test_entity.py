"""What table storage would refuse is refused here first, by name."""

from __future__ import annotations

import os
from typing import Any

import pytest

from shared import entity
from shared.errors import LimitExceeded

KEYS = {"PartitionKey": "p", "RowKey": "r"}
LIMITS: list[tuple[dict[str, Any], str]] = [
    ({"a": "x" * 32_769}, "row 'p', 'r': a has 65,538 bytes; table storage takes 65,536"),
    ({"a": "🐆" * 16_385}, "row 'p', 'r': a has 65,540 bytes"),
    ({"a": b"x" * 65_537}, "row 'p', 'r': a has 65,537 bytes"),
    ({f"p{n}": 1 for n in range(253)}, "row 'p', 'r' has 253 properties; table storage takes 252"),
    ({f"p{n}": b"x" * 65_536 for n in range(16)}, "row 'p', 'r' has 1,0[0-9,]+ bytes; table storage takes 1,048,576"),
    ({"RowKey": "x" * 513}, "RowKey has 1,026 bytes; table storage takes 1,024"),
    ({"RowKey": "a/b"}, "RowKey has a character that table storage does not take in keys"),
    ({"PartitionKey": "50%"}, "PartitionKey has a character"),
    ({"RowKey": "a\n"}, "RowKey has a character"),
]


@pytest.mark.parametrize(("said", "complaint"), LIMITS)
def test_what_storage_would_refuse_is_refused_by_name(said: dict[str, Any], complaint: str) -> None:
    with pytest.raises(LimitExceeded, match=complaint):
        entity.checked(KEYS | said)


@pytest.mark.parametrize(
    "said", [{"a": "x" * 32_768}, {f"p{n}": 1 for n in range(252)}, {"RowKey": "x" * 512}, {"RowKey": "a=2Fb"}]
)
def test_what_storage_takes_at_most_is_taken(said: dict[str, Any]) -> None:
    assert entity.checked(KEYS | said) == KEYS | said


def test_a_row_is_as_large_as_storage_counts_it() -> None:
    row = KEYS | {"text": "é🐆", "bytes": b"123", "number": 1, "yes": True}
    names, values = 2 * (12 + 6 + 4 + 5 + 6 + 3), 2 + 2 + 6 + 3 + 8 + 8
    assert entity.row_bytes(row) == 4 + 6 * 8 + names + values


def test_what_fits_is_the_longest_start_or_nearly_and_never_more_than_the_limit() -> None:
    names = [os.urandom(20).hex() for _ in range(1_000)]
    kept = entity.fitting("a", names, 10_000)
    assert sum(map(len, kept.values())) <= 10_000
    found = entity.unpacked(entity.joined("a", kept))
    assert found == names[: len(found)]
    assert len(found) > 300
