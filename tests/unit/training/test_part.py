"""A part is some images with what people know of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.unit.training.learning import part
from training.manifest import Classes, Example
from training.part import part_of


def test_what_people_know_of_images_is_by_class() -> None:
    species = ("bobcat", "Empty", "bobcat")
    examples = [Example(Path("a"), f"cam {place}", None, name, f"s{place}") for place, name in enumerate(species)]
    found = part_of(examples, Classes.parse("cat=bobcat,other=*"))
    assert (found.classes, found.blank.tolist()) == (("cat", "other", "cat"), [False, True, False])
    assert (found.cameras, found.sequences) == (("cam 0", "cam 1", "cam 2"), ("s0", "s1", "s2"))


def test_some_images_keep_what_is_known_of_them() -> None:
    found = part(["a", "blank", "a"], ["s", "t", "u"], ["x", "y", "z"]).some(np.array([2, 1]))
    assert (found.classes, found.sequences, found.cameras) == (("a", "blank"), ("u", "t"), ("z", "y"))
    assert found.blank.tolist() == [False, True]
    assert found.truth(["a", "b", "blank"]).tolist() == [0, 2]
