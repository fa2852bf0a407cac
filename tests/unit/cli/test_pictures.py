"""Which files are images, what they are called in storage, and which times a table gives them."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

import pytest

from cli.pictures import LONGEST_NAME, below, metadata
from shared.camera import camera_of, metadata_value
from shared.errors import BadTable, UnciaError


def card(folder: Path, *names: str) -> Path:
    for name in names:
        folder.joinpath(name).parent.mkdir(parents=True, exist_ok=True)
        folder.joinpath(name).write_bytes(name.encode())
    return folder


def table(folder: Path, *rows: str, header: str = "path,captured_at,camera") -> Path:
    folder.joinpath("times.csv").write_text("\n".join([header, *rows]), "utf-8")
    return folder / "times.csv"


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        ("a.jpg", True), ("a.JPG", True), ("a.Jpeg", True), ("a.mpo", True), ("a.heic", True), ("a.tif", True),
        ("a.b.webp", True), ("a.txt", False), ("a.jpg.part", False), ("jpg", False), ("a.avi", False), ("a.xmp", False),
    ],
)  # fmt: skip
def test_the_suffix_says_what_an_image_is(tmp_path: Path, name: str, taken: bool) -> None:
    assert [image.name for image in below(card(tmp_path, "0.png", name))] == ["0.png"] + [name] * taken


def test_a_folder_that_is_called_like_an_image_is_none(tmp_path: Path) -> None:
    assert [image.name for image in below(card(tmp_path, "a.jpg/1.jpg"))] == ["a.jpg/1.jpg"]


def test_images_come_in_order_of_name_with_slashes(tmp_path: Path) -> None:
    names = ["b/2.jpg", "a/DCIM/1.jpg", "a/0.jpg"]
    assert [image.name for image in below(card(tmp_path, *names))] == sorted(names)


def test_a_camera_that_is_given_goes_in_front(tmp_path: Path) -> None:
    (image,) = below(card(tmp_path, "100RECNX/1.jpg"), camera="Ridge 1")
    assert image.name == "Ridge 1/100RECNX/1.jpg"
    assert camera_of(image.name, image.metadata) == "Ridge 1"


def test_an_image_is_named_by_the_digest_of_its_bytes(tmp_path: Path) -> None:
    (image,) = below(card(tmp_path, "1.jpg"))
    assert image.sha256() == hashlib.sha256(b"1.jpg").hexdigest()


def test_times_and_camera_travel_in_ascii_and_arrive_as_they_were(tmp_path: Path) -> None:
    times = table(tmp_path, "x/1.jpg,2026-01-31 12:00:00,Überhang №2 100%")
    (image,) = below(card(tmp_path / "card", "x/1.jpg"), times)
    assert all(value.isascii() for value in image.metadata.values())
    assert camera_of(image.name, image.metadata) == "Überhang №2 100%"
    assert metadata_value(image.metadata, "captured_at") == "2026-01-31T12:00:00"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("1.jpg,,", {}),
        ("1.jpg,,Ridge", {"camera": "Ridge"}),
        ("1.jpg,2026-01-31T12:00:00+02:00,", {"captured_at": "2026-01-31T12:00:00+02:00"}),
        ("1.jpg,2026:01:31 12:00:00.25,", {"captured_at": "2026-01-31T12:00:00.250000"}),
    ],
)
def test_an_empty_cell_says_nothing(tmp_path: Path, row: str, said: dict[str, str]) -> None:
    assert metadata(table(tmp_path, row)) == {"1.jpg": said}


def test_the_camera_column_may_be_missing(tmp_path: Path) -> None:
    times = table(tmp_path, "1.jpg,2026-01-31", header="path,captured_at")
    assert metadata(times) == {"1.jpg": {"captured_at": "2026-01-31T00:00:00"}}


def test_an_image_without_a_row_has_no_metadata(tmp_path: Path) -> None:
    images = below(card(tmp_path / "card", "1.jpg", "2.jpg"), table(tmp_path, "2.jpg,2026-01-31,a"))
    assert [bool(image.metadata) for image in images] == [False, True]


def test_rows_for_images_that_are_not_there_are_named(tmp_path: Path) -> None:
    times = table(tmp_path, "9.jpg,,", "1.jpg,,", "8.jpg,,", "7.jpg,,")
    with pytest.raises(BadTable, match=r"times\.csv names images that are not below .*card: 7\.jpg and 2 more$"):
        below(card(tmp_path / "card", "1.jpg"), times)


@pytest.mark.parametrize("header", ["name,captured_at", "path,when"])
def test_a_table_without_a_needed_column_is_refused(tmp_path: Path, header: str) -> None:
    with pytest.raises(BadTable, match="has no column"):
        metadata(table(tmp_path, "1.jpg,2026-01-31", header=header))


def test_a_name_longer_than_storage_takes_is_refused(tmp_path: Path) -> None:
    names = ["/".join(["d" * 200] * 5 + ["x" * (LONGEST_NAME - 1009 + more) + ".jpg"]) for more in (0, 1)]
    assert [len(image.name) for image in below(card(tmp_path / "fits", names[0]))] == [LONGEST_NAME]
    with pytest.raises(UnciaError, match="storage takes names of at most 1024 characters, this one is longer: ddd"):
        below(card(tmp_path / "long", names[1]))


@pytest.mark.skipif(sys.platform == "darwin", reason="its file systems take UTF-8 only")
def test_what_is_not_utf_8_in_a_name_is_written_as_its_bytes(tmp_path: Path) -> None:
    tmp_path.joinpath(os.fsdecode(b"caf\xe9.jpg")).write_bytes(b"1")
    (image,) = below(tmp_path)
    assert image.name == "caf=E9.jpg"
    assert image.sha256() == hashlib.sha256(b"1").hexdigest()


@pytest.mark.parametrize(
    ("folder", "sentence"),
    [("nowhere", "there is no folder"), ("card/1.jpg", "is not a folder"), ("empty", "no images below")],
)
def test_a_folder_without_images_is_refused(tmp_path: Path, folder: str, sentence: str) -> None:
    card(tmp_path, "card/1.jpg")
    tmp_path.joinpath("empty").mkdir()
    with pytest.raises(UnciaError, match=sentence):
        below(tmp_path / folder)


def test_the_files_that_macos_leaves_beside_pictures_are_no_pictures(tmp_path: Path) -> None:
    for name in ("1.jpg", "._1.jpg"):
        tmp_path.joinpath(name).write_bytes(b"1")
    assert [image.name for image in below(tmp_path)] == ["1.jpg"]


def test_two_files_that_storage_would_call_the_same_are_refused(tmp_path: Path) -> None:
    tmp_path.joinpath("a").mkdir()
    for name in ("a/1.jpg", "a\\1.jpg"):
        tmp_path.joinpath(name).write_bytes(b"1")
    with pytest.raises(UnciaError, match=r"same name in storage, rename one of them: a/1\.jpg"):
        below(tmp_path)


def test_a_camera_given_on_the_command_line_may_be_no_utf_8(tmp_path: Path) -> None:
    tmp_path.joinpath("1.jpg").write_bytes(b"1")
    assert [image.name for image in below(tmp_path, camera=os.fsdecode(b"\xff"))] == ["=FF/1.jpg"]
