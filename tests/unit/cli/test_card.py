"""The demonstration card holds what it says, spoiled files included."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import ExifTags, Image

from cli.card import Card, draw_card
from cli.scenery import View, picture


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> Card:
    return draw_card(tmp_path_factory.mktemp("drawn"))


def rows(table: Path) -> list[dict[str, str]]:
    with table.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def special(card: Card, what: str) -> dict[str, str]:
    (row,) = [row for row in rows(card.truth) if row["special"] == what]
    return row


def date_of(path: Path) -> str | None:
    with Image.open(path) as image:
        return image.getexif().get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal)


def jpegs(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.JPG"))


def test_the_same_seed_gives_the_same_bytes(card: Card, tmp_path: Path) -> None:
    again = draw_card(tmp_path)
    for folder, copy in ((card.learn, again.learn), (card.card, again.card)):
        assert jpegs(folder) == jpegs(copy)
        assert all((folder / name).read_bytes() == (copy / name).read_bytes() for name in jpegs(folder))
    assert card.manifest.read_bytes() == again.manifest.read_bytes()
    assert card.truth.read_bytes() == again.truth.read_bytes()


def test_another_burst_of_the_same_place_and_time_looks_different() -> None:
    view = View("Ridge 1", "ibex", datetime.fromisoformat("2024-02-19T12:00:00"))
    assert picture(view).tobytes() != picture(View(view.camera, view.species, view.moment, burst=1)).tobytes()


def test_frames_of_a_burst_are_one_to_forty_seconds_apart(card: Card) -> None:
    bursts = defaultdict(list)
    for row in rows(card.manifest) + rows(card.truth):
        if row["captured_at"] and row.get("special") != "twin":
            bursts[row["sequence"]].append(datetime.fromisoformat(row["captured_at"]))
    assert len(bursts) == card.learn_bursts + card.card_bursts
    for times in bursts.values():  # twice 20 s where the undated frame is missing
        gaps = [later - earlier for earlier, later in pairwise(times)]
        assert all(timedelta(seconds=1) <= gap <= timedelta(seconds=40) for gap in gaps)


@pytest.mark.parametrize("table", ["manifest", "truth"])
def test_a_table_lists_exactly_the_files_of_its_folder(card: Card, table: str) -> None:
    folder = {"manifest": card.learn, "truth": card.card}[table]
    assert sorted(row["path"] for row in rows(getattr(card, table))) == jpegs(folder)


def test_exif_says_what_the_manifest_says(card: Card) -> None:
    for row in rows(card.manifest):
        told = datetime.fromisoformat(row["captured_at"]).strftime("%Y:%m:%d %H:%M:%S")
        assert date_of(card.learn / row["path"]) == told


def test_every_camera_learns_every_class(card: Card) -> None:
    assert len({(row["camera"], row["species"]) for row in rows(card.manifest)}) == 9


def test_the_corrupt_file_cannot_be_decoded_but_has_a_date(card: Card) -> None:
    path = card.card / special(card, "corrupt")["path"]
    assert date_of(path) == "2024:03:21 08:22:45"
    with Image.open(path) as image, pytest.raises(OSError, match="truncated"):
        image.load()


def test_the_undated_file_has_no_date_and_can_be_decoded(card: Card) -> None:
    row = special(card, "undated")
    assert row["captured_at"] == ""
    assert date_of(card.card / row["path"]) is None
    with Image.open(card.card / row["path"]) as image:
        assert image.size == (1280, 960)


def test_the_twin_has_equal_bytes_under_another_name(card: Card) -> None:
    twin = special(card, "twin")["path"]
    assert (card.card / twin).read_bytes() == (card.card / twin.replace(" (1)", "")).read_bytes()


def test_one_burst_crosses_midnight(card: Card) -> None:
    times = [row["captured_at"] for row in rows(card.truth) if row["special"] == "midnight"]
    assert {time[:10] for time in times} == {"2024-03-18", "2024-03-19"}


def test_one_burst_crosses_two_folders(card: Card) -> None:
    paths = [row["path"] for row in rows(card.truth) if row["special"] == "overflow"]
    assert {path.split("/")[1] for path in paths} == {"100RECNX", "101RECNX"}


def test_progress_counts_to_the_last_file(card: Card, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.card.picture", lambda view: Image.new("RGB", (8, 8)))
    seen: list[tuple[int, int]] = []
    draw_card(tmp_path, progress=lambda done, total: seen.append((done, total)))
    total = card.learn_files + card.card_files
    assert seen == [(done, total) for done in range(1, total + 1)]
