"""Reconyx cameras write their date where others write nothing."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from PIL import Image

from shared import exif, reconyx

# second, minute, hour, then day and month in the order of the model: 31 January 2026, 17:05:09
NOTES = [
    (b"\x01\xf1", 0x16, struct.pack("<6H", 9, 5, 17, 1, 31, 2026)),
    (b"RECONYXH2\0", 0x3E, struct.pack("<6H", 9, 5, 17, 1, 31, 2026)),
    (b"RECONYXUF\0", 0x3B, struct.pack("<5BH", 9, 5, 17, 31, 1, 2026)),
    (b"RECONYXMF\0", 0x4E, struct.pack("<5BH", 9, 5, 17, 31, 1, 2026)),
    (b"RECONYXHF4K\0", 0x2F, struct.pack("<5BH", 9, 5, 17, 31, 1, 2026)),
]
SAME_DAY = {
    "Reconyx_HC500_fw330.jpg": "2015:05:07 08:08:31",
    "Reconyx_HF2_Pro_Covert.jpg": "2019:04:04 10:04:12",
}


@pytest.mark.parametrize(("start", "offset", "date"), NOTES)
def test_each_model_has_its_layout(start: bytes, offset: int, date: bytes) -> None:
    assert reconyx.date(start.ljust(offset, b"\xff") + date + b"more") == "2026:01:31 17:05:09"


@pytest.mark.parametrize(("start", "offset", "date"), NOTES)
def test_a_note_that_is_cut_off_gives_nothing(start: bytes, offset: int, date: bytes) -> None:
    assert reconyx.date(start.ljust(offset, b"\xff") + date[:-1]) == ""


@pytest.mark.parametrize("note", [b"", b"\x01", b"Nikon\0" + bytes(100), b"RECONYXXX\0" + bytes(100)])
def test_another_makers_note_gives_nothing(note: bytes) -> None:
    assert reconyx.date(note) == ""


def dates(path: Path) -> dict[str, str]:
    with Image.open(path) as image:
        return {said.source: said.text for said in exif.read(image).times}


@pytest.mark.lab
@pytest.mark.parametrize(("name", "date"), SAME_DAY.items())
def test_real_files_give_the_date_that_their_makers_program_read(lab: Path, name: str, date: str) -> None:
    (dump,) = [path for path in (lab / "brands").glob("*.metadata.txt") if path.name[:13] == name[:13]]
    assert f"Makernote - 0x{'0016' if 'HC500' in name else '003e'}] Date/Time Original = {date}" in dump.read_text()
    assert dates(lab / "brands" / name)["reconyx"] == date


@pytest.mark.lab
def test_the_note_of_a_hyperfire_2_agrees_with_its_exif(lab: Path) -> None:
    files = sorted((lab / "camtrap_dp" / "media").glob("*.JPG"))
    said = [dates(path) for path in files]
    assert len(said) == 10
    assert [one["reconyx"] for one in said] == [one["exif:DateTimeOriginal"] for one in said]
