"""A real stack for tests: real Azurite, Microsoft's runtime, our function app, a small network and drawn pictures."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bench.small import COLOURS, backbone, photograph
from cli import training
from cli.labelled import Labelled
from shared.settings import Settings, environment
from training.backbone import Options, build

if TYPE_CHECKING:
    from batch.session import Spark

ROOT = Path(__file__).parents[2]
# Java's second compiler and its threads for memory are for programs that run longer than a test.
QUICK_JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
START = datetime(2024, 5, 1, 23, 58, 30)

type Uncia = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session", autouse=True)
def azurite_is_installed() -> None:
    if not (ROOT / "devhost" / "azurite" / "node_modules").is_dir():
        (pytest.fail if environment().get("CI") else pytest.skip)("Azurite is not installed: run `make setup`")


@pytest.fixture(scope="session")
def spark() -> Iterator[Spark]:
    """One session for all tests of a process, which every command finds running."""
    from batch.session import opened

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JDK_JAVA_OPTIONS", QUICK_JAVA)
        with opened("local[2]") as session:
            yield session


@pytest.fixture(scope="session")
def small_backbone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight colour filters, pooled: a real network in the sense of the format, done in a millisecond."""
    file = tmp_path_factory.mktemp("backbone") / "small.onnx"
    file.write_bytes(backbone())
    return file


@pytest.fixture(scope="session")
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


@pytest.fixture(scope="session")
def settings(small_backbone: Path) -> Settings:
    return replace(Settings.from_env({}), backbone=small_backbone)


@pytest.fixture(scope="session")
def head(tmp_path_factory: pytest.TempPathFactory, small_backbone: Path) -> Path:
    """A head that tells the three colours apart."""
    return learnt(tmp_path_factory.mktemp("learn"), small_backbone, "")


@pytest.fixture(scope="session")
def another_head(tmp_path_factory: pytest.TempPathFactory, small_backbone: Path) -> Path:
    """A head that knows red from the rest."""
    return learnt(tmp_path_factory.mktemp("learn"), small_backbone, "red=red,other=*")


@pytest.fixture(scope="session")
def cropped_head(tmp_path_factory: pytest.TempPathFactory, small_backbone: Path) -> Path:
    """The first head of another recipe."""
    return learnt(tmp_path_factory.mktemp("learn"), small_backbone, "", crop_top=0.25)


def learnt(folder: Path, backbone: Path, classes: str, crop_top: float | None = None) -> Path:
    """A head trained on sixty pictures."""
    rows = ["path,camera,captured_at,species,sequence"]
    for number in range(60):
        name = list(COLOURS)[number % 3]
        (folder / f"{number}.jpg").write_bytes(photograph(COLOURS[name], None, seed=9000 + number))
        rows.append(f"{number}.jpg,cam,,{name},{number}")
    (folder / "learn.csv").write_text("\n".join(rows), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UNCIA_BACKBONE", str(backbone))
        out = folder / "h.onnx"
        images = Labelled([folder / "learn.csv"], [folder], folder / "cache", classes, crop_top)
        training.train(images, out, aim="")
    return out


def draw(folder: Path, bursts: int, seed: int = 0) -> Path:
    """Bursts of three to five frames on four cameras, one across midnight; a twin, a corrupt and an undated file."""
    chance = random.Random(seed)
    for number in range(bursts):
        camera = f"Cam №{number % 4} #{'abcd'[number % 4]}"
        colour = list(COLOURS)[number % 3]
        begin = START + timedelta(minutes=7 * number)
        for shot in range(chance.randint(3, 5)):
            at = begin + timedelta(seconds=30 * shot)
            file = folder / camera / "100RECNX" / f"{colour}_{number:03d}_{shot}.JPG"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(photograph(COLOURS[colour], at, seed=1000 * number + shot))
    first = sorted(folder.rglob("*.JPG"))[0]
    (first.parent / "a twin.JPG").write_bytes(first.read_bytes())
    (first.parent / "cut.JPG").write_bytes(first.read_bytes()[:-300])
    (first.parent / "no time.JPG").write_bytes(photograph((10, 200, 10), None, seed=77))
    return folder
