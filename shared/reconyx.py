"""The date in a Reconyx MakerNote: some of its cameras write it nowhere else.

Layouts: ExifTool, lib/Image/ExifTool/Reconyx.pm. All numbers are little-endian.
"""

from __future__ import annotations

import struct

_MONTH_FIRST = ("second", "minute", "hour", "month", "day", "year")
_DAY_FIRST = ("second", "minute", "hour", "day", "month", "year")

# first bytes of the note → (offset of the date, its six numbers, their order)
_LAYOUTS: dict[bytes, tuple[int, str, tuple[str, ...]]] = {
    b"\x01\xf1": (0x16, "<6H", _MONTH_FIRST),  # HyperFire: HC500, PC900
    # ExifTool has day before month here; where EXIF gives the date too (11 April 2021, 10 files of the Camtrap DP
    # example), the month comes first.
    b"RECONYXH2\0": (0x3E, "<6H", _MONTH_FIRST),  # HyperFire 2
    b"RECONYXUF\0": (0x3B, "<5BH", _DAY_FIRST),  # UltraFire
    b"RECONYXMF\0": (0x4E, "<5BH", _DAY_FIRST),  # MicroFire
    b"RECONYXHF4K\0": (0x2F, "<5BH", _DAY_FIRST),  # HyperFire 4K
}


def date(maker_note: bytes) -> str:
    """The date as EXIF would write it, or nothing where this is no Reconyx note or it is cut off."""
    for start, (offset, layout, order) in _LAYOUTS.items():
        if maker_note.startswith(start) and len(maker_note) >= offset + struct.calcsize(layout):
            said = dict(zip(order, struct.unpack_from(layout, maker_note, offset), strict=True))
            return "{year:04d}:{month:02d}:{day:02d} {hour:02d}:{minute:02d}:{second:02d}".format(**said)
    return ""
