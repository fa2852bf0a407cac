"""Bytes to pixels: decoded once, as small as will do, upright."""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass

import numpy as np
from PIL import Image

from shared.exif import BROKEN, Exif, read

# Formats that cameras and their users' programs write; each further one is a decoder that strangers could aim at.
# Pillow opens MPO (two JPEGs in one file) as JPEG.
FORMATS = ("JPEG", "PNG", "TIFF", "WEBP", "BMP", "GIF")
# The largest sensors of trail cameras claim 48 megapixels (interpolated); a bomb claims thousands. What is no JPEG is
# decoded at full size, three bytes a pixel and more: 30 megapixels stay within some 200 MB.
PIXEL_LIMIT, PIXEL_LIMIT_WHOLE = 80_000_000, 30_000_000
# Base64 of features and preview must fit a 48 KiB queue message beside a path of 1,024 characters.
PREVIEW_BYTES = 20_000
_QUALITIES = (80, 65, 50, 35, 20)

# What Pillow raises while it opens or decodes a broken file (and zlib, through PNG).
_UNDECODABLE = (*BROKEN, Image.DecompressionBombError, Image.DecompressionBombWarning, zlib.error)

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded image: RGB, upright, at reduced size; `width` and `height` are those of the file."""

    pixels: Image.Image
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Corrupt:
    """Bytes that are no picture, and why not."""

    reason: str


def decode(data: bytes, at_least: int) -> tuple[Picture | Corrupt, Exif]:
    """The picture, each side `at_least` pixels where it has them, and its EXIF; bad bytes are Corrupt, not raised."""
    exif = Exif()
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            width, height = image.size
            limit = PIXEL_LIMIT if image.format in ("JPEG", "MPO") else PIXEL_LIMIT_WHOLE
            if width * height > limit:
                return Corrupt(f"{width}×{height} pixels are more than the limit of {limit:,}"), exif
            # The JPEG decoder halves, quarters or eighths while decoding (DCT scaling): 31 ms for 96 at 12 megapixels.
            image.draft("RGB", (at_least, at_least))
            try:
                image.load()
            finally:
                # After the pixels: looking for EXIF in a PNG loads it, and what it swallowed would not be raised again.
                exif = read(image)
            pixels = _smaller(_rgb(image), at_least)
    except _UNDECODABLE as error:
        return Corrupt(f"{type(error).__name__}: {error}"[:200] if data else "the file is empty"), exif
    if exif.orientation in _TURNS:
        pixels = pixels.transpose(_TURNS[exif.orientation])
        width, height = (height, width) if exif.orientation >= 5 else (width, height)
    return Picture(pixels, width, height), exif


def crop(picture: Image.Image, top: float, bottom: float) -> Image.Image:
    """The picture without the camera's info strip: fractions of its height taken off above and below."""
    first, last = round(picture.height * top), round(picture.height * (1 - bottom))
    return picture.crop((0, first, picture.width, max(last, first + 1))) if top or bottom else picture


def preview(picture: Image.Image, longest: int) -> bytes:
    """A JPEG of at most `longest` pixels a side and PREVIEW_BYTES bytes."""
    small = picture.copy()
    small.info = {}  # or a comment of 30 KB would be written into every preview
    small.thumbnail((longest, longest), Image.Resampling.BILINEAR, reducing_gap=None)
    for quality in _QUALITIES:
        written = io.BytesIO()
        small.save(written, "JPEG", quality=quality)
        if written.tell() <= PREVIEW_BYTES:
            return written.getvalue()
    # Pure noise: no photograph gets here. Half the side is a quarter of the bytes.
    return preview(small, longest // 2)


def _smaller(picture: Image.Image, at_least: int) -> Image.Image:
    """The picture at the smallest whole fraction of its size whose sides are still `at_least` pixels."""
    factor = min(picture.size) // at_least
    return picture.reduce(factor) if factor > 1 else picture


def _rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16"):
        # Pillow clips these to 255: 16-bit greys would turn white.
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8)).convert("RGB")
    if image.mode in ("I", "F"):
        grey = np.asarray(image, dtype=np.float32)
        scale = 1 / 257 if grey.max(initial=0) > 255 else 1
        return Image.fromarray(np.clip(grey * scale, 0, 255).astype(np.uint8)).convert("RGB")
    return image.convert("RGB")
