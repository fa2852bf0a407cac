"""Whatever the bytes are, they become a small upright RGB picture or a reason."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from shared import image
from shared.image import PIXEL_LIMIT, PREVIEW_BYTES, Corrupt, Picture, crop, decode, preview
from tests.unit.shared.making import bomb, exif, noise, written

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")
FORMS = ["JPEG", "PNG", "TIFF", "WEBP", "BMP", "GIF"]
DATE = "2026:01:31 17:05:09"


def picture(data: bytes, at_least: int = 1_000) -> Picture:
    found, _ = decode(data, at_least)
    assert isinstance(found, Picture)
    return found


def array(image: Image.Image) -> Any:
    return np.asarray(image.convert("RGB"), np.int16)


def random_picture(width: int, height: int) -> Image.Image:
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8))


@pytest.mark.parametrize("form", FORMS)
def test_each_format_is_decoded(form: str) -> None:
    found = picture(written(noise(), form))
    assert (found.pixels.mode, found.pixels.size, found.width, found.height) == ("RGB", (64, 48), 64, 48)
    assert np.abs(array(found.pixels) - array(noise())).mean() < 12


@pytest.mark.parametrize(("mode", "form"), [("L", "JPEG"), ("CMYK", "JPEG"), ("L", "PNG"), ("1", "PNG"), ("P", "GIF")])
def test_each_colour_mode_becomes_rgb(mode: str, form: str) -> None:
    found = picture(written(noise(mode=mode), form))
    assert found.pixels.mode == "RGB"
    assert np.abs(array(found.pixels) - array(noise(mode=mode))).mean() < 6


@pytest.mark.parametrize("form", ["PNG", "TIFF"])
def test_16_bit_greys_are_scaled_not_clipped(form: str) -> None:
    grey = np.linspace(0, 65_535, 64 * 48).reshape(48, 64).astype(np.uint16)
    found = picture(written(Image.fromarray(grey), form))
    assert np.abs(array(found.pixels)[:, :, 0] - grey / 257).max() <= 1


def test_transparency_and_floating_greys_are_decoded() -> None:
    assert picture(written(noise(mode="RGBA"), "PNG")).pixels.mode == "RGB"
    assert np.abs(array(picture(written(noise(mode="F"), "TIFF")).pixels) - array(noise(mode="L"))).max() <= 1


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_upright(orientation: int) -> None:
    data = written(noise(), "PNG", exif=exif(orientation).tobytes())
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    found = picture(data)
    assert np.array_equal(array(found.pixels), array(upright))
    assert (found.width, found.height) == upright.size


def test_a_progressive_jpeg_is_decoded() -> None:
    found = picture(written(noise(640, 480), progressive=True), 100)
    assert np.abs(array(found.pixels) - array(noise(640, 480).resize(found.pixels.size))).mean() < 5


def test_the_first_picture_of_two_in_one_file_is_taken() -> None:
    data = written(noise(), "MPO", save_all=True, append_images=[noise(32, 32)])
    assert picture(data).pixels.size == (64, 48)


@pytest.mark.parametrize(
    ("at_least", "size"), [(100, (200, 150)), (151, (400, 300)), (800, (800, 600)), (2_000, (800, 600))]
)
def test_a_jpeg_is_decoded_as_small_as_will_do(at_least: int, size: tuple[int, int]) -> None:
    found = picture(written(noise(800, 600)), at_least)
    assert (found.pixels.size, found.width, found.height) == (size, 800, 600)


@pytest.mark.parametrize("form", FORMS)
def test_a_truncated_file_is_corrupt(form: str) -> None:
    data = written(random_picture(64, 48), form)
    found, _ = decode(data[: len(data) // 2], 100)
    assert isinstance(found, Corrupt)
    assert 0 < len(found.reason) <= 200


def test_a_corrupt_picture_still_tells_its_time() -> None:
    data = written(random_picture(64, 48), exif=exif(DateTimeOriginal=DATE))
    found, said = decode(data[:-500], 100)
    assert isinstance(found, Corrupt)
    assert said.times[0].text == DATE


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the file is empty"),
        (b"\0" * 4_096, "no image, or of a format that no camera writes"),
        (b"%PDF-1.7", "no image, or of a format that no camera writes"),
        (b"\xff\xd8\xff", "no image, or of a format that no camera writes"),
        (bomb(50_000, 50_000), "DecompressionBombError"),
        (bomb(9_500, 9_500), "DecompressionBomb|9500×9500"),
        (bomb(9_000, 8_800), "9000×8800 pixels are more than the limit of 30,000,000"),
    ],
)
def test_what_is_no_picture_says_why(data: bytes, reason: str) -> None:
    found, _ = decode(data, 100)
    assert isinstance(found, Corrupt)
    assert any(part in found.reason for part in reason.split("|"))


def test_a_png_whose_pixels_are_damaged_is_corrupt_though_it_has_no_exif() -> None:
    data = bytearray(written(random_picture(64, 48), "PNG"))
    data[len(data) // 2 : len(data) // 2 + 40] = bytes(40)
    assert isinstance(decode(bytes(data), 100)[0], Corrupt)


def test_a_png_whose_pixels_are_damaged_is_corrupt_where_it_has_exif() -> None:
    data = bytearray(written(random_picture(64, 48), "PNG", exif=exif(1).tobytes()))
    data[len(data) // 2 : len(data) // 2 + 40] = bytes(40)
    assert isinstance(decode(bytes(data), 100)[0], Corrupt)


def test_a_camera_of_48_megapixels_is_no_bomb() -> None:
    assert PIXEL_LIMIT > 8_000 * 6_000


def test_formats_that_cameras_do_not_write_are_not_opened() -> None:
    assert isinstance(decode(written(noise(), "PPM"), 100)[0], Corrupt)


@pytest.mark.parametrize("mode", ["L", "1", "P", "RGBA", "CMYK", "I", "F"])
@pytest.mark.parametrize("at_least", [1_000, 20, 7])
def test_a_picture_converted_strip_by_strip_is_the_same(
    mode: str, at_least: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = written(noise(101, 67, "L" if mode == "I" else mode).convert(mode), "TIFF")
    whole = picture(data, at_least)
    monkeypatch.setattr(image, "_STRIP_PIXELS", 300)
    assert np.array_equal(array(picture(data, at_least).pixels), array(whole.pixels))
    assert whole.pixels.size == (noise(101, 67).reduce(67 // at_least) if at_least < 60 else noise(101, 67)).size


def test_the_same_broken_bytes_give_the_same_reason() -> None:
    assert decode(b"\0" * 99, 100) == decode(b"\0" * 99, 100)


def test_a_file_of_too_many_bytes_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    data = written(noise())
    monkeypatch.setattr(image, "BYTES_LIMIT", len(data))
    assert isinstance(decode(data, 100)[0], Picture)
    assert decode(data + b"\0", 100)[0] == Corrupt(f"{len(data) + 1:,} bytes are more than the limit of {len(data):,}")


def test_the_largest_uncompressed_file_within_the_pixels_is_within_the_bytes() -> None:
    assert image.BYTES_LIMIT > 4 * image.PIXEL_LIMIT_WHOLE


@pytest.mark.parametrize("form", FORMS)
def test_a_file_in_more_pieces_than_is_allowed_is_corrupt(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image, "HEADER_PIECES", 1)
    found, _ = decode(written(noise(), form), 100)
    assert isinstance(found, Corrupt)
    assert "more pieces" in found.reason


def test_a_header_of_more_bytes_than_is_allowed_is_corrupt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image, "HEADER_BYTES", 30_000)
    assert isinstance(decode(written(noise(), comment=b"x" * 29_000), 100)[0], Picture)
    assert isinstance(decode(written(noise(), comment=b"x" * 31_000), 100)[0], Corrupt)


SMALL = {form: written(noise(16, 16), form) for form in FORMS}


@given(st.sampled_from(FORMS), st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=6))
def test_bytes_that_went_wrong_raise_nothing(form: str, wrong: list[tuple[float, int]]) -> None:
    data = bytearray(SMALL[form])
    for place, value in wrong:
        data[int(place * len(data))] = value
    assert isinstance(decode(bytes(data), 100)[0], Picture | Corrupt)


@given(st.binary(max_size=200), st.sampled_from([b"", *(SMALL[form][:12] for form in FORMS)]))
def test_arbitrary_bytes_raise_nothing(data: bytes, start: bytes) -> None:
    assert isinstance(decode(start + data, 100)[0], Picture | Corrupt)


@pytest.mark.parametrize(
    ("top", "bottom", "rows"),
    [(0, 0, (0, 100)), (0.04, 0.05, (4, 95)), (0.5, 0, (50, 100)), (0, 0.5, (0, 50)), (0.5, 0.5, (50, 51))],
)
def test_the_info_strip_is_cropped(top: float, bottom: float, rows: tuple[int, int]) -> None:
    image = noise(30, 100)
    assert np.array_equal(array(crop(image, top, bottom)), array(image)[rows[0] : rows[1]])


@pytest.mark.parametrize("size", [(1, 1), (10_000, 1), (1, 3_000), (640, 480), (40, 30)])
def test_a_preview_is_a_small_jpeg(size: tuple[int, int]) -> None:
    small = Image.open(io.BytesIO(preview(noise(*size), 320)))
    assert (small.format, max(small.size) <= min(320, max(size))) == ("JPEG", True)


def test_a_preview_of_noise_is_still_within_its_bytes() -> None:
    assert 0 < len(preview(random_picture(1_200, 1_200), 320)) <= PREVIEW_BYTES


def test_a_preview_leaves_the_picture_as_it_was() -> None:
    image = noise(640, 480)
    preview(image, 32)
    assert np.array_equal(array(image), array(noise(640, 480)))


@pytest.mark.parametrize("form", ["JPEG", "GIF"])
def test_a_long_comment_in_the_file_does_not_go_into_its_preview(form: str) -> None:
    found = picture(written(noise(), form, comment=b"x" * 30_000))
    assert len(preview(found.pixels, 320)) <= PREVIEW_BYTES


@pytest.mark.lab
def test_real_broken_files_are_pictures_or_corrupt(lab: Path) -> None:
    files = sorted((lab / "nasty" / "images").iterdir())
    assert len(files) > 40
    for file in files:
        found, _ = decode(file.read_bytes(), 320)
        assert isinstance(found, Picture | Corrupt)
        assert isinstance(found, Corrupt) or len(preview(found.pixels, 320)) <= PREVIEW_BYTES
