"""What an image's EXIF block says of time and orientation, whatever state the block is in."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass

from PIL import Image

from shared import reconyx
from shared.captured import Said

# What Pillow raises on EXIF blocks found in the field: cut off, wrong counts, offsets beyond the end, zero divisors.
BROKEN = (
    OSError, ValueError, TypeError, KeyError, IndexError, AttributeError, SyntaxError, EOFError, OverflowError,
    ZeroDivisionError, RecursionError, MemoryError, struct.error,
)  # fmt: skip

_EXIF_IFD, _MAKER_NOTE, _ORIENTATION = 0x8769, 0x927C, 0x0112
# Tags in the order in which they are believed, each with the tag of its fraction of a second (EXIF 2.32, table 8).
_TIMES = (
    ("DateTimeOriginal", _EXIF_IFD, 0x9003, 0x9291),
    ("DateTimeDigitized", _EXIF_IFD, 0x9004, 0x9292),
    ("DateTime", 0, 0x0132, 0x9290),
)


@dataclass(frozen=True, slots=True)
class Exif:
    """The times an image says it was taken, most trusted first, and how it is to be turned (1 to 8)."""

    times: tuple[Said, ...] = ()
    orientation: int = 1


def read(image: Image.Image) -> Exif:
    """Times and orientation of an opened image; what cannot be read is left out, nothing is raised."""
    main, inner = _blocks(image)
    blocks = {0: main, _EXIF_IFD: inner}
    said = [
        Said(f"exif:{name}", _text(blocks[block].get(tag)), _text(inner.get(fraction)))
        for name, block, tag, fraction in _TIMES
    ]
    said.append(Said("reconyx", reconyx.date(_raw(inner.get(_MAKER_NOTE)))))
    turned = main.get(_ORIENTATION)
    orientation = turned if isinstance(turned, int) and 1 <= turned <= 8 else 1
    return Exif(tuple(time for time in said if time.text), orientation)


def _blocks(image: Image.Image) -> tuple[Mapping[int, object], Mapping[int, object]]:
    try:
        main = image.getexif()
    except BROKEN:
        return {}, {}
    found = {}
    for tag in (_ORIENTATION, 0x0132):
        try:
            found[tag] = main.get(tag)
        except BROKEN:
            continue
    try:
        return found, dict(main.get_ifd(_EXIF_IFD))
    except BROKEN:
        return found, {}


def _text(value: object) -> str:
    """A tag's text: cameras pad with NULs and blanks, and Pillow gives bytes for some types."""
    text = value.decode("latin-1") if isinstance(value, bytes) else str(value or "")
    return text.strip(" \t\r\n\0")


def _raw(value: object) -> bytes:
    """A tag's bytes: a MakerNote written as ASCII comes as str (Bushnell)."""
    return value if isinstance(value, bytes) else str(value or "").encode("latin-1", "replace")
