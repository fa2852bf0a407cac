"""Real camera-trap images and a real ResNet50 through everything."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import warnings
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from PIL import Image

from shared.suffix import SUFFIXES

from .conftest import Uncia

pytestmark = pytest.mark.lab

# Held out from training: half of the snow leopard cameras and one of each other set that has two.
HELD_OUT = {"ST04_C1", "ST14_C1", "ST22_C1", "ST31_C1", "ST33_C1", "ST37_C1", "3.1D", "edita_camara2"}
SETS = ("snow_leopards", "jura", "uruguay", "ca01")
# ca01 has one camera; every fourth of its images is plenty and keeps the test below a minute.
CA01_EVERY = 4


def rows(lab: Path) -> list[dict[str, str]]:
    found = []
    for name in SETS:
        with (lab / name / "labels.csv").open(encoding="utf-8", newline="") as file:
            own = [row | {"file": str(lab / name / "images" / row["path"])} for row in csv.DictReader(file)]
        found += own[::CA01_EVERY] if name == "ca01" else own
    return found


def write(file: Path, columns: list[str], table: list[dict[str, str]]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(table)
    return file


@pytest.fixture(scope="module")
def head(lab: Path, uncia: Uncia, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Snow leopard or not, learnt from the cameras that are not held out."""
    folder = tmp_path_factory.mktemp("head")
    learn = [row | {"path": row["file"]} for row in rows(lab) if row["camera"] not in HELD_OUT]
    manifest = write(folder / "learn.csv", ["path", "camera", "captured_at", "species", "sequence"], learn)
    options = ["--classes", "snow_leopard=snow_leopard,other=*", "--crop-top", "0.04", "--crop-bottom", "0.05"]
    options += ["--cache", str(folder / "cache")]
    done = uncia("train", manifest, "--images", "/", *options, "--out", folder / "leopard.onnx")
    assert done.returncode == 0, done.stderr
    return folder / "leopard.onnx"


@pytest.fixture(scope="module")
def held_out(lab: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, dict[str, str]]]:
    """A card with the held-out cameras' images, linked, and what each is known to show."""
    folder = tmp_path_factory.mktemp("card")
    known = {}
    for row in rows(lab):
        if row["camera"] in HELD_OUT:
            name = f"{row['camera']}/{Path(row['file']).name}"
            (folder / row["camera"]).mkdir(exist_ok=True)
            (folder / name).symlink_to(row["file"])
            known[name] = row
    return folder, known


def test_bursts_of_cameras_never_seen_are_single_sequences_with_the_right_label(
    uncia: Uncia, head: Path, held_out: tuple[Path, dict[str, dict[str, str]]], tmp_path: Path
) -> None:
    card, known = held_out
    times = [{"path": name, "captured_at": row["captured_at"]} for name, row in known.items()]
    table = write(tmp_path / "times.csv", ["path", "captured_at"], times)
    done = uncia("run", card, "--head", head, "--times", table, "--out", tmp_path / "labels.json")
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "labels.json").read_text("utf-8"))
    assert sum(one["n_frames"] for one in found) == len(known)
    assert all(len({known[shot["path"]]["sequence"] for shot in one["frames"]}) == 1 for one in found)
    wrong = [one for one in found if one["label"] != species_of(one, known) or one["probability"] < 0.5]
    assert [one for one in wrong if one["n_frames"] > 1] == []
    # One picture shows the hind half of a leopard at the edge: alone, and wrong. Averaging is what bursts are for.
    assert len(wrong) <= 1


def species_of(one: dict[str, Any], known: dict[str, dict[str, str]]) -> str:
    (leopard,) = {known[shot["path"]]["species"] == "snow_leopard" for shot in one["frames"]}
    return "snow_leopard" if leopard else "other"


class Set(NamedTuple):
    name: str
    folder: Path
    frames: list[dict[str, Any]]


@pytest.fixture(scope="module", params=["nasty", "brands", "camtrapr"])
def labelled(request: pytest.FixtureRequest, lab: Path, uncia: Uncia, tmp_path_factory: pytest.TempPathFactory) -> Set:
    """A set of real files, and the frames that they became."""
    out = tmp_path_factory.mktemp(request.param) / "labels.json"
    done = uncia("run", lab / request.param, "--out", out)
    assert done.returncode == 0, done.stderr
    found = json.loads(out.read_text("utf-8"))
    return Set(request.param, lab / request.param, [shot for one in found for shot in one["frames"]])


def test_every_file_becomes_one_frame_for_each_content_and_camera(labelled: Set) -> None:
    files = [file for file in labelled.folder.rglob("*") if file.suffix.lower() in SUFFIXES]
    contents = {(camera_folder(file, labelled.folder), hashlib.sha256(file.read_bytes()).digest()) for file in files}
    assert len(labelled.frames) == len(contents)


def camera_folder(file: Path, below: Path) -> str:
    parts = file.relative_to(below).parts
    return parts[0] if len(parts) > 1 else ""


def test_files_are_corrupt_exactly_where_an_independent_decoder_fails(labelled: Set) -> None:
    corrupt = {shot["path"] for shot in labelled.frames if shot["status"] == "corrupt"}
    assert corrupt == {shot["path"] for shot in labelled.frames if not decodes(labelled.folder / shot["path"])}


def decodes(file: Path) -> bool:
    """Whether Pillow decodes the whole file in its plain way."""
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(file) as image:
            image.load()
    except (OSError, SyntaxError):
        return False
    return True


# What metadata dumps and the strips in the pictures say: MakerNotes alone, dates overwritten, a reset clock.
TIMES: dict[str, dict[str, str | None]] = {
    "brands": {
        "Reconyx_HC500_fw330.jpg": "2015-05-07T08:08:31",
        "Reconyx_HC500_Hyperfire.jpg": "2020-03-16T10:00:00",
        "Reconyx_IMG_0164.jpg": "2014-07-04T18:40:53",
        "Reconyx_HF2_Pro_Covert.jpg": "2019-04-04T10:04:12",
        "Bushnell_119775C.jpg": "2015-08-03T04:30:58",
    },
    "nasty": {
        "87_date_blank.JPG": "2021-04-11T20:43:09",
        "89_date_1970.JPG": None,
        "91_date_latin1.JPG": "2021-04-11T20:43:09",
    },
    "camtrapr": {},
}


def test_times_are_what_a_plain_reading_of_exif_gives(labelled: Set) -> None:
    said = {shot["path"]: shot["captured_at"] for shot in labelled.frames}
    known = {path: TIMES[labelled.name].get(Path(path).name, plain_time(labelled.folder / path)) for path in said}
    assert {path: (at or "")[:19] for path, at in said.items()} == {path: at or "" for path, at in known.items()}


def plain_time(file: Path) -> str:
    """DateTimeOriginal, else DateTimeDigitized, else DateTime, where it is one; by way of Pillow alone."""
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(file) as image:
            main = image.getexif()
            tags = [main.get_ifd(0x8769).get(0x9003), main.get_ifd(0x8769).get(0x9004), main.get(0x0132)]
    except (OSError, SyntaxError):
        return ""
    found = (re.match(r"(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)", str(tag)) for tag in tags)
    return next((f"{m[1]}-{m[2]}-{m[3]}T{m[4]}" for m in found if m and m[1] > "2000"), "")
