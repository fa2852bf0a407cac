"""Labelled images are seen as `featurize` sees them, once; those that cannot be decoded are counted."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from shared.backbone import Backbone
from shared.errors import UnciaError
from shared.featurizer import Featurizer, Upload
from tests.unit.shared.making import NOON, backbone, exif, noise, written
from training import features
from training.cache import Cache
from training.features import Observed, observe
from training.manifest import Example

FEATURIZER = Featurizer(Backbone(backbone(), threads=1), 0.0, 0.1)
CONTENTS = {
    "1.jpg": written(noise(), exif=exif(DateTimeOriginal="2016:01:02 03:04:05")),
    "2.jpg": written(noise())[:300],
    "3.jpg": b"",
    "4.png": written(noise().rotate(180), "PNG"),
}


def example(folder: Path, name: str, content: bytes | None = None) -> Example:
    folder.joinpath(name).write_bytes(CONTENTS[name] if content is None else content)
    return Example(folder / name, "a", None, "ibex", "")


def seen(examples: list[Example], folder: Path, progress: Callable[[], None] = lambda: None) -> tuple[Observed, Cache]:
    cache = Cache(folder / "cache", FEATURIZER.recipe)
    return observe(examples, lambda: FEATURIZER, cache, progress), cache


def never() -> Featurizer:
    raise AssertionError("an image was to be looked at again")


def test_each_image_gives_the_features_of_its_frame(tmp_path: Path) -> None:
    found, cache = seen([example(tmp_path, name) for name in ("1.jpg", "4.png")], tmp_path)
    frames = [FEATURIZER.frame(Upload("a/x", CONTENTS[name], {}), None, NOON) for name in ("1.jpg", "4.png")]
    features = cache.numbers("features", found.digests)
    assert [row.tobytes() for row in features] == [frame.features for frame in frames]
    assert frames[0].features != frames[1].features
    assert cache.values("preview", found.digests) == [frame.preview for frame in frames]


def test_mirrored_features_are_those_of_the_mirrored_image(tmp_path: Path) -> None:
    one = example(tmp_path, "1.png", written(noise(), "PNG"))
    other = example(tmp_path, "2.png", written(ImageOps.mirror(noise()), "PNG"))
    found, cache = seen([one, other], tmp_path)
    mirrored = cache.numbers("mirrored", found.digests)
    np.testing.assert_array_equal(mirrored, cache.numbers("features", found.digests)[::-1])


def test_logits_and_grey_pixels_are_kept_too(tmp_path: Path) -> None:
    found, cache = seen([example(tmp_path, "4.png")], tmp_path)
    (grey,) = cache.numbers("grey", found.digests)
    cropped = noise().rotate(180).crop((0, 0, 64, 43))
    expected = np.asarray(cropped.convert("L").resize((120, 120), Image.Resampling.BILINEAR), int)
    assert np.abs(expected.ravel() - grey).max() <= 1
    np.testing.assert_allclose(cache.numbers("logits", found.digests)[0], FEATURIZER.backbone.run(cropped)[1])


def test_a_second_run_looks_at_no_image(tmp_path: Path) -> None:
    examples = [example(tmp_path, name) for name in CONTENTS]
    first, _ = seen(examples, tmp_path)
    for one in examples:
        one.path.chmod(0)
    assert observe(examples, never, Cache(tmp_path / "cache", FEATURIZER.recipe), lambda: None) == first


def test_an_image_under_another_name_is_read_but_not_looked_at_again(tmp_path: Path) -> None:
    seen([example(tmp_path, "1.jpg")], tmp_path)
    found, cache = seen([example(tmp_path, "5.jpg", CONTENTS["1.jpg"])], tmp_path)
    assert len(found.digests) == len(cache.reasons) == 1


def test_an_image_that_changed_is_looked_at_again(tmp_path: Path) -> None:
    first, _ = seen([example(tmp_path, "1.jpg")], tmp_path)
    second, _ = seen([example(tmp_path, "1.jpg", CONTENTS["4.png"])], tmp_path)
    assert first.digests != second.digests


def test_another_recipe_is_another_look(tmp_path: Path) -> None:
    one = example(tmp_path, "4.png")
    seen([one], tmp_path)
    other = replace(FEATURIZER, crop_bottom=0.3)
    cache = Cache(tmp_path / "cache", other.recipe)
    assert not cache.reasons
    observe([one], lambda: other, cache, lambda: None)
    assert cache.reasons


def test_a_time_that_the_manifest_lacks_is_the_images_own(tmp_path: Path) -> None:
    found, _ = seen([example(tmp_path, "1.jpg"), replace(example(tmp_path, "4.png"), captured_at=NOON)], tmp_path)
    assert [f"{one.captured_at:%Y-%m-%d %H:%M}" for one in found.examples] == ["2016-01-02 03:04", "2026-01-31 12:00"]
    assert len({one.sequence for one in found.examples}) == 2


def test_images_that_cannot_be_decoded_are_left_out_and_counted(tmp_path: Path) -> None:
    examples = [example(tmp_path, name) for name in CONTENTS]
    for found in (seen(examples, tmp_path)[0], seen(examples, tmp_path)[0]):
        assert [one.path for one in found.examples] == [examples[0].path, examples[3].path]
        assert (len(found.digests), found.n_corrupt) == (2, 2)


@pytest.mark.parametrize("names", [["2.jpg"], ["2.jpg", "3.jpg"]])
def test_images_of_which_none_can_be_decoded_are_refused(tmp_path: Path, names: list[str]) -> None:
    with pytest.raises(UnciaError, match=r"^none of the images can be decoded$"):
        seen([example(tmp_path, name) for name in names], tmp_path)


def test_progress_is_told_after_every_image_known_or_not(tmp_path: Path) -> None:
    told: list[None] = []
    examples = [example(tmp_path, name) for name in CONTENTS]
    for _ in range(2):
        seen(examples, tmp_path, lambda: told.append(None))
    assert len(told) == 2 * len(CONTENTS)


def test_what_was_seen_before_an_interruption_is_kept(tmp_path: Path) -> None:
    examples = [example(tmp_path, name) for name in CONTENTS]

    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        seen(examples, tmp_path, interrupt)
    observe(examples, never, Cache(tmp_path / "cache", FEATURIZER.recipe), lambda: None)


def test_an_interruption_waits_for_the_images_under_way_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []

    def slow(example: Example, *_: object) -> tuple[str, None]:
        started.append(example.path.name)
        if example.path.name == "0.jpg":
            raise KeyboardInterrupt
        time.sleep(0.05)
        return "known", None

    monkeypatch.setattr(features, "look", slow)
    examples = [example(tmp_path, f"{number}.jpg", b"") for number in range(60)]
    with pytest.raises(KeyboardInterrupt):
        seen(examples, tmp_path)
    assert len(started) < 20


def test_images_whose_names_are_no_text_are_seen_and_known_again(tmp_path: Path) -> None:
    name = os.fsdecode(b"Schl\xfcssel.jpg")
    first, _ = seen([example(tmp_path, name, CONTENTS["1.jpg"])], tmp_path)
    assert observe(first.examples, never, Cache(tmp_path / "cache", FEATURIZER.recipe), lambda: None) == first


def test_one_image_named_twice_is_looked_at_once(tmp_path: Path) -> None:
    one = example(tmp_path, "4.png")
    found, cache = seen([one, replace(one, camera="b"), one], tmp_path)
    assert (len(found.examples), len(cache.reasons)) == (3, 1)
    assert [each.camera for each in found.examples] == ["a", "b", "a"]
    assert [each.sequence.partition("~")[0] for each in found.examples] == ["a", "b", "a"]
