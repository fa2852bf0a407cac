"""Every real image there is, made a frame, labelled and exported: the formats are what their publishers say."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from functions.aggregate import keep
from shared.backbone import Backbone
from shared.export.forms import FORMS
from shared.featurizer import Featurizer, Upload
from shared.head import Head
from shared.label import Changes, labels
from shared.sequence import Limits
from tests.memory import MemoryStore
from tests.unit.shared.export import checkers
from tests.unit.shared.export.standard import problems
from tests.unit.shared.export.surveyed import exported, put
from training.folders import images

# Pillow warns of broken EXIF; what is broken in these files is the point of them.
pytestmark = [pytest.mark.lab, pytest.mark.filterwarnings("ignore::UserWarning:PIL")]

NOW = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def store(lab: Path, small_backbone: Path, head: Path) -> MemoryStore:
    """All image folders of the lab, each a camera or more, labelled by a head that knows nothing of them."""
    featurizer, judge = Featurizer(Backbone.load(small_backbone, 1)), Head(head.read_bytes())
    with ThreadPoolExecutor() as pool:
        frames = [*pool.map(lambda one: featurizer.frame(one, judge, NOW.replace(tzinfo=None)), uploads(lab))]
    made = MemoryStore()
    for frame in frames:
        tables: object = made
        keep(frame, tables)  # type: ignore[arg-type]
    for camera in sorted({frame.camera for frame in frames}):
        days = sorted({frame.day for frame in frames if frame.camera == camera})
        own = [frame for day in days for frame in made.read_frames(camera, day)]
        made.apply(Changes(tuple(labels(own, Limits(), judge)), (), ()), NOW)
    return made


def uploads(lab: Path) -> Iterator[Upload]:
    """Every image, with the time that a table knows of it."""
    for folder in sorted(one for one in lab.iterdir() if one.is_dir() and one.name != "models"):
        known = times(folder / "labels.csv")
        for file in images(folder):
            at = known.get(file.name, "")
            path = f"{folder.name}/{file.relative_to(folder).as_posix()}"
            yield Upload(path, file.read_bytes(), {"captured_at": at} if at else {})


def times(table: Path) -> dict[str, str]:
    if not table.is_file():
        return {}
    with table.open(encoding="utf-8", newline="") as file:
        return {Path(row["path"]).name: row["captured_at"] for row in csv.DictReader(file)}


def test_a_package_of_all_real_images_is_valid(store: MemoryStore, lab: Path, tmp_path: Path) -> None:
    files = exported(FORMS["camtrap-dp"], store)
    assert problems(put(tmp_path, files), lab / "camtrap_dp" / "schemas") == []
    dated = sum(shot.captured_at is not None for label in store.labels_after() for shot in label.frames)
    assert len([*csv.DictReader(files["media.csv"].splitlines())]) == dated > 700


def test_results_and_annotations_of_all_real_images_are_as_published(store: MemoryStore) -> None:
    number = sum(label.n_frames for label in store.labels_after())
    (results,) = map(json.loads, exported(FORMS["megadetector"], store).values())
    (annotations,) = map(json.loads, exported(FORMS["coco"], store).values())
    assert checkers.megadetector(results) == checkers.coco(annotations) == []
    assert len(results["images"]) == len(annotations["images"]) == number > 800
