"""Whatever the file is, it ends as one frame and one label, soon, in little memory, and leaves the next one alone."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench import figures
from shared.keys import escape
from tests.hostile.files import files

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="RLIMIT_DATA counts what malloc gets on Linux only")
ROOT = Path(__file__).parents[2]
# Of private memory, as the kernel counts it; and of one core: a machine that does other things too takes longer.
MEGABYTES, SECONDS = 512, 5.0


def endured(folder: Path) -> dict[str, Any]:
    """What became of every file of a folder, all in one process."""
    command = [sys.executable, "-m", "tests.hostile.endure", str(folder), str(MEGABYTES)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2_000:]
    return dict(json.loads(done.stdout))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("hostile")
    for name, data in files():
        (folder / escape(name, 200)).write_bytes(data)
    found = endured(folder)
    outcomes = found["outcomes"]
    figures.keep(
        "hostile",
        files=len(outcomes),
        handled=sum(not one["wrong"] for one in outcomes),
        corrupt=sum(one["status"] == "corrupt" for one in outcomes),
        slowest_seconds_of_one_core=max(one["seconds"] for one in outcomes),
        peak_mb=round(found["peak_mb"]),
        mb_before_the_first=round(found["began_mb"]),
    )
    return found


def test_every_file_becomes_a_frame_and_a_label_and_leaves_the_next_one_alone(told: dict[str, Any]) -> None:
    assert len(told["outcomes"]) >= 200
    assert {one["name"]: one["wrong"] for one in told["outcomes"] if one["wrong"]} == {}


def test_no_file_takes_longer_than_is_stated(told: dict[str, Any]) -> None:
    slow = {one["name"]: one["seconds"] for one in told["outcomes"] if one["seconds"] > SECONDS}
    assert slow == {}


def test_what_is_corrupt_says_why_and_not_for_want_of_memory(told: dict[str, Any]) -> None:
    corrupt = [one for one in told["outcomes"] if one["status"] == "corrupt"]
    # -9 is how Pillow's decoders say it. What does not fit one day and fits another would be two frames.
    assert all(one["reason"] for one in corrupt)
    assert not [one for one in corrupt if "MemoryError" in one["reason"] or one["reason"].endswith("error -9")]
    assert not any(" at 0x" in one["reason"] for one in corrupt)


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ("10,000 scans of 80 megapixels", "a JPEG of more than 5,000 segments"),
        ("two scans of 80 megapixels", "10000×8000 pixels are more than the limit of 30,000,000"),
        ("scans hidden behind a comment", "a JPEG of more than 5,000 segments"),
        ("tiles a million times its height", "30000×1048576 pixels are more than the limit"),
        ("tiffs: a strip of 16 bits and four channels", "6000×5000 pixels are more than the limit of 15,000,000"),
        ("30 megapixels, one pixel wide", "a side of 30,000,000 pixels is longer than the limit"),
        ("a million empty chunks", "more is read, or in more pieces"),
        ("pretenders: HTML", "no image, or of a format that no camera writes"),
        ("pretenders: nothing", "the file is empty"),
        ("jpegs: arithmetic codes", "a JPEG of kind C9"),
    ],
)
def test_each_bound_is_the_one_that_stops_its_file(told: dict[str, Any], part: str, reason: str) -> None:
    (found,) = [one for one in told["outcomes"] if one["name"].endswith(escape(part))]
    assert reason in found["reason"]


@pytest.mark.parametrize(
    "part",
    [
        "100 scans of 30 megapixels",
        "whole tiles",
        "the largest strip of 16 bits and four channels",
        "GIF of 10,000 frames",
        "JPEG and ZIP",
    ],
)
def test_what_is_within_the_bounds_is_decoded(told: dict[str, Any], part: str) -> None:
    (found,) = [one for one in told["outcomes"] if one["name"].endswith(": " + escape(part))]
    assert found["status"] == "ok"


@pytest.mark.lab
def test_broken_files_from_the_field_are_endured_too(lab: Path) -> None:
    found = endured(lab / "nasty" / "images")["outcomes"]
    assert len(found) > 40
    assert [one for one in found if one["wrong"] or one["seconds"] > SECONDS] == []
