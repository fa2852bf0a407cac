"""Images as heavy as a camera's: a few drawn and kept, each further one told apart by its number and its time."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image

from cli.animals import ANIMALS
from cli.scenery import SCENES, View, picture

# What cards of the field hold (pixels, target bytes): 3 megapixels 0.66 MB, 5 megapixels 1.3 MB, 12 megapixels 3.5 MB.
SIZES = (((2048, 1536), 660_000), ((2592, 1944), 1_300_000), ((4000, 3000), 3_500_000))
MEAN_BYTES = sum(size for _, size in SIZES) // len(SIZES)
# Every scene, with an animal and without, by day and by night: 18 of each size.
VIEWS = [
    View(camera, species, datetime(2026, 2, 1, hour), burst=number, frame=number)  # noqa: DTZ001 - local wall time
    for number, (camera, species, hour) in enumerate(product(SCENES, ("blank", *ANIMALS), (10, 23)))
]
# A day, from dawn on, of a camera that is busy: three images two seconds apart, every ten minutes.
BURST, BETWEEN, PAUSE = 3, timedelta(seconds=2), timedelta(minutes=10)
FIRST = datetime(2026, 2, 1, 6)  # noqa: DTZ001 - local wall time
CAMERAS = 10
# In EXIF these stand for themselves, byte by byte, so that an image is made by writing over them.
_TIME, _NUMBER = b"2000:01:01 00:00:00", b"uncia-0000000000"


@dataclass(frozen=True, slots=True)
class Photograph:
    """One image to upload."""

    name: str
    content: bytes


def drawn(folder: Path, views: int = len(VIEWS)) -> list[bytes]:
    """The pictures that images are made of, so many of each size, one size after the other of each view.

    They are drawn the first time (some 40 s for all), and read from the folder from then on.
    """
    folder.mkdir(parents=True, exist_ok=True)
    kept = []
    for (number, view), (pixels, size) in product(enumerate(VIEWS[:views]), SIZES):
        file = folder / f"{number:02}-{pixels[0]}.jpg"
        if not file.exists():
            draft = file.with_suffix(".part")
            draft.write_bytes(_photograph(view, pixels, size))
            draft.replace(file)
        kept.append(file.read_bytes())
    return kept


def photographs(pictures: list[bytes], images: int) -> Iterator[Photograph]:
    """So many images, camera after camera, of which no two have the same bytes; always the same ones."""
    each = -(-images // CAMERAS)
    for number in range(images):
        camera, own = divmod(number, each)
        at = FIRST + own // BURST * PAUSE + own % BURST * BETWEEN
        said = {_TIME: f"{at:%Y:%m:%d %H:%M:%S}".encode(), _NUMBER: f"uncia-{number:010}".encode()}
        content = pictures[number % len(pictures)]
        for place, value in said.items():
            content = content.replace(place, value)
        yield Photograph(f"Camera {camera + 1:02}/IMG_{own + 1:05}.JPG", content)


def _photograph(view: View, pixels: tuple[int, int], size: int) -> bytes:
    """A view as large as a camera's, at the quality that comes nearest to a size in bytes."""
    photo = picture(view).resize(pixels, Image.Resampling.BICUBIC)
    # Enlarged, a drawing is smooth: the sensor's noise, pixel by pixel, is what gives a photograph its bytes.
    noise = np.random.default_rng(view.frame).normal(0, 5, (*pixels[::-1], 1))
    noisy = Image.fromarray(np.clip(np.asarray(photo, np.float32) + noise, 0, 255).astype(np.uint8))
    low, high = 20, 96
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if len(_jpeg(noisy, middle)) <= size else (low, middle)
    return _jpeg(noisy, low)


def _jpeg(photo: Image.Image, quality: int) -> bytes:
    exif = Image.Exif()
    details = exif.get_ifd(ExifTags.IFD.Exif)
    exif[ExifTags.Base.Make], exif[ExifTags.Base.ImageDescription] = "UNCIA", _NUMBER.decode()
    details[ExifTags.Base.DateTimeOriginal] = _TIME.decode()
    out = io.BytesIO()
    photo.save(out, "JPEG", quality=quality, exif=exif.tobytes())
    return out.getvalue()
