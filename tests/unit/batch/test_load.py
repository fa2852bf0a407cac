"""Frames into the tables: twice is once, and what people said stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from batch.load import kept
from shared.frame import Frame
from shared.verdict import Verdict
from tests.memory import MemoryStore
from tests.unit.shared.making import corrupt, say, seen

FRAME = replace(seen(0), path="cam/b.jpg")


def stored(*frames: Frame) -> Any:
    tables: Any = MemoryStore()
    kept(frames, tables)
    return tables


def test_a_frame_that_is_there_is_not_written_again() -> None:
    tables = stored(FRAME, corrupt(30))
    before = dict(tables._frames.kept)
    assert kept([FRAME, corrupt(30)], tables) == [("cam", "20260131", 0), ("cam", "20260131", 0)]
    assert tables._frames.kept == before


def test_days_of_new_frames_are_due_and_of_old_ones_are_left_alone() -> None:
    tables = stored(FRAME)
    day = tables.read_day("cam", "20260131")
    assert not day.settled
    assert day.due <= datetime.now(UTC)
    kept([FRAME], tables)
    assert tables.read_day("cam", "20260131") == day


def test_an_upload_of_the_same_image_keeps_its_name_and_version() -> None:
    tables: Any = MemoryStore()
    tables.write_frame(replace(FRAME, etag="1"), "")
    assert kept([FRAME], tables) == [("cam", "20260131", 0)]
    found, _ = tables.read_frame("cam", FRAME.row_key)
    assert found.etag == "1"


def test_a_smaller_name_and_another_recipe_are_news() -> None:
    tables = stored(FRAME)
    assert kept([replace(FRAME, path="cam/a.jpg")], tables) == [("cam", "20260131", 1)]
    assert kept([replace(FRAME, recipe="other~0.0~0.0")], tables) == [("cam", "20260131", 1)]
    found, _ = tables.read_frame("cam", FRAME.row_key)
    assert (found.path, found.recipe) == ("cam/a.jpg", "other~0.0~0.0")


def test_a_verdict_survives() -> None:
    tables = stored(FRAME)
    verdict = Verdict(camera="cam", row_key=FRAME.row_key, said="ibex", by="Ada", at=datetime.now(UTC))
    assert say(tables, [verdict]) == 1
    kept([replace(FRAME, path="cam/a.jpg")], tables)
    found, _ = tables.read_frame("cam", FRAME.row_key)
    assert found.verdict.said == "ibex"
