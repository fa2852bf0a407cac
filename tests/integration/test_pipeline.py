"""Pictures in, labels out: the real function app, the real runtime, real storage."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from cli import backbones, pictures, run, stack, storage, uploading
from cli.pictures import LocalImage
from shared.head import Head
from shared.label import by_camera_and_start, labels
from shared.sequence import Limits
from shared.settings import Settings, environment

from .conftest import COLOURS, ROOT, START, draw, photograph


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw(tmp_path_factory.mktemp("card"), bursts=12)


def labelled(images: Sequence[LocalImage], head: Path, settings: Settings, data: Path | None, out: Path) -> bytes:
    finished = run.run(images, head_file=head, settings=settings, data=data)
    assert finished.problems == []
    run.write(finished.labels, out)
    return out.read_bytes()


@pytest.fixture(scope="module")
def plain(card: Path, head: Path, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    out = tmp_path_factory.mktemp("plain") / "labels.json"
    return labelled(pictures.below(card), head, settings, None, out)


def test_each_burst_is_one_sequence_with_its_own_label(plain: bytes) -> None:
    dated = [one for one in json.loads(plain) if one["start"]]
    assert len(dated) == 12
    for one in dated:
        drawn = {shot["path"].rpartition("/")[2].split("_")[0] for shot in one["frames"] if "_" in shot["path"]}
        assert {one["label"]} == drawn
        assert one["probability"] > 0.5


def test_a_corrupt_file_stays_in_its_sequence_and_is_not_averaged(plain: bytes) -> None:
    (one,) = [one for one in json.loads(plain) if one["n_scored"] < one["n_frames"]]
    assert [shot["status"] for shot in one["frames"]].count("corrupt") == one["n_frames"] - one["n_scored"] == 1


def test_the_same_bytes_under_two_names_are_one_frame_under_the_smaller(plain: bytes, card: Path) -> None:
    paths = [shot["path"] for one in json.loads(plain) for shot in one["frames"]]
    files = [image.name for image in pictures.below(card)]
    assert len(files) - len(paths) == 1
    assert any(path.endswith("a twin.JPG") for path in paths)


def test_an_undated_file_is_a_sequence_of_its_own(plain: bytes) -> None:
    (one,) = [one for one in json.loads(plain) if not one["start"]]
    assert one["n_frames"] == 1


def test_shuffled_repeated_and_halved_input_gives_the_same_bytes(
    plain: bytes, card: Path, head: Path, settings: Settings, tmp_path: Path
) -> None:
    images = pictures.below(card)
    random.Random(5).shuffle(images)
    data, out = tmp_path / "data", tmp_path / "labels.json"
    labelled(images[: len(images) // 2], head, settings, data, out)
    again = shutil.copytree(card, tmp_path / "again")
    assert labelled(images, head, settings, data, out) == plain
    assert labelled(pictures.below(again), head, settings, data, out) == plain


def test_a_late_frame_joins_two_sequences_and_deletes_the_superseded_label(
    head: Path, settings: Settings, tmp_path: Path
) -> None:
    card = tmp_path / "card" / "cam"
    card.mkdir(parents=True)
    for second, seed in ((0, 1), (50, 2), (100, 3)):
        at = START + timedelta(seconds=second)
        (card / f"red_{second}.jpg").write_bytes(photograph(COLOURS["red"], at, seed))
    images = pictures.below(card.parent)
    data, out = tmp_path / "data", tmp_path / "labels.json"
    before = labelled([images[0], images[1]], head, settings, data, out)
    after = labelled(images, head, settings, data, out)
    assert [one["n_frames"] for one in json.loads(before)] == [1, 1]
    assert [one["n_frames"] for one in json.loads(after)] == [3]


@contextmanager
def host(data: Path, settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """The host as a process that can be killed; leases of 2 s, so that killed messages come back at once."""
    command = [sys.executable, "-m", "devhost", "--data", str(data), "--root", str(ROOT), "--lease", "2"]
    said = {"UNCIA_BACKBONE": str(settings.backbone), "UNCIA_SETTLE_SECONDS": "1"}
    with subprocess.Popen(
        [*command, "--stop-with-stdin"], env=environment() | said, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    ) as process:
        try:
            yield process
        finally:
            if process.stdin:
                process.stdin.close()
            process.wait(60)


def until_up(data: Path, seconds: float = 60) -> stack.Stack:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := stack.find(data):
            return found
        time.sleep(0.1)
    raise TimeoutError


def until_at_rest(running: stack.Stack, seconds: float = 120) -> None:
    looks, end = running.status()["looks"], time.monotonic() + seconds
    while not running.at_rest(looks):
        assert time.monotonic() < end
        time.sleep(0.2)


def test_killing_the_host_at_any_moment_loses_nothing(
    plain: bytes, card: Path, head: Path, settings: Settings, tmp_path: Path
) -> None:
    images = pictures.below(card)
    kills = [0.3, 0.8, 1.5, 2.5]  # seconds after it was up: detecting, featurizing, aggregating, finalizing
    with host(tmp_path, settings) as process:
        running = until_up(tmp_path)
        storage.heads(running.storage).publish(head.read_bytes())
        uploading.send(images, storage.images(running.storage), lambda: None)
        time.sleep(kills[0])
        process.send_signal(signal.SIGKILL)
    for moment in kills[1:]:
        with host(tmp_path, settings) as process:
            until_up(tmp_path)
            time.sleep(moment)
            process.send_signal(signal.SIGKILL)
    with host(tmp_path, settings):
        running = until_up(tmp_path)
        until_at_rest(running)
        tables = storage.store(running.storage)
        run.write(by_camera_and_start(tables.all_labels()), tmp_path / "labels.json")
        assert run.problems(run.frames_of(images), tables, running) == []
    assert (tmp_path / "labels.json").read_bytes() == plain


def test_stored_labels_are_those_of_the_batch_computation(
    card: Path, head: Path, settings: Settings, tmp_path: Path
) -> None:
    recipe = backbones.chosen(settings, Head(head.read_bytes()))
    with stack.started(tmp_path, backbones.environment(settings, recipe)) as (running, _):
        storage.heads(running.storage).publish(head.read_bytes())
        uploading.send(pictures.below(card), storage.images(running.storage), lambda: None)
        until_at_rest(running)
        tables = storage.store(running.storage)
        days = list(tables.read_days())
        frames = {
            c: [f for d in days if d.camera == c for f in tables.read_frames(c, d.day)]
            for c in {d.camera for d in days}
        }
        wanted = [label for own in frames.values() for label in labels(own, Limits(), Head(head.read_bytes()))]
        assert by_camera_and_start(tables.all_labels()) == by_camera_and_start(iter(wanted))
