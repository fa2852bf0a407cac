"""`uncia evaluate`: the ladder as a table, figures and a page; mistakes in one sentence."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.shared.making import noise, written

from .conftest import Answer

IMAGES, SPECIES = 24, ("lynx", "blank")


@pytest.fixture
def manifest(desk: Path) -> Path:
    """Pictures of four cameras, a lynx turned one way and a blank the other; the last one is cut short."""
    rows = ["path,camera,captured_at,species,split"]
    for number in range(IMAGES):
        picture = noise().rotate(180 * (number % 2)).resize((64 - number, 48))
        content = written(picture)
        desk.joinpath(f"card/a/{number}.jpg").write_bytes(content if number < IMAGES - 1 else content[:200])
        camera, side = number // 2 % 4, "test" if number // 2 % 4 == 3 else "train"
        rows.append(f"a/{number}.jpg,cam {camera},2016-01-{number + 1:02}T12:00:00,{SPECIES[number % 2]},{side}")
    desk.joinpath("labels.csv").write_text("\n".join(rows), "utf-8")
    return desk


def test_the_command_tells_the_ladder_and_writes_it(manifest: Path, uncia: Callable[..., Answer]) -> None:
    answer = uncia("evaluate", "labels.csv", "--images", "card", "--json", "out.json", "--report", "out.html")
    assert answer.code == 0
    assert [line.split()[0] for line in answer.out.splitlines()] == ["rung", "L120", "RN1", "RN2", "RN2+A", "RN2+A+E"]
    assert "1 image could not be decoded." in answer.err
    assert "lynx: only " in answer.err
    said = json.loads(manifest.joinpath("out.json").read_text("utf-8"))
    assert said["split"]["by"] == "camera"
    assert said["split"]["train"]["images"] + said["split"]["test"]["images"] == IMAGES - 1
    assert manifest.joinpath("out.html").read_text("utf-8").startswith("<!DOCTYPE html>")


def test_a_second_run_says_the_same_without_looking_at_an_image(manifest: Path, uncia: Callable[..., Answer]) -> None:
    first = uncia("evaluate", "labels.csv", "--images", "card", "--split", "column")
    for number in range(IMAGES):
        file = manifest / f"card/a/{number}.jpg"
        said = file.stat()
        file.write_bytes(b"x" * said.st_size)
        os.utime(file, ns=(said.st_atime_ns, said.st_mtime_ns))
    assert uncia("evaluate", "labels.csv", "--images", "card", "--split", "column") == first


def test_images_that_are_copies_of_others_are_counted(manifest: Path, uncia: Callable[..., Answer]) -> None:
    manifest.joinpath("card/a/4.jpg").write_bytes(manifest.joinpath("card/a/2.jpg").read_bytes())
    assert "1 image with the content of another: known" in uncia("evaluate", "labels.csv", "--images", "card").err


MISTAKES = [
    (["--split", "date:someday"], "'someday' is no date"),
    (["--split", "place"], "say camera, date:2016-01-10 or column"),
    (["--split", "date:2011-01-01"], "both sides need two classes"),
    (["--aim", "speed=1"], "say recall=0.95 or precision=0.95"),
    (["--json", "nowhere/out.json"], "there is no folder nowhere"),
    (["--classes", "all=*"], "a head needs at least two classes, here there are 1"),
    (["--crop-bottom", "0.2", "--images", "nowhere"], "there is no folder nowhere"),
]


@pytest.mark.parametrize(("options", "why"), MISTAKES)
def test_a_mistake_is_told_in_one_sentence(
    manifest: Path, uncia: Callable[..., Answer], options: list[str], why: str
) -> None:
    images = [] if "--images" in options else ["--images", "card"]
    answer = uncia("evaluate", "labels.csv", *images, *options)
    assert answer.code == 1
    assert answer.err.startswith("uncia: ")
    assert why in answer.err
    assert answer.err.count("\n") == 1


def test_a_camera_on_both_sides_is_refused(manifest: Path, uncia: Callable[..., Answer]) -> None:
    text = manifest.joinpath("labels.csv").read_text("utf-8").replace("cam 3", "cam 2")
    manifest.joinpath("labels.csv").write_text(text, "utf-8")
    answer = uncia("evaluate", "labels.csv", "--images", "card", "--split", "column")
    assert answer.err == "uncia: --split column: camera cam 2 is on both sides, so the test would prove nothing\n"


def test_images_without_times_and_sequences_are_refused(manifest: Path, uncia: Callable[..., Answer]) -> None:
    lines = manifest.joinpath("labels.csv").read_text("utf-8").splitlines()
    undated = [lines[0], *(",".join([*line.split(",")[:2], "", *line.split(",")[3:]]) for line in lines[1:])]
    manifest.joinpath("labels.csv").write_text("\n".join(undated), "utf-8")
    answer = uncia("evaluate", "labels.csv", "--images", "card")
    assert answer.err.endswith("give the manifest a column captured_at or sequence\n")
    assert (answer.code, answer.err.count("\n")) == (1, 1)
