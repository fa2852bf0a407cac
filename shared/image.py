"""Bytes to pixels: decoded once, as small as will do, upright."""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass
from math import ceil

import numpy as np
from PIL import Image, UnidentifiedImageError
from PIL.TiffImagePlugin import BITSPERSAMPLE, SAMPLESPERPIXEL, TILELENGTH, TILEWIDTH, TiffImageFile

from shared import jpeg
from shared.exif import BROKEN, Exif, read

# Formats that cameras and their users' programs write; each further one is a decoder that strangers could aim at.
# Of two JPEGs in one file (MPO) the first is decoded.
FORMATS = ("JPEG", "PNG", "TIFF", "WEBP", "BMP", "GIF")
# The largest sensors of trail cameras claim 48 megapixels (interpolated); a bomb claims thousands. What cannot be
# decoded at less than full size takes four bytes a pixel and its decoder's own: 30 megapixels stay within some 300 MB.
# WebP holds five copies.
PIXEL_LIMIT, PIXEL_LIMIT_WHOLE, PIXEL_LIMIT_WEBP = 80_000_000, 30_000_000, 16_000_000
# What 30 megapixels of four bytes take uncompressed, and some more.
BYTES_LIMIT = 128 * 1024 * 1024
# The most that JPEG libraries write. A run in a BMP may skip 255 rows at once, which Pillow makes of zeros.
SIDE_LIMIT = 65_500
# Pillow reads headers, and the chunks of a PNG, piece by piece in Python, and joins some of the pieces one by one. A
# large colour profile has 3 MB in 50 segments; a PNG of 24 megapixels has 6,000 chunks of four pieces.
HEADER_PIECES, HEADER_BYTES, PIECES = 5_000, 8 * 1024 * 1024, 200_000
# Rows that are converted at once: about 16 MB in the largest mode.
_STRIP_PIXELS = 1_000_000
# Base64 of features and preview must fit a 48 KiB queue message beside a path of 1,024 characters.
PREVIEW_BYTES = 20_000
_QUALITIES = (80, 65, 50, 35, 20)

# What Pillow raises while it opens or decodes a broken file (and zlib, through PNG); ValueError is ours too.
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


class _Sparing(io.BytesIO):
    """A file that gives so much and no more: whatever Pillow reads piece by piece is some work in Python."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.pieces, self.bytes = HEADER_PIECES, HEADER_BYTES

    def read(self, size: int | None = -1) -> bytes:
        found = super().read(size)
        self.pieces -= 1
        self.bytes -= 0 if size in (None, -1) else len(found)  # who reads it whole does so once
        if self.pieces < 0 or self.bytes < 0:
            raise OSError("more is read, or in more pieces, than of any camera's")
        return found


def decode(data: bytes, at_least: int) -> tuple[Picture | Corrupt, Exif]:
    """The picture, each side `at_least` pixels where it has them, and its EXIF; bad bytes are Corrupt, not raised."""
    exif = Exif()
    if len(data) > BYTES_LIMIT:
        return Corrupt(f"{len(data):,} bytes are more than the limit of {BYTES_LIMIT:,}"), exif
    file = _Sparing(data)
    try:
        scans = jpeg.scans(data) if data.startswith(jpeg.START) else 1
        with Image.open(file, formats=FORMATS) as image:
            width, height = image.size
            # The JPEG decoder halves, quarters or eighths while decoding (DCT scaling): 31 ms for 96 at 12 megapixels.
            image.draft("RGB", (at_least, at_least))
            if reason := _too_large(image, (width, height), scans):
                return Corrupt(reason), exif
            file.pieces, file.bytes = PIECES, 3 * len(data)
            try:
                image.load()
            finally:
                # After the pixels: looking for EXIF in a PNG loads it, and what it swallowed would not be raised again.
                exif = read(image)
            pixels = _rgb(image, min(image.size) // at_least)
    except UnidentifiedImageError:
        # Pillow's own sentence has an address in memory, and the same bytes are the same frame.
        return Corrupt("no image, or of a format that no camera writes" if data else "the file is empty"), exif
    except _UNDECODABLE as error:
        return Corrupt(f"{type(error).__name__}: {error}"[:200]), exif
    if exif.orientation in _TURNS:
        pixels = pixels.transpose(_TURNS[exif.orientation])
        width, height = (height, width) if exif.orientation >= 5 else (width, height)
    return Picture(pixels, width, height), exif


def _too_large(image: Image.Image, size: tuple[int, int], scans: int) -> str:
    """Why an opened image is not decoded; `size` is that of the file, the image's own that of what it will be."""
    whole = PIXEL_LIMIT_WEBP if image.format == "WEBP" else PIXEL_LIMIT_WHOLE * 32 // max(32, _bits(image))
    # Of several scans the decoder holds the whole file's coefficients, two bytes a sample.
    scaled = image.format in ("JPEG", "MPO") and scans == 1
    for (width, height), limit in ((size, PIXEL_LIMIT if scaled else whole), (_decoded(image), whole)):
        if width * height > limit:
            return f"{width}×{height} pixels are more than the limit of {limit:,}"
    return (
        f"a side of {max(size):,} pixels is longer than the limit of {SIDE_LIMIT:,}" if max(size) > SIDE_LIMIT else ""
    )


def _decoded(image: Image.Image) -> tuple[int, int]:
    """Width and height of what is decoded: of a TIFF whole tiles, however little of them the picture has."""
    tags = image.tag_v2 if isinstance(image, TiffImageFile) else {}
    tile = (tags.get(tag) for tag in (TILEWIDTH, TILELENGTH))
    across, down = (ceil(side / of) * of if of else side for side, of in zip(image.size, tile, strict=True))
    return across, down


def _bits(image: Image.Image) -> int:
    """Bits of a pixel as a TIFF has them: its samples are held as they are, beside the picture that is made of them."""
    tags = image.tag_v2 if isinstance(image, TiffImageFile) else {}
    return int(tags.get(SAMPLESPERPIXEL, 1) * max(tags.get(BITSPERSAMPLE, (1,))))


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


def _rgb(image: Image.Image, factor: int) -> Image.Image:
    """The image as RGB at this whole fraction of its size: strip by strip, or it would be there several times."""
    if image.mode == "RGB":
        return image.reduce(factor) if factor > 1 else image
    width, height, factor = *image.size, max(factor, 1)
    # Pillow clips 16-bit greys to 255: they would turn white.
    brightest = image.getextrema()[1] if image.mode in ("I", "F") else 0
    scale = 1 / 257 if isinstance(brightest, int | float) and brightest > 255 else 1
    found = Image.new("RGB", (ceil(width / factor), ceil(height / factor)))
    rows = max(1, _STRIP_PIXELS // (width * factor)) * factor
    for top in range(0, height, rows):
        strip = _strip_rgb(image.crop((0, top, width, min(top + rows, height))), scale)
        found.paste(strip.reduce(factor) if factor > 1 else strip, (0, top // factor))
    return found


def _strip_rgb(image: Image.Image, scale: float) -> Image.Image:
    if image.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8)).convert("RGB")
    if image.mode in ("I", "F"):
        grey = np.asarray(image, dtype=np.float32)
        return Image.fromarray(np.clip(np.nan_to_num(grey * scale), 0, 255).astype(np.uint8)).convert("RGB")
    return image.convert("RGB")
