"""People judge, the stack learns: what is better takes over and labels everything again, what is not is kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cli import backbones, learning, pictures, retraining, stack, storage, uploading, verdicts
from cli.stack import Stack
from shared.settings import Settings
from training.challenge import held_out

from .conftest import COLOURS, START, photograph

CAMERAS = [f"Ridge {number}" for number in range(4)]
SHOTS = 22
RIGHT, TURNED = {"red": "leopard", "blue": "blank"}, {"red": "blank", "blue": "leopard"}


@pytest.fixture
def running(small_backbone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    """A stack that holds a card of single shots, red or blue, on four cameras."""
    for camera in CAMERAS:
        folder = tmp_path / "card" / camera
        folder.mkdir(parents=True)
        for shot in range(SHOTS):
            name, at = list(RIGHT)[shot % 2], START + timedelta(minutes=10 * shot)
            seed = 100 * CAMERAS.index(camera) + shot
            (folder / f"{name}_{shot}.jpg").write_bytes(photograph(COLOURS[name], at, seed))
    settings = replace(Settings.from_env({}), backbone=small_backbone)
    recipe = backbones.chosen(settings, None)
    stack.note_recipe(tmp_path / "data", recipe)
    with stack.started(tmp_path / "data", backbones.environment(settings, recipe)) as (local, _):
        monkeypatch.setenv("Storage", local.storage["connection"])
        uploading.send(pictures.below(tmp_path / "card"), storage.images(local.storage), lambda: None)
        looks = local.status()["looks"]
        until(lambda: local.at_rest(looks))
        yield local


def until(done: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end
        time.sleep(0.3)


def say(tmp_path: Path, names: dict[str, str], cameras: list[str]) -> None:
    """Somebody's manifest, imported."""
    rows = [
        f"{camera}/{list(names)[shot % 2]}_{shot}.jpg,{list(names.values())[shot % 2]}"
        for camera in cameras
        for shot in range(SHOTS)
    ]
    (tmp_path / "said.csv").write_text("\n".join(["path,species", *rows, "nowhere/9.jpg,leopard"]), "utf-8")
    verdicts.import_(tmp_path / "said.csv", "Ana", tmp_path / "data")


def test_a_better_head_takes_over_and_a_worse_one_is_kept(
    running: Stack, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    heads, tables, data = storage.heads(running.storage), storage.store(running.storage), tmp_path / "data"
    say(tmp_path, TURNED, CAMERAS)
    assert "88 verdicts recorded\n1 row matched no frame (the first is row 90)" in capsys.readouterr().err
    learning.retrain(data=data)
    assert "There was no head to compare with." in capsys.readouterr().out

    say(tmp_path, RIGHT, CAMERAS)
    learning.retrain(by="Ana", data=data)
    assert "It is better than the champion. Balanced accuracy: 0.000 before, 1.000 now" in capsys.readouterr().out
    better = heads.latest()
    assert better is not None
    until(lambda: {label.head for label in tables.all_labels()} == {better.version})
    until(lambda: running.at_rest(0))
    for label in tables.all_labels():
        assert label.label == RIGHT[label.frames[0].path.rpartition("/")[2].partition("_")[0]]

    say(tmp_path, TURNED, [camera for camera in CAMERAS if camera not in held_out(CAMERAS)][:2])
    learning.retrain(data=data)
    assert "It is not better than the champion." in capsys.readouterr().out
    assert heads.latest().version == better.version  # type: ignore[union-attr]
    # Written within one second they may be listed in any order.
    assert sorted(row["state"] for row in retraining.listed(heads)) == ["candidate", "current", "earlier"]
