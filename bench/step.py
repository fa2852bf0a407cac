"""The step written straightforwardly, with a network of any maker: what somebody writes who wants the same message.

It needs Pillow and numpy alone, and no newer Python than PyTorch has: bench/rival.py runs it in other environments.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageOps

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

PREVIEW, QUALITY = 320, 80
MEAN, STD = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
_EXIF, _DATE_TIME_ORIGINAL = 0x8769, 0x9003


def message(data: bytes, features: Callable[[NDArray[np.float32]], NDArray[Any]], size: int, *, scaled: bool) -> str:
    """What is known of an image, as JSON: digest, time, features in float16 and a preview.

    The network takes pictures of this size. `scaled`: whether the JPEG decoder may give a smaller picture.
    """
    picture, taken = decoded(data, scaled=scaled)
    said = {
        "digest": hashlib.sha256(data).hexdigest(),
        "captured_at": taken,
        "features": _text(features(tensor(picture, size)).astype(np.float16).tobytes()),
        "preview": _text(preview(picture)),
    }
    return json.dumps(said)


def decoded(data: bytes, *, scaled: bool) -> tuple[Image.Image, str]:
    """The picture, upright, and what EXIF says of its time."""
    image = Image.open(io.BytesIO(data))
    if scaled:
        image.draft("RGB", (PREVIEW, PREVIEW))
    taken = image.getexif().get_ifd(_EXIF).get(_DATE_TIME_ORIGINAL, "")
    return ImageOps.exif_transpose(image.convert("RGB")), str(taken)


def tensor(picture: Image.Image, size: int) -> NDArray[np.float32]:
    """The picture as ImageNet's networks take it: 1 × 3 × size × size."""
    pixels = np.asarray(picture.resize((size, size), Image.Resampling.BILINEAR)) / 255
    return np.ascontiguousarray(((pixels - MEAN) / STD).transpose(2, 0, 1)[np.newaxis], np.float32)


def preview(picture: Image.Image) -> bytes:
    """A small JPEG."""
    small = picture.copy()
    small.thumbnail((PREVIEW, PREVIEW))
    out = io.BytesIO()
    small.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
