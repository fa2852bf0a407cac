"""JPEG files by hand: more segments, scans and lies than any camera writes."""

from __future__ import annotations

import re
import struct

from PIL import Image

from tests.hostile.blocks import blocks
from tests.unit.shared.making import noise, written

SOI, EOI = b"\xff\xd8", b"\xff\xd9"
BASELINE, PROGRESSIVE, LOSSLESS, ARITHMETIC = 0xC0, 0xC2, 0xC3, 0xC9


def segment(kind: int, body: bytes = b"") -> bytes:
    """A segment with its length."""
    return struct.pack(">BBH", 0xFF, kind, len(body) + 2) + body


def behind_start(data: bytes, *segments: bytes) -> bytes:
    """A JPEG with these segments before all of its own."""
    return data[:2] + b"".join(segments) + data[2:]


def app1(block: bytes) -> bytes:
    """EXIF as a segment."""
    return segment(0xE1, b"Exif\0\0" + block)


def frame(kind: int, width: int, height: int, components: int = 1, sampling: int = 0x11) -> bytes:
    """The header of the picture."""
    said = b"".join(bytes([number + 1, sampling, 0]) for number in range(components))
    return segment(kind, struct.pack(">BHHB", 8, height, width, components) + said)


def tables() -> bytes:
    """Quantization by one; a DC code of one bit for no difference, an AC code of one bit for a run of empty blocks."""
    one = bytes([1]) + bytes(15)
    return segment(0xDB, bytes([0]) + bytes([1]) * 64) + segment(0xC4, b"\0" + one + b"\0" + b"\x10" + one + b"\xe0")


def scan(blocks: int, components: int = 1) -> bytes:
    """A scan of a progressive JPEG that says of every block that it is empty: two bytes for 32,767 of them."""
    bits = "0".ljust(15, "1") * (blocks // 32_767 + 1)
    code = int(bits.ljust(-len(bits) % 8 + len(bits), "1"), 2).to_bytes((len(bits) + 7) // 8)
    return segment(0xDA, bytes([1, components, 0, 1, 63, 0])) + code.replace(b"\xff", b"\xff\0")


def scans(count: int, width: int, height: int, components: int = 1) -> bytes:
    """A progressive JPEG of as many scans, each over the whole picture."""
    several = scan((width + 7) // 8 * ((height + 7) // 8)) * count
    return SOI + frame(PROGRESSIVE, width, height, components) + tables() + several + EOI


def jpegs() -> dict[str, bytes]:
    """JPEG files with something wrong in each."""
    good, restarts = written(noise(160, 120)), written(noise(160, 120), restart_marker_blocks=4)
    at = good.index(b"\xff\xda")
    icc = [segment(0xE2, b"ICC_PROFILE\0" + bytes([number, 255]) + bytes(60_000)) for number in range(1, 256)]
    several = {f"EXIF, {name}": behind_start(good, app1(block[:65_000])) for name, block in blocks().items()}
    return several | {
        "a million empty segments": behind_start(good, b"\xff\xe5\0\2" * 1_000_000),
        "a million empty comments": behind_start(good, b"\xff\xfe\0\2" * 1_000_000),
        "a thousand quantization tables": behind_start(good, segment(0xDB, bytes([0]) + bytes([1]) * 64) * 10_000),
        "EXIF in 160 segments": behind_start(good, app1(blocks()["5,000 tags of the same 50,000 bytes"]) * 160),
        "16 MB of segments": behind_start(good, segment(0xE7, bytes(65_000)) * 250),
        "a profile of 15 MB": behind_start(good, *icc),
        "a profile that is none": written(noise(), icc_profile=b"no profile" * 9),
        "a profile out of order": behind_start(good, *reversed(icc[:3])),
        "a hundred thousand fill bytes": good[:2] + b"\xff" * 100_000 + good[2:],
        "10 MB of escapes before the picture": good[:2] + b"\xff\0" * 5_000_000 + good[2:],
        "10,000 scans of 80 megapixels": scans(10_000, 10_000, 8_000),
        "10,000 scans of 300 pixels": scans(10_000, 20, 15),
        "100 scans of 30 megapixels": scans(100, 6_000, 5_000),
        "100 scans of 30 megapixels in four colours": scans(100, 6_000, 5_000, 4),
        "two scans of 80 megapixels": scans(2, 10_000, 8_000),
        "scans hidden behind a comment": scans(1, 800, 600)[:-2] + segment(0xFE, EOI) + scan(7_500) * 5_000 + EOI,
        "no scan at all": SOI + frame(BASELINE, 64, 64) + tables() + EOI,
        "80 megapixels and nothing in them": SOI + frame(BASELINE, 10_000, 8_000, 3) + tables() + good[at:],
        "four billion pixels": SOI + frame(BASELINE, 65_535, 65_535, 3) + tables() + good[at:],
        "a side of 65,500 that cannot be scaled": written(Image.new("RGB", (65_500, 450))),
        "a side of 65,500, one pixel wide": written(Image.new("RGB", (1, 65_500))),
        "no height": SOI + frame(BASELINE, 64, 0) + tables() + good[at:],
        "no width": SOI + frame(BASELINE, 0, 64) + tables() + good[at:],
        "arithmetic codes": good.replace(b"\xff\xc0", bytes([0xFF, ARITHMETIC])),
        "lossless": good.replace(b"\xff\xc0", bytes([0xFF, LOSSLESS])),
        "progressive in name only": good.replace(b"\xff\xc0", bytes([0xFF, PROGRESSIVE])),
        "12 bits a sample": good.replace(b"\xff\xc0\0\x11\x08", b"\xff\xc0\0\x11\x0c"),
        "two components": SOI + frame(BASELINE, 64, 64, 2) + tables() + good[at:],
        "255 components": SOI + frame(BASELINE, 64, 64, 255) + tables() + good[at:],
        "samples sixteen to one": SOI + frame(BASELINE, 64, 64, 3, 0x44) + tables() + good[at:],
        "two frames in one": good[:at] + good[2:],
        "restart markers out of order": re.sub(rb"\xff[\xd0-\xd7]", b"\xff\xd3", restarts),
        "restart markers taken out": re.sub(rb"\xff[\xd0-\xd7]", b"", restarts),
        "restart markers everywhere": re.sub(rb"\xff\0", b"\xff\xd0", restarts),
        "a segment of length 0": behind_start(good, b"\xff\xe1\0\0"),
        "a segment of length 1": behind_start(good, b"\xff\xe1\0\1"),
        "a segment longer than the file": behind_start(good, b"\xff\xe1\xff\xff"),
        "a marker that is none": behind_start(good, b"\xff\x02"),
        "no tables": SOI + frame(BASELINE, 64, 64) + good[at:],
        "a code table that is none": behind_start(good, segment(0xC4, b"\0" + bytes([255]) * 16 + bytes(4_080))),
        "Adobe's colours, cut off": behind_start(good, segment(0xEE, b"Adobe")),
        "colours of a transform that is none": behind_start(good, segment(0xEE, b"Adobe\0\x64\0\0\0\0\x09")),
        "CMYK": written(noise(mode="CMYK")),
        "noise of 48 bits": written(noise(16, 16), quality=100, subsampling=0) + bytes(range(256)) * 300,
    }
