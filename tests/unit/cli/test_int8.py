"""`uncia backbone build --int8`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cli import backbones, int8
from shared.backbone import Backbone
from shared.errors import UnciaError
from tests.unit.training.quantising import small
from training.proof import Proof

from .conftest import Answer

BAD = Proof(300, 0.98, 0.9, (100, 25), (25.0, 80.0), None)


@pytest.fixture
def photos(desk: Path) -> Path:
    """A hundred and twenty pictures, red or green, in pairs, with a manifest beside them; and a float backbone."""
    drawn = np.random.default_rng(5)
    (desk / "photos").mkdir()
    rows = ["path,camera,captured_at,species,sequence"]
    for number in range(120):
        pixels = drawn.integers(0, 90, (20, 24, 3), np.uint8)
        pixels[:, :, number // 2 % 2] += 120
        Image.fromarray(pixels).save(desk / "photos" / f"{number:03}.png")
        rows.append(f"{number:03}.png,cam,,{('red', 'green')[number // 2 % 2]},{number // 2}")
    (desk / "labels.csv").write_text("\n".join(rows), "utf-8")
    (desk / "float.onnx").write_bytes(small())
    return desk / "photos"


def test_labelled_images_try_it_too(photos: Path, uncia: Callable[..., Answer]) -> None:
    ask = ("backbone", "build", "float.onnx", "--int8", "--calibrate", "labels.csv", "--images", "photos")
    answer = uncia(*ask, "--out", "int8.onnx")
    assert answer.code == 0, answer.err
    assert "RN2, roc auc" in answer.out
    assert "over 20 images\nbackbone written to int8.onnx" in answer.err
    assert Backbone.load(Path("int8.onnx"), 1).name == "small-int8"


def test_a_folder_of_any_images_is_enough_to_calibrate(photos: Path, uncia: Callable[..., Answer]) -> None:
    answer = uncia("backbone", "build", "float.onnx", "--int8", "--calibrate", "photos", "--out", "int8.onnx")
    assert answer.code == 0, answer.err
    assert "RN2" not in answer.out
    assert "RN2 was not tried: name a manifest instead of a folder" in answer.err


def test_the_crop_decides_what_it_is_calibrated_on(photos: Path, uncia: Callable[..., Answer]) -> None:
    for out, crop in (("one.onnx", "0"), ("two.onnx", "0.4")):
        ask = ("backbone", "build", "float.onnx", "--int8", "--calibrate", "photos", "--crop-top", crop)
        assert uncia(*ask, "--out", out).code == 0
    assert Path("one.onnx").read_bytes() != Path("two.onnx").read_bytes()


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (("--int8",), "--int8 and --calibrate go together: int8 is calibrated on images"),
        (("--calibrate", "photos"), "--int8 and --calibrate go together: int8 is calibrated on images"),
        (("--int8", "--calibrate", "card"), "int8 is calibrated on at least 100 pictures, here there are 1"),
        (("--int8", "--calibrate", "nowhere"), "there is no file or folder nowhere"),
        (("--int8", "--calibrate", "empty"), "no images below empty"),
    ],
)
def test_a_mistake_is_one_sentence(
    photos: Path, uncia: Callable[..., Answer], more: tuple[str, ...], says: str
) -> None:
    answer = uncia("backbone", "build", "float.onnx", *more, "--out", "int8.onnx")
    assert (answer.code, answer.err.count("\n")) == (1, 1)
    assert says in answer.err
    assert not Path("int8.onnx").exists()


def test_a_bad_one_is_never_the_default(
    desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(backbones, "PACKAGED", desk / "packaged.onnx")
    with pytest.raises(UnciaError, match=r"^int8 is refused as the default: the mean cosine .* --out keeps it"):
        int8.keep(b"int8", BAD, desk / "card" / ".." / "packaged.onnx")
    assert not (desk / "packaged.onnx").exists()
    int8.keep(b"int8", BAD, desk / "other.onnx")
    assert (desk / "other.onnx").read_bytes() == b"int8"
    assert "Not good enough to be the default: the mean cosine" in capsys.readouterr().err


@pytest.mark.parametrize(("length", "number", "found"), [
    (4, 10, [0, 1, 2, 3]), (10, 5, [0, 2, 4, 6, 8]), (7, 3, [0, 2, 4]), (0, 5, []),
])  # fmt: skip
def test_evenly_is_spread_over_everything(length: int, number: int, found: list[int]) -> None:
    assert int8.evenly(range(length), number) == found
