"""Features of labelled images are those that `featurize` makes; images that cannot be decoded are counted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from shared.backbone import Backbone
from shared.errors import UnciaError
from shared.featurizer import Featurizer, Upload
from tests.unit.shared.making import NOON, backbone, noise, written
from training.features import observe
from training.manifest import Example

FEATURIZER = Featurizer(Backbone(backbone(), threads=1), 0.0, 0.1)
CONTENTS = {
    "1.jpg": written(noise()),
    "2.jpg": written(noise())[:300],
    "3.jpg": b"",
    "4.png": written(noise().rotate(180), "PNG"),
}


def example(folder: Path, name: str) -> Example:
    folder.joinpath(name).write_bytes(CONTENTS[name])
    return Example(folder / name, "a", None, "ibex", name)


def test_each_image_gets_the_features_of_its_frame(tmp_path: Path) -> None:
    seen = observe([example(tmp_path, name) for name in ("1.jpg", "4.png")], FEATURIZER, lambda: None)
    frames = [FEATURIZER.frame(Upload("a/x", CONTENTS[name], {}), None, NOON) for name in ("1.jpg", "4.png")]
    assert seen.features.dtype == np.float16
    assert [row.astype("<f2").tobytes() for row in seen.features] == [frame.features for frame in frames]
    assert frames[0].features != frames[1].features


def test_images_that_cannot_be_decoded_are_left_out_and_counted(tmp_path: Path) -> None:
    examples = [example(tmp_path, name) for name in CONTENTS]
    seen = observe(examples, FEATURIZER, lambda: None)
    assert seen.examples == (examples[0], examples[3])
    assert (len(seen.features), seen.n_corrupt) == (2, 2)


@pytest.mark.parametrize("names", [["2.jpg"], ["2.jpg", "3.jpg"]])
def test_images_of_which_none_can_be_decoded_are_refused(tmp_path: Path, names: list[str]) -> None:
    with pytest.raises(UnciaError, match=r"^none of the images can be decoded$"):
        observe([example(tmp_path, name) for name in names], FEATURIZER, lambda: None)


def test_progress_is_told_after_every_image(tmp_path: Path) -> None:
    told: list[None] = []
    observe([example(tmp_path, name) for name in CONTENTS], FEATURIZER, lambda: told.append(None))
    assert len(told) == len(CONTENTS)
