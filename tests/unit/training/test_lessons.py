"""What people said becomes a training set without an image; what cannot be learnt from is counted."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from shared.errors import UnciaError
from shared.head import Head
from shared.recipe import Recipe
from tests.memory import MemoryStore
from tests.unit.shared.making import corrupt, frame, say
from tests.unit.training.judging import RECIPE, judged, verdict
from training.lessons import Lessons, gathered, taught
from training.manifest import Classes


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def learnt(store: MemoryStore, rules: str = "", recipe: Recipe = RECIPE) -> Lessons:
    return gathered(store.lessons(), recipe, Classes.parse(rules) if rules else Classes(), store.sequence_ids)


def test_each_judged_frame_is_one_row_in_its_sequence(store: MemoryStore) -> None:
    frames = judged(store, "ab", bursts=2)
    found = learnt(store)
    assert found.classes == ("blank", "blank", "leopard", "leopard") * 2
    assert found.cameras == ("a",) * 4 + ("b",) * 4
    assert found.sequences[:4] == tuple(f"a~{frames[place].row_key}" for place in (0, 0, 2, 2))
    assert found.blank.tolist() == [True, True, False, False] * 2
    np.testing.assert_array_equal(found.features[3], np.frombuffer(frames[3].features, "<f2"))
    assert (found.recipe, found.backbone_name) == (RECIPE, "tiny")


def test_what_cannot_be_learnt_from_is_counted(store: MemoryStore) -> None:
    judged(store, "a")
    others = [
        corrupt(1, camera="b"), frame(2, camera="b", recipe="old~0.0~0.0", features=b"abcdefgh"),
        frame(3, camera="b", recipe=str(RECIPE), features=b"ab"),
        frame(4, camera="b", recipe=str(RECIPE), features=b"\xff" * 8),
        frame(5, camera="b", recipe=str(RECIPE), features=b"abcdefgh"),
    ]  # fmt: skip
    for one in others:
        store.write_frame(one, "")
    say(store, [verdict(one, "yeti") for one in others])
    found = learnt(store, "cat=leopard,nothing=blank")
    assert set(found.classes) == {"cat", "nothing"}
    assert (len(found.classes), found.corrupt, found.other_recipe, found.no_class) == (12, 1, 3, 1)


@pytest.mark.parametrize(
    ("rules", "recipe", "said"),
    [("cat=leopard", RECIPE, r"cat \(12 in all, 0 of"), ("", Recipe("new"), r"none \(12 in all, 12 of them on")],
)
def test_fewer_than_two_classes_are_refused(store: MemoryStore, rules: str, recipe: Recipe, said: str) -> None:
    judged(store, "a")
    with pytest.raises(UnciaError, match=f"^a head needs at least two classes, the verdicts have {said}"):
        learnt(store, rules, recipe)


def test_the_same_lessons_in_any_order_give_the_same_head(store: MemoryStore) -> None:
    judged(store)
    shuffled: Any = [*store.lessons()]
    random.Random(1).shuffle(shuffled)
    again = gathered(shuffled, RECIPE, Classes(), store.sequence_ids)
    assert taught(again, rules="", aim="") == taught(learnt(store), rules="", aim="")


def test_a_head_says_what_people_taught_it(store: MemoryStore) -> None:
    judged(store, "ab")
    head = Head(taught(learnt(store, "cat=leopard,nothing=*"), rules="cat=leopard,nothing=*", aim="recall=0.9")[0])
    assert (head.recipe, head.backbone_name, head.n_features) == (RECIPE, "tiny", 4)
    assert (head.metadata["rules"], head.metadata["aim"]) == ("cat=leopard,nothing=*", "recall=0.9")
    assert head.metadata["trained_on"] == {
        "images": 24, "corrupt": 0, "sequences": 12, "cameras": 2, "camera_names": ["a", "b"],
        "images_by_class": {"cat": 12, "nothing": 12}, "mirrored": False,
    }  # fmt: skip


def test_some_lessons_keep_their_columns_together(store: MemoryStore) -> None:
    judged(store, "ab")
    found = learnt(store)
    half = found.some([camera == "b" for camera in found.cameras])
    assert (set(half.cameras), len(half.features), len(half.blank)) == ({"b"}, 12, 12)
    np.testing.assert_array_equal(half.features, found.features[12:])
