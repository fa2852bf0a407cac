"""From bytes to frame, and the same numbers as an independent reference."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from onnx import numpy_helper
from PIL import Image

from shared.backbone import Backbone
from shared.errors import BadMessage
from shared.featurizer import Featurizer, Upload, path_of, when
from shared.frame import Status
from shared.head import Head
from shared.recipe import Recipe
from tests.unit.shared.making import backbone, bomb, exif, head, noise, written
from training.backbone import Options, build

NOW = datetime(2026, 2, 1)
DATE = "2026:01:31 17:05:09"
AT = datetime(2026, 1, 31, 17, 5, 9)


@pytest.fixture(scope="module")
def featurizer() -> Featurizer:
    return Featurizer(Backbone(backbone(), 1), preview_pixels=32)


def upload(data: bytes | None = None, path: str = "cam 1/a.jpg", **metadata: str) -> Upload:
    return Upload(
        path, data if data is not None else written(noise(), exif=exif(DateTimeOriginal=DATE)), metadata, "0x1"
    )


def test_a_frame_tells_what_an_image_is(featurizer: Featurizer) -> None:
    one, sent = featurizer.frame(upload(), None, NOW), upload()
    assert (one.camera, one.path, one.etag, one.size) == ("cam 1", "cam 1/a.jpg", "0x1", len(sent.data))
    assert (one.width, one.height, one.status, one.captured_at) == (64, 48, Status.OK, AT)
    assert (one.digest, one.recipe) == (hashlib.sha256(sent.data).hexdigest(), str(featurizer.recipe))
    assert (one.time_source, one.time_said, one.scores, one.head) == ("exif:DateTimeOriginal", DATE, None, "")


def test_features_are_the_backbones_as_little_endian_float16(featurizer: Featurizer) -> None:
    one = featurizer.frame(upload(), None, NOW)
    picture, _ = featurizer.decode(upload().data)
    assert np.frombuffer(one.features, "<f2").tolist() == featurizer.backbone.run(picture.pixels)[0].tolist()  # type: ignore[union-attr]


def test_the_same_bytes_give_the_same_frame(featurizer: Featurizer) -> None:
    assert featurizer.frame(upload(), None, NOW) == featurizer.frame(upload(), None, NOW)


def test_the_same_bytes_with_another_time_are_another_frame(featurizer: Featurizer) -> None:
    """No promise: docs/promises.md says so."""
    data, now, later = written(noise(), "PNG"), datetime(2026, 2, 1), datetime(2026, 2, 4)
    one, other, ahead = (upload(data, f"cam 1/IMG_202602{day}_120000.png") for day in ("01", "02", "04"))
    keys = [featurizer.frame(*said).row_key for said in ((one, None, now), (other, None, now), (ahead, None, later))]
    assert len({*keys}) == 3
    assert featurizer.frame(ahead, None, now).row_key.startswith("undated")


def test_a_head_of_the_recipe_scores(featurizer: Featurizer) -> None:
    judge = Head(head(featurizer.backbone.sha256))
    one = featurizer.frame(upload(), judge, NOW)
    assert one.head == judge.version
    assert one.scores == judge.scores(np.frombuffer(one.features, "<f2")[np.newaxis])[0]


@pytest.mark.parametrize("recipe", [{"backbone": "another"}, {"crop_top": 0.1}])
def test_a_head_of_another_recipe_does_not(featurizer: Featurizer, recipe: dict[str, Any]) -> None:
    judge = Head(head(recipe={"backbone": featurizer.backbone.sha256} | recipe))
    one = featurizer.frame(upload(), judge, NOW)
    assert (one.scores, one.head) == (None, "")


def test_a_head_of_the_recipe_that_takes_another_number_of_features_does_not(featurizer: Featurizer) -> None:
    model = onnx.load_from_string(head(featurizer.backbone.sha256, n_features=3))
    model.graph.input[0].type.tensor_type.shape.dim[1].dim_value = 3
    model.graph.initializer[0].CopyFrom(numpy_helper.from_array(np.eye(3, 2, dtype=np.float32), "w"))
    one = featurizer.frame(upload(), Head(model.SerializeToString()), NOW)
    assert (one.scores, one.head, one.status) == (None, "", Status.OK)


def test_the_crop_changes_features_and_recipe(featurizer: Featurizer) -> None:
    cropped = Featurizer(featurizer.backbone, 0.25, 0.1, 32)
    assert cropped.recipe == Recipe(featurizer.backbone.sha256, 0.25, 0.1)
    assert cropped.frame(upload(), None, NOW).features != featurizer.frame(upload(), None, NOW).features


def test_the_preview_shows_the_whole_picture(featurizer: Featurizer) -> None:
    cropped = Featurizer(featurizer.backbone, 0.25, 0.25, 32)
    assert cropped.frame(upload(), None, NOW).preview == featurizer.frame(upload(), None, NOW).preview


@pytest.mark.parametrize("data", [b"", b"no picture", bomb(50_000, 50_000), written(noise(), "PPM")])
def test_what_cannot_be_decoded_is_a_corrupt_frame(featurizer: Featurizer, data: bytes) -> None:
    one = featurizer.frame(upload(data, "cam/20260131T170509.jpg"), None, NOW)
    assert (one.status, bool(one.reason), one.captured_at) == (Status.CORRUPT, True, AT)
    assert (one.features, one.preview, one.recipe, one.scores) == (b"", b"", "", None)


def test_a_long_text_where_a_date_should_be_is_cut(featurizer: Featurizer) -> None:
    data = written(noise(), exif=exif(DateTimeOriginal=DATE + "x" * 5_000))
    assert featurizer.frame(upload(data), None, NOW).time_said == DATE + "x" * 45


@pytest.mark.parametrize(
    ("metadata", "text", "path", "source"),
    [
        ({"captured_at": "2026-01-31T17:05:09"}, "2026:01:30 00:00:00", "20260129T000000.jpg", "metadata"),
        ({"Captured_At": "2026-01-31T17%3A05%3A09"}, "", "a.jpg", "metadata"),
        ({"captured_at": "nonsense"}, DATE, "20260129T000000.jpg", "exif:DateTimeOriginal"),
        ({}, DATE, "20260129T000000.jpg", "exif:DateTimeOriginal"),
        ({}, "", "20260131T170509.jpg", "name"),
    ],
)
def test_the_uploaders_word_beats_exif_and_exif_the_name(
    featurizer: Featurizer, metadata: dict[str, str], text: str, path: str, source: str
) -> None:
    _, said = featurizer.decode(written(noise(), exif=exif(DateTimeOriginal=text)))
    time = when(path, metadata, said, NOW)
    assert (time.at, time.source) == (AT, source)


def test_a_time_before_cameras_is_suspect_and_dates_nothing(featurizer: Featurizer) -> None:
    data = written(noise(), exif=exif(DateTimeOriginal="1970:01:01 00:00:00"))
    one = featurizer.frame(upload(data), None, NOW)
    assert (one.captured_at, one.suspect, one.time_said) == (None, True, "1970:01:01 00:00:00")


def reference(file: Path, network: Path) -> Any:
    """Features of an image, computed plainly from the network as its authors gave it."""
    square = Image.open(file).convert("RGB").resize((224, 224), Image.Resampling.BILINEAR)
    pixels = (np.asarray(square, np.float64) / 255 - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]
    fed = pixels.transpose(2, 0, 1)[np.newaxis].astype(np.float32)
    (features,) = ort.InferenceSession(network).run(["features"], {"input": fed})
    return features.ravel()


@pytest.mark.lab
def test_features_are_those_of_an_independent_reference(lab: Path) -> None:
    network, file = lab / "models" / "resnet50_pqf.onnx", lab / "ca01" / "images" / "CA-01" / "CA-01_0006501.jpg"
    made = Featurizer(Backbone(build(network.read_bytes(), Options(), name="pqf"), 2))
    one = made.frame(Upload("CA-01/a.jpg", file.read_bytes(), {}), None, NOW)
    ours, theirs = np.frombuffer(one.features, "<f2").astype(np.float64), reference(file, network).astype(np.float64)
    assert ours @ theirs / np.linalg.norm(ours) / np.linalg.norm(theirs) > 0.9999
    np.testing.assert_allclose(ours, theirs, rtol=2e-3, atol=2e-4)


def test_the_size_of_previews_does_not_change_features(featurizer: Featurizer) -> None:
    data = written(noise(2_592, 1_944))
    small, large = (replace(featurizer, preview_pixels=pixels) for pixels in (32, 320))
    frames = [one.frame(Upload("a/1.jpg", data, {}), None, NOW) for one in (small, large)]
    assert frames[0].features == frames[1].features
    assert len(frames[0].preview) < len(frames[1].preview)


@pytest.mark.parametrize("blob", ["models/current.json", "images", "images/", "", "imagesx/a.jpg"])
def test_a_blob_of_another_container_is_refused(blob: str) -> None:
    with pytest.raises(BadMessage, match="is not in the container images"):
        path_of(blob)
