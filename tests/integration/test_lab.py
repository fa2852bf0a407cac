"""Real camera-trap images and a real ResNet50 through everything."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from cli.pictures import SUFFIXES
from training.backbone import Options, build

pytestmark = pytest.mark.lab

# Held out from training: half of the snow leopard cameras and one of each other set that has two.
HELD_OUT = {"ST04_C1", "ST14_C1", "ST22_C1", "ST31_C1", "ST33_C1", "ST37_C1", "3.1D", "edita_camara2"}
SETS = ("snow_leopards", "jura", "uruguay", "ca01")
# ca01 has one camera; every fourth of its images is plenty and keeps the test below a minute.
CA01_EVERY = 4

type Uncia = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def uncia(lab: Path, tmp_path_factory: pytest.TempPathFactory) -> Uncia:
    """The command, with the lab's ResNet50 as its backbone."""
    backbone = tmp_path_factory.mktemp("backbone") / "resnet50_pqf.onnx"
    source = lab / "models" / "resnet50_pqf.onnx"
    backbone.write_bytes(build(source.read_bytes(), Options(), name=source.stem))

    def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", "from cli.main import main; main()", *map(str, words)]
        said = os.environ | {"UNCIA_BACKBONE": str(backbone)}
        return subprocess.run(command, env=said, capture_output=True, text=True, check=False, timeout=280)

    return run


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


def frames_of(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [shot for one in found for shot in one["frames"]]


@pytest.mark.parametrize("name", ["nasty", "brands", "camtrapr"])
def test_every_file_becomes_one_frame_for_each_content_and_camera(
    lab: Path, uncia: Uncia, tmp_path: Path, name: str
) -> None:
    done = uncia("run", lab / name, "--out", tmp_path / "labels.json")
    assert done.returncode == 0, done.stderr
    files = [file for file in (lab / name).rglob("*") if file.suffix.lower() in SUFFIXES]
    contents = {(camera_folder(file, lab / name), hashlib.sha256(file.read_bytes()).digest()) for file in files}
    assert len(frames_of(json.loads((tmp_path / "labels.json").read_text("utf-8")))) == len(contents)


def camera_folder(file: Path, below: Path) -> str:
    parts = file.relative_to(below).parts
    return parts[0] if len(parts) > 1 else ""


def test_files_are_corrupt_exactly_where_an_independent_decoder_fails(lab: Path, uncia: Uncia, tmp_path: Path) -> None:
    assert uncia("run", lab / "nasty", "--out", tmp_path / "labels.json").returncode == 0
    found = frames_of(json.loads((tmp_path / "labels.json").read_text("utf-8")))
    corrupt = {shot["path"].rpartition("/")[2] for shot in found if shot["status"] == "corrupt"}
    assert corrupt == {file.name for file in (lab / "nasty" / "images").iterdir() if not decodes(file)}


def decodes(file: Path) -> bool:
    """Whether Pillow decodes the whole file in its plain way, in a process of its own."""
    program = "import sys; from PIL import Image; Image.open(sys.argv[1]).load()"
    return subprocess.run([sys.executable, "-c", program, str(file)], capture_output=True, check=False).returncode == 0


# What EXIF (or, for the first three, the Reconyx MakerNote alone) says, read from the files' metadata dumps.
TIMES = {
    "Reconyx_HC500_fw330.jpg": datetime(2015, 5, 7, 8, 8, 31),
    "Reconyx_HF2_Pro_Covert.jpg": datetime(2019, 4, 4, 10, 4, 12),
    "Bushnell_119775C.jpg": datetime(2015, 8, 3, 4, 30, 58),
}


def test_times_of_real_cameras_are_those_of_their_metadata_dumps(lab: Path, uncia: Uncia, tmp_path: Path) -> None:
    assert uncia("run", lab / "brands", "--out", tmp_path / "labels.json").returncode == 0
    found = frames_of(json.loads((tmp_path / "labels.json").read_text("utf-8")))
    said = {shot["path"]: shot["captured_at"] for shot in found}
    assert {name: said[name] for name in TIMES} == {name: at.isoformat() for name, at in TIMES.items()}
    assert None not in said.values()
