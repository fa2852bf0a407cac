"""EXIF is read as far as it can be, and its breakage is nobody's exception."""

from __future__ import annotations

import io
import struct
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from shared.captured import Said
from shared.exif import Exif, read
from tests.unit.shared.making import exif, noise, written

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow warns of broken blocks; so does clients.py
DATE, LATER, LATEST = "2026:01:31 17:05:09", "2026:01:31 17:05:10", "2026:01:31 17:05:11"
NOTE = b"\x01\xf1".ljust(0x16, b"\0") + struct.pack("<6H", 9, 5, 17, 1, 31, 2026)


def of(data: bytes) -> Exif:
    with Image.open(io.BytesIO(data)) as image:
        return read(image)


def said(block: Image.Exif | bytes) -> Exif:
    return of(written(noise(8, 8), exif=block))


def test_times_come_in_the_order_in_which_they_are_believed() -> None:
    block = exif(modified=LATEST, DateTimeDigitized=LATER, DateTimeOriginal=DATE, MakerNote=NOTE)
    assert [(time.source, time.text) for time in said(block).times] == [
        ("exif:DateTimeOriginal", DATE),
        ("exif:DateTimeDigitized", LATER),
        ("exif:DateTime", LATEST),
        ("reconyx", DATE),
    ]


@pytest.mark.parametrize("text", [DATE + "\0", f"  {DATE}  \0\0", DATE.encode()])
def test_padding_is_taken_off(text: Any) -> None:
    assert said(exif(DateTimeOriginal=text)).times == (Said("exif:DateTimeOriginal", DATE),)


def test_a_fraction_of_a_second_goes_with_its_time() -> None:
    times = said(exif(DateTimeOriginal=DATE, SubsecTimeOriginal="25")).times
    assert times == (Said("exif:DateTimeOriginal", DATE, "25"),)


def test_a_makers_note_alone_gives_the_date() -> None:
    assert said(exif(MakerNote=NOTE)).times == (Said("reconyx", DATE),)


def test_a_makers_note_written_as_text_does_no_harm() -> None:
    assert said(exif(MakerNote="\u00e9 text", DateTimeOriginal=DATE)).times == (Said("exif:DateTimeOriginal", DATE),)


@pytest.mark.parametrize(("orientation", "known"), [(1, 1), (6, 6), (8, 8), (9, 1), (65_535, 1)])
def test_orientation_is_one_of_eight(orientation: int, known: int) -> None:
    assert said(exif(orientation)).orientation == known


@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_every_format_that_carries_exif_is_read(form: str) -> None:
    data = written(noise(8, 8), form, exif=exif(6, DateTimeOriginal=DATE).tobytes())
    assert of(data) == Exif((Said("exif:DateTimeOriginal", DATE),), 6)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "BMP", "GIF"])
def test_a_picture_without_exif_says_nothing(form: str) -> None:
    assert of(written(noise(8, 8), form)) == Exif()


def test_a_block_that_breaks_off_still_gives_what_stands_before() -> None:
    block = exif(6, DateTimeOriginal=DATE).tobytes()
    assert said(block[: len(block) - 30]).orientation == 6


WHOLE = exif(6, DATE, DateTimeOriginal=DATE, SubsecTimeOriginal="25", MakerNote=NOTE).tobytes()


@given(st.binary(max_size=300))
@example(b"Exif\0\0MM\0*\0\0\0\x08")
@example(b"Exif\0\0II*\0\xff\xff\xff\xff")
def test_arbitrary_bytes_as_exif_raise_nothing(block: bytes) -> None:
    assert 1 <= said(b"Exif\0\0" + block).orientation <= 8


@given(st.lists(st.tuples(st.integers(6, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=8))
def test_a_block_with_some_bytes_wrong_raises_nothing(wrong: list[tuple[int, int]]) -> None:
    block = bytearray(WHOLE)
    for place, value in wrong:
        block[place] = value
    assert 1 <= said(bytes(block)).orientation <= 8
