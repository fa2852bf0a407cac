"""An int8 backbone is the default only where it is as good as the float one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sklearn.metrics import roc_auc_score

from tests.unit.shared.making import backbone
from training.evaluating import positive
from training.fitting import fit
from training.manifest import Classes, Example
from training.part import part_of
from training.proof import LEAST_COSINE, MOST_AUC_LOST, Proof, cosines, rn2, rungs, speeds

RULES = Classes.parse("cat=cat,other=*")


def proof(cosine: float = 0.99, aucs: tuple[float | None, float | None] | None = (0.9, 0.9)) -> Proof:
    found = ({"roc_auc": aucs[0]}, {"roc_auc": aucs[1]}) if aucs else None
    return Proof(300, cosine, 0.9, (100, 25), (25.0, 80.0), found)


def seen(number: int = 60) -> tuple[list[Example], np.ndarray]:
    """Images of two classes in pairs, and features that tell them apart nearly."""
    drawn = np.random.default_rng(3)
    species = ["cat" if place // 2 % 2 else "cow" for place in range(number)]
    features = drawn.normal(size=(number, 6)) + np.array([[name == "cat"] * 6 for name in species]) * 0.7
    side = ["train" if place < number // 2 else "test" for place in range(number)]
    examples = [
        Example(Path(f"{place}.jpg"), f"c{place // 10}", None, name, f"s{place // 2}", side[place])
        for place, name in enumerate(species)
    ]
    return examples, features.astype(np.float16)


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (proof(), ""),
        (proof(LEAST_COSINE), ""),
        (proof(LEAST_COSINE - 0.0001), "the mean cosine to the float features is 0.9849, below 0.985"),
        (proof(aucs=None), ""),
        (proof(aucs=(0.9, 0.9 - MOST_AUC_LOST + 0.001)), ""),
        (proof(aucs=(0.9, 0.889)), "RN2's ROC AUC falls from 0.9000 to 0.8890, by more than 0.01"),
        (proof(aucs=(0.8, 0.9)), ""),
        (proof(float("nan")), "the mean cosine to the float features is nan, below 0.985"),
    ],
)
def test_why_int8_is_refused_as_the_default(found: Proof, says: str) -> None:
    assert found.refusal == says


def test_the_cosine_of_each_pair() -> None:
    one = np.array([[1, 0], [1, 1], [2, 2], [0, 0]], np.float16)
    other = np.array([[0, 3], [2, 2], [-1, -1], [1, 0]], np.float16)
    np.testing.assert_allclose(cosines(one, other), [0, 1, -1, 0], atol=1e-12)


def test_without_a_split_each_image_is_judged_by_a_head_that_never_saw_its_sequence() -> None:
    examples, features = seen()
    part = part_of(examples, RULES)
    found = rn2(features, part, RULES, None)
    assert found is not None
    held_out = fit(features, part).held_out
    assert held_out is not None
    truth = [name == "cat" for name in part.classes]
    assert found["roc_auc"] == pytest.approx(roc_auc_score(truth, held_out[:, 0] - held_out[:, 1]))
    assert (found["n"], positive(RULES, part)) == (60, "cat")


def test_with_a_split_one_side_is_tried() -> None:
    examples, features = seen()
    both = rungs(examples, RULES, "column", (features, features))
    assert both is not None
    assert both[0] == both[1]
    assert both[0]["n"] == 30
    assert both[0] != rn2(features, part_of(examples, RULES), RULES, None)


def test_too_few_sequences_cannot_be_tried() -> None:
    examples, features = seen(4)
    assert rungs(examples, RULES, "", (features, features)) is None


def test_speeds_are_pictures_a_second() -> None:
    pictures = [Image.new("RGB", (9, 9)), Image.new("RGB", (40, 30))]
    one, other = speeds(backbone(), backbone(name="other"), pictures)
    assert one > 1
    assert other > 1
