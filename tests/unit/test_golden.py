"""Features by a way of their own: NumPy from pixels to input, onnx.reference from input to features.

Whatever makes features in Uncia is held against it, so that the functions, training and int8 cannot drift apart.
"""

from __future__ import annotations

import io
from datetime import datetime

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx.reference import ReferenceEvaluator
from PIL import Image, ImageOps

from shared.backbone import Backbone
from shared.featurizer import Featurizer, Upload
from tests.unit.training.quantising import SIZE, pictures, small
from training.features import given
from training.int8 import FEWEST, quantised

MEAN, STD = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
NOW = datetime(2026, 1, 1)
CROP = (0.125, 0.25)  # 40 rows: 5 above and 10 below

type Pixels = NDArray[np.uint8]


@pytest.fixture(scope="module", params=["float", "int8"])
def backbone(request: pytest.FixtureRequest) -> bytes:
    return small() if request.param == "float" else quantised(small(), pictures(FEWEST))


@pytest.fixture
def pixels() -> Pixels:
    """48 × 40, each column and row another colour: whatever is flipped, shifted or cropped otherwise shows."""
    y, x = np.mgrid[:40, :48]
    return np.stack([5 * x, 6 * y, (7 * x + 11 * y) % 256], axis=2).astype(np.uint8)


def triangles(before: int, after: int) -> NDArray[np.float64]:
    """Weights (after × before) of linear interpolation, spread over what one pixel of the smaller picture covers."""
    step = before / after
    centres, places = (np.arange(after) + 0.5) * step, np.arange(before) + 0.5
    weights = np.maximum(0, 1 - np.abs(places - centres[:, None]) / max(step, 1))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def features(content: bytes, pixels: Pixels) -> NDArray[np.float64]:
    """The features of a picture that is cropped already."""
    across = np.rint(np.einsum("aw,hwc->hac", triangles(pixels.shape[1], SIZE), pixels))
    square = np.rint(np.einsum("ah,hwc->awc", triangles(pixels.shape[0], SIZE), across))
    fed = ((square / 255 - MEAN) / STD).transpose(2, 0, 1)[np.newaxis].astype(np.float32)
    return np.asarray(ReferenceEvaluator(onnx.load_from_string(content)).run(["features"], {"picture": fed})[0][0])


def png(pixels: Pixels) -> bytes:
    content = io.BytesIO()
    Image.fromarray(pixels).save(content, "PNG")
    return content.getvalue()


def near(content: bytes, found: NDArray[np.float16], wanted: NDArray[np.float64]) -> None:
    # float16 keeps 11 bits. ONNX Runtime may round what flows in int8 to the next step, 1/255 of the largest.
    slack = 2**-10 * np.abs(wanted) if b"int8" not in content else 2 / 255 * np.abs(wanted).max()
    assert (np.abs(found.astype(np.float64) - wanted) <= slack + 2e-2).all(), (found, wanted)
    assert np.ptp(wanted) > 1, "features that say nothing prove nothing"


def test_the_functions_make_these_features(backbone: bytes, pixels: Pixels) -> None:
    made = Featurizer(Backbone(backbone, 1), *CROP).frame(Upload("cam/1.png", png(pixels), {}), None, NOW)
    near(backbone, np.frombuffer(made.features, "<f2"), features(backbone, pixels[5:30]))


def test_training_makes_these_features_and_those_of_the_mirrored_picture(backbone: bytes, pixels: Pixels) -> None:
    featurizer = Featurizer(Backbone(backbone, 1), *CROP)
    made = given(Image.fromarray(pixels), featurizer)
    near(backbone, np.frombuffer(made["features"], "<f2"), features(backbone, pixels[5:30]))
    near(backbone, np.frombuffer(made["mirrored"], "<f2"), features(backbone, pixels[5:30, ::-1]))


def test_a_picture_of_the_networks_size_is_taken_as_it_is(backbone: bytes, pixels: Pixels) -> None:
    own = pixels[:SIZE, :SIZE]
    found, _ = Backbone(backbone, 1).run(Image.fromarray(own))
    near(backbone, found, features(backbone, own))


def test_another_crop_or_the_mirrored_picture_has_other_features(backbone: bytes, pixels: Pixels) -> None:
    wanted = features(backbone, pixels[5:30])
    for other in (pixels, pixels[5:30, ::-1], pixels[:25]):
        found, _ = Backbone(backbone, 1).run(Image.fromarray(np.ascontiguousarray(other)))
        with pytest.raises(AssertionError):
            near(backbone, found, wanted)


def test_a_picture_that_lies_on_its_side_is_taken_upright(backbone: bytes, pixels: Pixels) -> None:
    content, turned = io.BytesIO(), Image.fromarray(pixels).rotate(90, expand=True)
    exif = Image.Exif()
    exif[0x0112] = 6  # Orientation: to be turned 90° clockwise
    turned.save(content, "PNG", exif=exif)
    assert np.array_equal(np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(content.getvalue())))), pixels)
    made = Featurizer(Backbone(backbone, 1), *CROP).frame(Upload("cam/1.png", content.getvalue(), {}), None, NOW)
    near(backbone, np.frombuffer(made.features, "<f2"), features(backbone, pixels[5:30]))
