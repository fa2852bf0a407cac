"""What goes into a row comes out of it, or is refused before storage refuses it."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given

from shared import answer, rows
from shared.brief import Brief
from shared.day import Day
from shared.decision import recorded
from shared.frame import OWN, Frame, merged
from shared.label import label
from shared.verdict import Verdict
from tests.unit.shared.making import FakeHead, corrupt, frame, seen
from tests.unit.shared.test_frame import FRAMES

NOW = datetime(2026, 2, 1, 8, tzinfo=UTC)


@given(FRAMES)
def test_a_frame_goes_into_a_row_and_back(one: Frame) -> None:
    assert rows.frame_of(rows.frame_row(one)) == one


def test_which_uploads_a_frame_answers_goes_into_its_row_and_back() -> None:
    one = merged(None, seen(path="a", etag="1"))
    assert rows.frame_of(rows.frame_row(one)).answers == rows.answers_of(rows.frame_row(one)) == answer.of("a", "1", 0)


@pytest.mark.parametrize("answers", [{"answers": b""}, {"answers": None}, {}])
def test_a_row_from_before_answers_its_own_path(answers: dict[str, bytes | None]) -> None:
    assert rows.answers_of({"path": "a", "etag": '"1"', "size": 7} | answers) == answer.old("a", "1", 7)


def test_a_row_of_a_frame_has_every_property_so_that_a_merge_replaces_all() -> None:
    assert set(rows.frame_row(frame())) == set(rows.frame_row(seen())) == {
        *OWN, "answers", "PartitionKey", "RowKey",
    }  # fmt: skip


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


BRIEF = Brief.of(label([seen()], FakeHead()))
JUDGED = Verdict(camera="cam", row_key=seen().row_key, said="cat", by="Ana", at=NOW, of_sequence=True)


def test_a_label_keeps_the_verdicts_on_its_frames_and_the_list_leaves_them_out() -> None:
    made = label([seen(verdict=JUDGED), seen(1)], FakeHead())
    assert rows.label_of(rows.label_row(made, NOW)) == made
    assert [*rows.label_json(made)["frames"][0]] == ["path", "captured_at", "status", "scores"]


def test_a_verdict_in_a_frames_row_comes_back_with_the_frame() -> None:
    row = rows.frame_row(seen()) | rows.decided_rows(*recorded([JUDGED], {JUDGED.row_key: None}))[0]
    assert rows.frame_of(row).verdict == JUDGED
    assert rows.frame_of(row | {"verdict": ""}).verdict is None


def test_a_shorter_list_merged_over_a_longer_one_is_read_as_the_shorter() -> None:
    day = Day(camera="cam", day="20260131", due=NOW)
    many = [replace(BRIEF, sequence_id=f"20260131T120000{n:06}~{os.urandom(8).hex()}") for n in range(8_000)]
    long, short = rows.told_row(day, many, 8_000, None), rows.told_row(day, many[:1], 1, None)
    assert len([name for name in long if name.startswith("brief_")]) > 1
    assert rows.briefs_of({"camera": "cam"} | long) == tuple(many)
    assert rows.briefs_of({"camera": "cam"} | long | short) == tuple(many[:1])
