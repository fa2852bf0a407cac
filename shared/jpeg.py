"""What a JPEG claims to be before a decoder believes it: kind, segments and scans (ITU-T T.81, table B.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator

START = b"\xff\xd8\xff"
# Each scan of a progressive JPEG goes over the whole picture, and can do so in a hundred bytes. Cameras and editors
# write some ten; libtiff too stops at 100.
MOST_SCANS = 100
# A picture inside the picture takes some hundred segments, a long scan none.
MOST_SEGMENTS = 5_000
# Baseline, extended and progressive, with Huffman codes; what else begins a frame is lossless or arithmetic.
_FRAMES, _OTHER_FRAMES = (0xC0, 0xC1, 0xC2), (0xC3, *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0))
_PROGRESSIVE, _SOI, _EOI, _SOS = 0xC2, 0xD8, 0xD9, 0xDA
# FF00 is no marker, and D0 to D7 stand inside of scans.
_MARKER = re.compile(rb"\xff([\x01-\xcf\xd8-\xfe])")


class Unusual(ValueError):
    """What no camera writes; the text says what."""


def scans(data: bytes) -> int:
    """How often a decoder goes over the picture; more than once, and it holds all of it. Raises Unusual."""
    components, progressive, found = 0, False, 0
    for kind, body in _segments(data):
        if kind in _OTHER_FRAMES:
            raise Unusual(f"a JPEG of kind {kind:02X}: no camera writes it")
        if kind in _FRAMES:
            components, progressive = _byte(data, body + 5), kind == _PROGRESSIVE
        if kind == _SOS:
            found += 1
            if not progressive and _byte(data, body) >= components:
                break
    if found > MOST_SCANS:
        raise Unusual(f"{found:,} scans are more than the limit of {MOST_SCANS}")
    return found


def _segments(data: bytes) -> Iterator[tuple[int, int]]:
    """Each segment up to the end of the picture: what kind it is, and where its body begins."""
    at = len(START) - 1
    for _ in range(MOST_SEGMENTS):
        found = _MARKER.search(data, at)
        if not found or (kind := found[1][0]) == _EOI:
            return
        at = found.end()
        if kind >= _FRAMES[0] and kind != _SOI:  # the others have no length
            yield kind, at + 2
            at += max(2, int.from_bytes(data[at : at + 2]))
    raise Unusual(f"a JPEG of more than {MOST_SEGMENTS:,} segments")


def _byte(data: bytes, at: int) -> int:
    return next(iter(data[at : at + 1]), 0)
