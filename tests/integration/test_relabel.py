"""A better head, and the archive labelled by it: no image is needed for that."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from cli import archive, backbones, doctor, look, pictures, reconcile, run, stack, storage, uploading, work
from cli.pictures import LocalImage
from cli.stack import Stack
from shared.errors import HeadRefused, UnciaError
from shared.head import Head
from shared.label import by_camera_and_start
from shared.settings import Settings

from .conftest import draw
from .test_pipeline import until_at_rest

# Four frames a burst, on four cameras over a few days.
BURSTS, HUNDREDS = 12, 50


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw(tmp_path_factory.mktemp("card"), bursts=BURSTS)


@pytest.fixture(scope="module")
def hundreds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A card of two hundred frames."""
    return draw(tmp_path_factory.mktemp("hundreds"), bursts=HUNDREDS)


@pytest.fixture(autouse=True)
def _our_backbone(monkeypatch: pytest.MonkeyPatch, small_backbone: Path) -> None:
    monkeypatch.setenv("UNCIA_BACKBONE", str(small_backbone))


@contextmanager
def holding(images: list[LocalImage], head: Path, settings: Settings, data: Path) -> Iterator[Stack]:
    """A stack that has labelled these images by a head."""
    recipe = backbones.chosen(settings, Head(head.read_bytes()))
    stack.note_recipe(data, recipe)
    with stack.started(data, backbones.environment(settings, recipe)) as (running, _):
        storage.heads(running.storage).publish(head.read_bytes())
        uploading.send(images, storage.images(running.storage), lambda: None)
        until_at_rest(running)
        yield running


def empty(running: Stack) -> None:
    container = storage.images(running.storage)
    for name in container.list_blob_names():
        container.delete_blob(name)


def written(running: Stack, out: Path) -> bytes:
    run.write(by_camera_and_start(storage.store(running.storage).all_labels()), out)
    return out.read_bytes()


def test_without_an_image_every_label_is_what_a_run_with_the_new_head_gives(
    hundreds: Path,
    head: Path,
    another_head: Path,
    settings: Settings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    images, version = pictures.below(hundreds), Head(another_head.read_bytes()).version
    finished = run.run(images, head_file=another_head, settings=settings, data=None)
    run.write(finished.labels, tmp_path / "run.json")
    with holding(images, head, settings, tmp_path / "data") as running:
        before = json.loads(written(running, tmp_path / "before.json"))
        assert sum(len(one["frames"]) for one in before) >= 200
        empty(running)
        work.publish(str(another_head), relabel=True, data=tmp_path / "data")
        assert written(running, tmp_path / "after.json") == (tmp_path / "run.json").read_bytes()
        assert {day.head for day in storage.store(running.storage).read_days()} == {version}
        capsys.readouterr()
        look.labels(changed_since=before[0]["head"][:5], as_json=True, data=tmp_path / "data")
        told = {one["sequence_id"]: one["was"]["label"] for one in json.loads(capsys.readouterr().out)}
        after = {one.sequence_id: one.label for one in finished.labels}
        was = {one["sequence_id"]: one["label"] for one in before}
        assert told == {key: was[key] for key in was if was[key] != after[key]}
        work.publish(before[0]["head"][:5], relabel=True, data=tmp_path / "data")
        assert json.loads(written(running, tmp_path / "back.json")) == before


def test_uploads_go_on_while_the_archive_is_labelled_anew(
    card: Path, head: Path, another_head: Path, settings: Settings, tmp_path: Path
) -> None:
    images = pictures.below(card)
    finished = run.run(images, head_file=another_head, settings=settings, data=None)
    with holding(images[::2], head, settings, tmp_path) as running:
        container = storage.images(running.storage)
        late = threading.Thread(target=uploading.send, args=(images[1::2], container, lambda: None))
        late.start()
        work.publish(str(another_head), relabel=True, data=tmp_path)
        late.join()
        until_at_rest(running)
        assert by_camera_and_start(storage.store(running.storage).all_labels()) == finished.labels


def test_frames_of_another_recipe_are_made_anew_from_the_images_that_are_left(
    card: Path, head: Path, cropped_head: Path, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    images = pictures.below(card)
    wanted = run.run(images, head_file=cropped_head, settings=settings, data=None).labels
    with holding(images, head, settings, tmp_path) as running:
        assert doctor.recipes(settings, tmp_path).startswith("all frames were made by ")
    with holding([], cropped_head, settings, tmp_path) as running:
        frames = [*storage.store(running.storage).frames_of_other_recipes(str(Head(cropped_head.read_bytes()).recipe))]
        with pytest.raises(UnciaError, match=rf": {len(frames)} by small-\w+, uncropped; run `uncia reconcile --recip"):
            doctor.recipes(settings, tmp_path)
        container = storage.images(running.storage)
        (undated,) = [frame.path for frame in frames if not frame.captured_at]
        container.delete_blob(undated)
        reconcile.announced(frames[::2], container, lambda: None)  # a run that was interrupted
        archive.reconcile(recipe=True, data=tmp_path)
        told = capsys.readouterr().err
        assert told.startswith(f"{len(frames) - 1} frames featurized again;")
        assert "1 frame not: their image is gone" in told
        until_at_rest(running)
        work.publish(str(cropped_head), relabel=True, data=tmp_path)
        found = by_camera_and_start(storage.store(running.storage).all_labels())
        assert [one for one in found if one.start] == [one for one in wanted if one.start]
        assert [(one.label, one.n_scored) for one in found if not one.start] == [("unknown", 0)]


def test_a_head_of_another_recipe_is_not_featurized_for(
    card: Path, head: Path, settings: Settings, tmp_path: Path
) -> None:
    with holding(pictures.below(card)[:1], head, settings, tmp_path):
        stack.note_recipe(tmp_path, replace(backbones.chosen(settings, None), crop_top=0.25))
        with pytest.raises(HeadRefused, match=r"cropped by 0 above and 0 below, the stack crops 0\.25 and 0"):
            archive.reconcile(recipe=True, data=tmp_path)
