"""What a JPEG claims is known before a decoder believes it."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.jpeg import MOST_SCANS, MOST_SEGMENTS, Unusual, scans
from tests.hostile.jpegs import ARITHMETIC, EOI, LOSSLESS, behind_start, scan, segment
from tests.hostile.jpegs import scans as several
from tests.unit.shared.making import noise, written

GOOD = written(noise())


@pytest.mark.parametrize("options", [{}, {"quality": 1}, {"restart_marker_blocks": 2}, {"comment": b"\xff\xda" * 99}])
def test_a_cameras_picture_has_one_scan(options: dict[str, object]) -> None:
    assert scans(written(noise(), **options)) == 1


def test_a_progressive_picture_has_ten() -> None:
    assert scans(written(noise(), progressive=True)) == 10


@pytest.mark.parametrize("behind", [b"", b"\0" * 99, GOOD, several(200, 8, 8), b"\xff\xda" * 300])
def test_what_follows_the_picture_is_no_part_of_it(behind: bytes) -> None:
    assert scans(several(9, 8, 8) + behind) == 9


def test_as_many_scans_as_no_camera_writes_are_refused() -> None:
    assert scans(several(MOST_SCANS, 8, 8)) == MOST_SCANS
    with pytest.raises(Unusual, match=r"^101 scans are more than the limit of 100$"):
        scans(several(MOST_SCANS + 1, 8, 8))


def test_the_end_inside_of_a_comment_is_not_the_end() -> None:
    hidden = several(1, 8, 8).removesuffix(EOI) + segment(0xFE, EOI) + scan(1) * 200
    with pytest.raises(Unusual, match=r"^201 scans"):
        scans(hidden)


def test_a_scan_of_some_of_the_colours_is_not_the_last() -> None:
    at = GOOD.index(b"\xff\xda")
    header = segment(0xDA, bytes([1, 1, 0, 0, 63, 0]))
    assert scans(GOOD[:at] + header + GOOD[at + 14 :].removesuffix(EOI) + header + EOI) == 2


@pytest.mark.parametrize("kind", [LOSSLESS, ARITHMETIC])
def test_kinds_that_cameras_do_not_write_are_refused(kind: int) -> None:
    with pytest.raises(Unusual, match=f"^a JPEG of kind {kind:X}: no camera writes it$"):
        scans(GOOD.replace(b"\xff\xc0", bytes([0xFF, kind])))


def test_as_many_segments_as_no_camera_writes_are_refused() -> None:
    assert scans(behind_start(GOOD, b"\xff\xe5\0\2" * (MOST_SEGMENTS - 50))) == 1
    with pytest.raises(Unusual, match=r"^a JPEG of more than 5,000 segments$"):
        scans(behind_start(GOOD, b"\xff\xe5\0\2" * MOST_SEGMENTS))


@given(st.binary(max_size=60), st.integers(0, len(GOOD)))
def test_any_bytes_have_a_number_of_scans(behind: bytes, cut: int) -> None:
    with suppress(Unusual):
        assert 0 <= scans(GOOD[:cut] + behind) <= MOST_SCANS
