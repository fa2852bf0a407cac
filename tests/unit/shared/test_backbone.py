"""A backbone gives the features that its description promises."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from shared.backbone import Backbone
from shared.errors import BackboneUnusable
from tests.unit.shared.making import IMAGENET, WEIGHTS, backbone, head, noise

EIGHT = noise(8, 8)


def expected(picture: Image.Image, span: float = 1.0) -> Any:
    pixels = (np.asarray(picture, np.float64) / 255 * span - IMAGENET["mean"]) / IMAGENET["std"]
    return WEIGHTS[:, :, 0, 0] @ pixels.mean(axis=(0, 1))


def test_features_are_those_of_the_picture_scaled_as_told() -> None:
    features, logits = Backbone(backbone(), 1).run(EIGHT)
    assert (features.dtype, features.shape, logits.shape) == (np.float16, (4,), (2,))
    np.testing.assert_allclose(features, expected(EIGHT), rtol=2e-3, atol=2e-3)
    np.testing.assert_allclose(logits, [expected(EIGHT).sum()] * 2, rtol=1e-4)


def test_the_whole_picture_is_squeezed_not_its_centre() -> None:
    squeezed = noise(640, 80).resize((8, 8), Image.Resampling.BILINEAR)
    features, _ = Backbone(backbone(), 1).run(noise(640, 80))
    np.testing.assert_allclose(features, expected(squeezed), rtol=2e-3, atol=2e-3)


def test_blue_comes_first_where_the_backbone_wants_it() -> None:
    swapped = Image.merge("RGB", EIGHT.split()[::-1])
    features, _ = Backbone(backbone(channels="BGR"), 1).run(EIGHT)
    np.testing.assert_allclose(features, expected(swapped), rtol=2e-3, atol=2e-3)


def test_a_network_that_wants_0_to_255_gets_it() -> None:
    features, _ = Backbone(backbone(range=255.0), 1).run(EIGHT)
    np.testing.assert_allclose(features, expected(EIGHT, 255), rtol=2e-3)


def test_features_beyond_float16_are_clipped_not_infinite() -> None:
    features, _ = Backbone(backbone(range=1e9), 1).run(EIGHT)
    assert np.isfinite(features).all()


def test_a_backbone_is_known_by_its_bytes() -> None:
    one = Backbone(backbone(), 1)
    assert one.sha256 == hashlib.sha256(backbone()).hexdigest()
    assert (one.version, one.size, one.n_features) == (f"tiny-{one.sha256[:8]}", 8, 4)


def test_a_backbone_is_loaded_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "b.onnx").write_bytes(backbone())
    assert Backbone.load(tmp_path / "b.onnx", 1).name == "tiny"


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(
        BackboneUnusable, match=r"b\.onnx cannot be read \(No such file or directory\): run `make setup`$"
    ):
        Backbone.load(tmp_path / "b.onnx", 1)


@pytest.mark.parametrize(("content", "why"), [(b"x", "not an ONNX network"), (head(), "it is a head, not a backbone")])
def test_another_file_is_one_sentence(tmp_path: Path, content: bytes, why: str) -> None:
    (tmp_path / "b.onnx").write_bytes(content)
    with pytest.raises(BackboneUnusable, match=rf"b\.onnx is no backbone: .*{why}.*; make one with `uncia backbone"):
        Backbone.load(tmp_path / "b.onnx", 1)
