"""COCO Camera Traps, by a checker that knows the published format only."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from shared.export.coco import FORM

from .checkers import coco as problems
from .surveyed import LOST, ODD, RIDGE, exported

type Said = dict[str, Any]


@pytest.fixture
def said() -> Said:
    return read()


def read(**options: Any) -> Said:
    (text,) = exported(FORM, **options).values()
    found: Said = json.loads(text)
    return found


def annotated(said: Said, path: str) -> list[tuple[str, bool, str]]:
    """What is said of a file: category, whether of its sequence, and by whom."""
    names = {one["id"]: one["name"] for one in said["categories"]}
    (image,) = (one["id"] for one in said["images"] if one["file_name"] == path)
    own = (one for one in said["annotations"] if one["image_id"] == image)
    return [(names[one["category_id"]], one["sequence_level_annotation"], one["classification_method"]) for one in own]


@pytest.mark.parametrize("machine", [False, True])
def test_the_file_is_as_the_format_is_published(machine: bool) -> None:
    assert problems(read(machine=machine)) == []


def test_an_image_has_its_sequence_its_place_and_its_corrected_time(said: Said) -> None:
    image = next(one for one in said["images"] if one["location"] == "Place, 2")
    assert (image["datetime"], image["seq_num_frames"], image["frame_num"]) == ("2031-01-31 15:00:00", 4, 0)
    assert {one["location"] for one in said["images"]} == {"Place, 1", "Place, 2", LOST, RIDGE, ODD}
    assert [one["file_name"] for one in said["images"] if one["location"] == RIDGE] == [f"{RIDGE}/no time.jpg"]
    assert sum(one["corrupt"] for one in said["images"]) == 6


def test_what_people_said_comes_in_the_place_of_what_the_machine_said(said: Said) -> None:
    assert annotated(said, f"{RIDGE}/1/0.jpg") == [("snow_leopard", True, "human")]
    assert annotated(said, f"{RIDGE}/50%/..0.png") == [("empty", True, "human")]
    assert [annotated(said, f"{RIDGE}/3/{at}.jpg") for at in range(3)] == [
        [("ibex", False, "human")], [("ibex", False, "human")], [],
    ]  # fmt: skip
    assert annotated(said, f"{LOST}/1/0.jpg") == [("leopard", True, "machine")]
    assert annotated(said, f"{LOST}/2/bad.tif") == []


def test_the_machine_can_be_asked_alone() -> None:
    said = read(machine=True)
    assert annotated(said, f"{RIDGE}/1/0.jpg") == [("leopard", True, "machine")]
    assert {one["classification_method"] for one in said["annotations"]} == {"machine"}


BREAKS: dict[str, Callable[[Said], object]] = {
    "no description": lambda said: said["info"].pop("description"),
    "an image without id": lambda said: said["images"][0].pop("id"),
    "two images of one id": lambda said: said["images"][1].update(id=said["images"][0]["id"]),
    "a number for a text": lambda said: said["images"][0].update(location=3),
    "another time": lambda said: said["images"][0].update(datetime="2026-01-31T12:00:00Z"),
    "frames counted from one": lambda said: said["images"][0].update(frame_num=4),
    "another length": lambda said: said["images"][0].update(seq_num_frames=9),
    "no flag": lambda said: said["images"][0].update(corrupt="false"),
    "blank instead of empty": lambda said: said["categories"][0].update(name="blank"),
    "a category as a text": lambda said: said["categories"][1].update(id="1"),
    "an annotation of no image": lambda said: said["annotations"][0].update(image_id="x"),
    "an annotation of no category": lambda said: said["annotations"][0].update(category_id=99),
    "a sequence that is no flag": lambda said: said["annotations"][0].update(sequence_level_annotation=1),
}


@pytest.mark.parametrize("name", BREAKS)
def test_the_checker_sees_what_is_broken(said: Said, name: str) -> None:
    BREAKS[name](said)
    assert problems(said) != []
