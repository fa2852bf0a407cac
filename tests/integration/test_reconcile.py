"""Events are lost, and the labels are those of a run in which none was."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import typer

from cli import archive, missing, pictures, storage
from cli.stack import Stack
from functions.reconcile import listed
from functions.relabel import ask
from shared import answer
from shared.day import Ask
from shared.frame import Frame
from shared.label import by_camera_and_start
from shared.settings import Settings

from .conftest import draw
from .test_pipeline import until_at_rest
from .test_relabel import _our_backbone, holding  # noqa: F401 - a fixture


def lose(running: Stack) -> list[str]:
    """Makes the tables what they are where every third event was lost, and that of a second copy; the names."""
    tables, sequences, now = (made(running.storage) for made in (storage.store, storage.sequences, storage.clock))
    rows = [tables.read_frame(camera, key)[0] for camera, key, _ in tables.frame_paths()]
    frames = sorted((one for one in rows if one), key=lambda one: one.path)
    (double,) = [one for one in frames if len(one.answers) > answer.DIGEST]
    lost = [one for one in frames[::3] if one != double]
    for one in lost:
        tables.delete_frame(one.camera, one.row_key)
        ask(Ask(one.camera, one.day), tables, sequences, now())
    assert tables.write_frame(only_one(double), tables.read_frame(double.camera, double.row_key)[1])
    until_at_rest(running)
    known = {one.path for one in frames}
    return sorted([*(one.path for one in lost), *(one.name for one in listed_in(running) if one.name not in known)])


def only_one(one: Frame) -> Frame:
    return replace(one, answers=answer.of(one.path, one.etag, one.size))


def listed_in(running: Stack) -> list[missing.Listed]:
    return [*listed(storage.images(running.storage))]


def test_images_whose_event_was_lost_are_named_and_mended(
    head: Path, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(missing, "ON_ITS_WAY_HERE", timedelta())
    data = tmp_path / "data"
    with holding(pictures.below(draw(tmp_path / "card", bursts=5)), head, settings, data) as running:
        tables = storage.store(running.storage)
        wanted = by_camera_and_start(tables.all_labels())
        archive.reconcile(data=data)
        lost = lose(running)
        assert by_camera_and_start(tables.all_labels()) != wanted
        capsys.readouterr()
        with pytest.raises(typer.Exit):
            archive.reconcile(data=data)
        assert capsys.readouterr().out.splitlines() == lost
        archive.reconcile(fix=True, data=data)
        assert f"{len(lost)} images announced and featurized" in capsys.readouterr().err
        until_at_rest(running)
        assert by_camera_and_start(tables.all_labels()) == wanted
        archive.reconcile(data=data)
        assert ", 0 missing, 0 failed, 0 on their way" in capsys.readouterr().err
