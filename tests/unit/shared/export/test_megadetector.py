"""MegaDetector results, by a checker that knows the published format only."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from shared.export.megadetector import FORM
from tests.memory import MemoryStore

from .checkers import megadetector as problems
from .surveyed import RIDGE, exported

type Said = dict[str, Any]


@pytest.fixture
def said() -> Said:
    (text,) = exported(FORM).values()
    found: Said = json.loads(text)
    return found


def first(said: Said) -> Said:
    """The first image in which something was found."""
    return next(one for one in said["images"] if one.get("detections"))


def test_results_are_as_the_format_is_published(said: Said) -> None:
    assert problems(said) == []
    assert said["info"]["format_version"] == "1.6"
    assert len(said["images"]) == 36


def test_an_empty_archive_gives_empty_results() -> None:
    (text,) = exported(FORM, MemoryStore()).values()
    assert problems(json.loads(text)) == []


def test_each_frame_has_its_sequences_answer_in_one_box_around_everything(said: Said) -> None:
    by_file = {one["file"]: one for one in said["images"]}
    (box,) = by_file[f"{RIDGE}/1/0.jpg"]["detections"]
    names = said["classification_categories"]
    assert (box["category"], box["conf"], box["bbox"]) == ("1", 0.9, [0, 0, 1, 1])
    assert [(names[number], score) for number, score in box["classifications"]] == [("leopard", 0.9), ("blank", 0.1)]
    assert by_file[f"{RIDGE}/50%/..0.png"]["detections"] == []
    assert by_file[f"{RIDGE}/1/20.JPG"] == {
        "file": f"{RIDGE}/1/20.JPG", "failure": "the image cannot be decoded", "detections": None,
    }  # fmt: skip
    assert said["classification_category_descriptions"][box["classifications"][0][0]] == "Panthera uncia"


BREAKS: dict[str, Callable[[Said], object]] = {
    "version as a number": lambda said: said["info"].update(format_version=1.6),
    "no detection categories": lambda said: said.pop("detection_categories"),
    "a category that is no number": lambda said: said["detection_categories"].update(animal="animal"),
    "an empty name": lambda said: said["classification_categories"].update({"1": " "}),
    "conf above one": lambda said: first(said)["detections"][0].update(conf=1.2),
    "conf as an integer": lambda said: first(said)["detections"][0].update(conf=1),
    "a box in pixels": lambda said: first(said)["detections"][0].update(bbox=[0, 0, 1920, 1080]),
    "an unknown category": lambda said: first(said)["detections"][0].update(category="9"),
    "classes that ascend": lambda said: first(said)["detections"][0]["classifications"].reverse(),
    "a failure with detections": lambda said: first(said).update(failure="cut"),
    "no detections at all": lambda said: first(said).pop("detections"),
    "descriptions of others": lambda said: said["classification_category_descriptions"].update({"77": "x"}),
    "a file twice": lambda said: said["images"].append(said["images"][0]),
}


@pytest.mark.parametrize("name", BREAKS)
def test_the_checker_sees_what_is_broken(said: Said, name: str) -> None:
    BREAKS[name](said)
    assert problems(said) != []
