"""An evaluation says what was split how, what was left out, and what it found."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from shared.errors import UnciaError
from training.evaluating import FEW, Seen, evaluate, positive
from training.evaluation import Evaluation
from training.ladder import RUNGS, Inputs
from training.manifest import Classes, Example
from training.part import part_of

NOON = datetime(2016, 1, 1, 12)
RULES = Classes.parse("cat=bobcat|puma,other=*")


def examples(species: Sequence[str], cameras: int = 6) -> tuple[Example, ...]:
    """Three images a sequence, an hour apart, of one species each."""
    return tuple(
        Example(
            Path(f"{number}.jpg"),
            f"cam {number // 3 % cameras}",
            NOON + timedelta(hours=number // 3),
            name,
            f"s{number // 3}",
        )
        for number, name in enumerate(name for name in species for _ in range(3))
    )


def evaluated(own: tuple[Example, ...], rules: Classes = RULES, by: str = "camera") -> Evaluation:
    chance = np.random.default_rng(0)
    rows = chance.normal(np.array([[len(rules.of(one.species) or "")] for one in own]), 1, (len(own), 6))

    def see(places: np.ndarray) -> np.ndarray:
        return rows[places]

    seen = Seen(own, tuple(one.path.name for one in own), Inputs(see, see, see, see), "resnet50", (0.0, 0.05))
    return evaluate(seen, rules, by, None, ["A note."], lambda name: None)


def test_it_says_what_was_learnt_from_and_tried_on() -> None:
    found = evaluated(examples(["bobcat", "blank"] * 24))
    train, test = found.split["train"], found.split["test"]
    assert found.split["by"] == "camera"
    assert (train["images"] + test["images"], train["sequences"] + test["sequences"]) == (144, 48)
    assert not set(train["cameras"]) & set(test["cameras"])
    assert len(found.examples) == len(found.digests) == len(found.truth) == test["images"]
    assert [found.digests[0]] == [found.examples[0].path.name]


def test_the_json_is_what_the_issue_of_a_program_that_reads_it_needs() -> None:
    said = json.loads(json.dumps(evaluated(examples(["bobcat", "blank"] * 24)).as_json(), allow_nan=False))
    assert tuple(said["rungs"]) == RUNGS
    for rung in said["rungs"].values():
        for level in ("image", "sequence"):
            assert 0 <= rung[level]["accuracy"] <= 1
            low, high = rung[level]["intervals"]["roc_auc"] or (0, 1)
            assert low <= rung[level]["roc_auc"] <= high
            assert set(rung[level]["classes"]) == {"cat", "other"}


def test_classes_with_few_images_are_named() -> None:
    assert evaluated(examples(["bobcat"] * 6 + ["blank"] * 42)).few == {"cat": 12}
    assert evaluated(examples(["bobcat", "blank"] * 24)).few == {}
    assert FEW == 30


def test_images_of_a_class_that_no_head_could_know_are_left_out_and_told() -> None:
    own = examples(["bobcat", "blank"] * 10 + ["ibex", "blank", "bobcat"] * 7)
    found = evaluated(own, Classes(), "date:2016-01-02T08:00:00")
    assert found.classes == ("blank", "bobcat")
    assert found.notes[0] == "A note."
    assert found.notes[1] == "21 images of ibex left out: all of them are to test on, so no head could know them."
    assert found.split["test"]["images_by_class"] == {"blank": 21, "bobcat": 21}


def test_one_known_class_is_nothing_to_test_on() -> None:
    own = examples(["bobcat", "blank"] * 10 + ["ibex", "blank"] * 10)
    with pytest.raises(UnciaError, match="leaves only blank to test on of what could be learnt"):
        evaluated(own, Classes(), "date:2016-01-02T08:00:00")


def test_images_on_neither_side_are_told() -> None:
    own = examples(["bobcat", "blank"] * 20)
    undated = Example(Path("x.jpg"), "cam 0", None, "blank", "x")
    found = evaluated((*own, undated), by="date:2016-01-02T08:00:00")
    assert found.notes[1:] == ("1 image left out: the split puts them on neither side.",)


@pytest.mark.parametrize(
    ("rules", "species", "expected"),
    [
        (RULES, ["bobcat", "blank", "dog"], "cat"),
        (Classes(), ["blank", "ibex", "ibex"], "ibex"),
        (Classes(), ["ibex", "ibex", "lynx", "blank"], "lynx"),
    ],
)
def test_a_person_is_after_the_first_class_they_name_or_the_rarest_there_is_to_see(
    rules: Classes, species: list[str], expected: str
) -> None:
    assert positive(rules, part_of(examples(species), rules)) == expected
