"""Which uploads became no frame, told by what the frames of their cameras answer."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared import answer
from shared.frame import Frame, merged
from shared.message import key_of_image
from shared.missing import ON_ITS_WAY, Answers, Fate, Listed, fate
from shared.suffix import SUFFIXES, is_announced
from tests.unit.shared.making import corrupt, frame, seen

NOW = datetime(2026, 2, 1, 8, tzinfo=UTC)
OLD = NOW - timedelta(days=1)
BORDER = NOW - ON_ITS_WAY


def blob(name: str = "cam/a.jpg", etag: str = "1", size: int = 7, changed: datetime = OLD) -> Listed:
    return Listed("cam", name, etag, size, changed)


def stored(*arrivals: Frame) -> Answers:
    """What frames answer that arrived in this order; those of the same bytes are one."""
    rows: dict[str, Frame] = {}
    for one in arrivals:
        rows[one.row_key] = merged(rows.get(one.row_key), one)
    return Answers((one.row_key, one.answers) for one in rows.values())


def arrived(name: str = "cam/a.jpg", etag: str = "1", size: int = 7, at: float | None = 0) -> Frame:
    return seen(at, path=name, etag=etag, size=size)


CASES = {
    "as uploaded": ([arrived()], blob(), Fate.ANSWERED),
    "nothing stored": ([], blob(), Fate.MISSING),
    "same name, other bytes": ([arrived(etag="0")], blob(), Fate.MISSING),
    "same name, both seen": ([arrived(etag="0"), arrived(at=5)], blob(), Fate.ANSWERED),
    "same bytes, this name not seen": ([arrived("cam/b.jpg")], blob(), Fate.MISSING),
    "same bytes, the larger name": ([arrived("cam/A.jpg", "2"), arrived()], blob(), Fate.ANSWERED),
    "same bytes, the smaller name": ([arrived("cam/b.jpg", "2"), arrived()], blob(), Fate.ANSWERED),
    "uploaded again": ([arrived(), arrived(etag="2")], blob(etag="2"), Fate.ANSWERED),
    "uploaded again, not seen": ([arrived()], blob(etag="2"), Fate.MISSING),
    "undated": ([arrived(at=None)], blob(), Fate.ANSWERED),
    "corrupt": ([corrupt(path="cam/a.jpg", etag="1")], blob(), Fate.ANSWERED),
    "no ETag told": ([arrived(etag="")], blob(), Fate.ANSWERED),
    "no ETag told, another size": ([arrived(etag="", size=8)], blob(), Fate.MISSING),
    "suffix in capitals": ([], blob("cam/A.JPG"), Fate.MISSING),
    "no image": ([], blob("cam/notes.txt"), Fate.NO_IMAGE),
    "no image, yet featurized": ([arrived("cam/notes.txt")], blob("cam/notes.txt"), Fate.ANSWERED),
    "failed": ([], blob("cam/bad.jpg"), Fate.FAILED),
    "failed once, and well since": ([arrived("cam/bad.jpg")], blob("cam/bad.jpg"), Fate.ANSWERED),
    "young": ([], blob(changed=BORDER + timedelta(seconds=1)), Fate.ON_ITS_WAY),
    "no longer young": ([], blob(changed=BORDER), Fate.MISSING),
    "young and answered": ([arrived()], blob(changed=NOW), Fate.ANSWERED),
}


@pytest.mark.parametrize("case", CASES)
def test_an_upload_has_one_fate(case: str) -> None:
    arrivals, one, wanted = CASES[case]
    assert fate(one, stored(*arrivals), {key_of_image("images/cam/bad.jpg")}, BORDER) is wanted


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_names_are_images_by_their_ends_as_event_grid_reads_them(suffix: str) -> None:
    assert is_announced(f"cam/x{suffix.upper()}")
    assert is_announced(f"cam/{suffix}")
    assert not is_announced(f"cam/x{suffix}/notes.txt")


def test_frames_that_no_blob_met_and_the_days_of_all_are_known() -> None:
    answers = stored(arrived(), arrived("cam/b.jpg", at=5), arrived("cam/c.jpg", at=86_400), arrived("d.jpg", at=None))
    assert answers.unmet == 4
    assert answers.meet(blob("cam/c.jpg"))
    assert not answers.meet(blob("cam/c.jpg", etag="2"))
    assert (answers.unmet, answers.days) == (3, {"20260131", "20260201", "undated"})


def test_one_copy_under_either_name_meets_a_frame() -> None:
    answers = stored(arrived(), arrived("cam/b.jpg", "2"))
    assert answers.meet(blob("cam/b.jpg", "2"))
    assert answers.unmet == 0


def test_a_blob_that_two_frames_answer_meets_both() -> None:
    twice = [("20260131T~1", answer.of("cam/a.jpg", "", 7)), ("20260131T~2", answer.of("cam/a.jpg", "1", 7))]
    assert Answers(twice).meet(blob())
    both = Answers(twice)
    both.meet(replace(blob(), size=7))
    assert both.unmet == 0


def test_a_frame_in_memory_takes_thirteen_bytes() -> None:
    many, key = 20_000, frame(0).row_key
    rows = ((key, answer.of(str(number), "1", 7)) for number in range(many))
    tracemalloc.start()
    kept = Answers(rows)
    now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept.unmet == many
    assert now / many < 15
    assert peak / many < 100
