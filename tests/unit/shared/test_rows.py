"""What goes into a row comes out of it, or is refused before storage refuses it."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given

from shared import rows
from shared.errors import LimitExceeded
from shared.frame import Frame
from shared.label import label
from tests.unit.shared.making import FakeHead, corrupt, frame, seen
from tests.unit.shared.test_frame import FRAMES

NOW = datetime(2026, 2, 1, 8, tzinfo=UTC)
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


@given(FRAMES)
def test_a_frame_goes_into_a_row_and_back(one: Frame) -> None:
    assert rows.frame_of(rows.frame_row(one)) == one


def test_a_row_of_a_frame_has_every_property_so_that_a_merge_replaces_all() -> None:
    assert set(rows.frame_row(frame())) == set(rows.frame_row(seen())) == {*Frame.__slots__, "PartitionKey", "RowKey"}


@pytest.mark.parametrize("one", [seen(), corrupt(), seen(None), frame(0.000001)])
def test_a_label_goes_into_a_row_and_back(one: Frame) -> None:
    made = label([one, seen(1)], FakeHead())
    assert rows.label_of(rows.label_row(made, NOW)) == made


def test_what_earlier_heads_said_goes_into_a_row_and_back_but_not_into_the_list() -> None:
    made = replace(label([seen()], FakeHead()), earlier={"b": ("leopard", 0.9), "a": ("corrupt", None)})
    row = rows.label_row(made, NOW)
    assert [*rows.label_of(row).earlier.items()] == [*made.earlier.items()]
    assert "earlier" not in rows.label_json(made)
    assert rows.label_of({name: value for name, value in row.items() if name != "earlier"}).earlier == {}


def test_a_label_of_many_frames_takes_as_many_properties_as_it_needs() -> None:
    one = label([seen()], FakeHead())
    made = replace(one, frames=tuple(replace(one.frames[0], path=os.urandom(50).hex()) for _ in range(3_000)))
    row = rows.label_row(made, NOW)
    assert [name for name in row if name.startswith("frames_")][-1] >= "frames_02"
    assert rows.label_of(row) == made


def test_a_label_is_listed_as_the_design_says() -> None:
    said = rows.label_json(label([seen(0, path="a.jpg"), corrupt(1)], FakeHead()))
    assert list(said) == [
        "camera", "sequence_id", "start", "end", "n_frames", "n_scored", "label", "probability", "scores", "frames",
        "backbone", "head",
    ]  # fmt: skip
    assert said["frames"][0] == {
        "path": "a.jpg", "captured_at": "2026-01-31T12:00:00", "status": "ok", "scores": seen(0).scores,
    }  # fmt: skip


def test_an_undated_label_has_no_start_rather_than_an_empty_one() -> None:
    said = rows.label_json(label([corrupt(None)], None))
    assert (said["start"], said["end"], said["probability"], said["frames"][0]["captured_at"]) == (None,) * 4


def test_a_day_goes_into_a_row_and_back() -> None:
    day = rows.day_of_row(rows.day_row("a/b", "20260131", NOW), "etag")
    assert (day.camera, day.day, day.due, day.settled, day.etag) == ("a/b", "20260131", NOW, False, "etag")


@pytest.mark.parametrize(("said", "complaint"), LIMITS)
def test_what_storage_would_refuse_is_refused_by_name(said: dict[str, Any], complaint: str) -> None:
    with pytest.raises(LimitExceeded, match=complaint):
        rows.checked(KEYS | said)


@pytest.mark.parametrize(
    "said", [{"a": "x" * 32_768}, {f"p{n}": 1 for n in range(252)}, {"RowKey": "x" * 512}, {"RowKey": "a=2Fb"}]
)
def test_what_storage_takes_at_most_is_taken(said: dict[str, Any]) -> None:
    assert rows.checked(KEYS | said) == KEYS | said


def test_a_row_is_as_large_as_storage_counts_it() -> None:
    row = KEYS | {"text": "é🐆", "bytes": b"123", "number": 1, "yes": True}
    names, values = 2 * (12 + 6 + 4 + 5 + 6 + 3), 2 + 2 + 6 + 3 + 8 + 8
    assert rows.row_bytes(row) == 4 + 6 * 8 + names + values


def test_a_failure_keeps_its_body_as_bytes_whatever_its_id() -> None:
    row = rows.failure_row("frames", "a/b", b"\xff" * 65_536, "why", NOW)
    assert (row["RowKey"], row["body"]) == ("a=2Fb", b"\xff" * 65_536)
