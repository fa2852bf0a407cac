"""An uploaded blob becomes the message that carries its frame."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from azure.functions.blob import InputStream
from PIL import Image

from functions import featurize
from shared.backbone import Backbone
from shared.featurizer import Featurizer
from shared.frame import MESSAGE_BYTES, Frame, Status
from shared.head import Head
from tests.unit.shared.making import backbone, exif, head, noise, written

NOW = datetime(2026, 2, 1, 8, tzinfo=UTC)
IMAGE = written(noise(), exif=exif(DateTimeOriginal="2026:01:31 17:05:09"))


@pytest.fixture(scope="module")
def featurizer() -> Featurizer:
    return Featurizer(Backbone(backbone(), 1), preview_pixels=32)


def blob(data: bytes = IMAGE, name: str = "images/cam 1/x/a.jpg", **said: Any) -> InputStream:
    return InputStream(data=data, name=name, **{"blob_properties": {"ETag": "0x8D"}, "metadata": {}} | said)


def made(upload: InputStream, featurizer: Featurizer, judge: Head | None = None) -> Frame:
    text = featurize.run(upload, featurizer=featurizer, head=judge, now=NOW)  # type: ignore[arg-type]
    assert len(text.encode()) < MESSAGE_BYTES
    return Frame.decode(text.encode())


def test_a_blob_becomes_a_frame_named_within_its_container(featurizer: Featurizer) -> None:
    one = made(blob(), featurizer)
    assert (one.camera, one.path, one.etag, one.size) == ("cam 1", "cam 1/x/a.jpg", "0x8D", len(IMAGE))
    assert (one.status, one.captured_at, len(one.features)) == (Status.OK, datetime(2026, 1, 31, 17, 5, 9), 8)


def test_a_blob_that_arrives_twice_becomes_the_same_message(featurizer: Featurizer) -> None:
    assert made(blob(), featurizer) == made(blob(), featurizer)


def test_the_current_head_scores(featurizer: Featurizer) -> None:
    judge = Head(head(featurizer.backbone.sha256))
    assert made(blob(), featurizer, judge).head == judge.version


def test_what_the_uploader_said_wins(featurizer: Featurizer) -> None:
    one = made(blob(metadata={"camera": "cam%202", "captured_at": "2026-01-30T00:00:00"}), featurizer)
    assert (one.camera, one.captured_at) == ("cam 2", datetime(2026, 1, 30))


@pytest.mark.parametrize("told", [{}, None, 7])
def test_an_etag_that_is_no_text_is_none(featurizer: Featurizer, told: object) -> None:
    assert made(blob(blob_properties={"ETag": told}), featurizer).etag == ""


def test_a_host_that_tells_nothing_of_the_blob_is_no_reason_to_stop(featurizer: Featurizer) -> None:
    one = made(blob(blob_properties=None, metadata=None), featurizer)
    assert (one.camera, one.etag) == ("cam 1", "")


@pytest.mark.parametrize("data", [b"", IMAGE[:300], b"\0" * 100])
def test_bytes_that_are_no_image_become_a_corrupt_frame(featurizer: Featurizer, data: bytes) -> None:
    one = made(blob(data), featurizer)
    assert (one.status, one.size, one.camera) == (Status.CORRUPT, len(data), "cam 1")


def test_a_time_still_to_come_is_told_by_the_utc_clock(featurizer: Featurizer) -> None:
    said = [
        made(blob(metadata={"captured_at": at}), featurizer) for at in ("2026-02-02T07:59:00", "2026-02-02T08:01:00")
    ]
    assert [one.suspect for one in said] == [False, True]


def test_an_image_scored_for_hundreds_of_classes_still_fits_a_message(featurizer: Featurizer) -> None:
    classes = [f"a species of cat {number}" for number in range(700)]
    recipe = {"backbone": featurizer.backbone.sha256}
    judge = Head(head(outputs=700, classes=classes, thresholds=dict.fromkeys(classes, 0.5), recipe=recipe))
    pixels = np.random.default_rng(0).integers(0, 256, (160, 160, 3), np.uint8)
    large = Featurizer(featurizer.backbone, preview_pixels=160)
    assert made(blob(written(Image.fromarray(pixels))), large, judge).head == judge.version
