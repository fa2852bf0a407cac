"""EXIF blocks and TIFF files by hand: directories that loop, lie or never end."""

from __future__ import annotations

import struct
from collections.abc import Sequence

DATES = {
    "zeros": b"0000:00:00 00:00:00", "30 February": b"2026:02:30 12:00:00", "year 9999": b"9999:12:31 23:59:59",
    "year 1": b"0001:01:01 00:00:00", "hour 25": b"2026:01:31 25:61:61", "blanks": b"    :  :     :  :  ",
    "letters": b"2O26:O1:31 17:O5:O9", "digits of Arabia": "٢٠٢٦:٠١:٣١ ٠٩:٠٠:٠٠".encode(),
    "long": b"2026:01:31 " * 2_000,
    "a NUL inside": b"2026:01:31\x0017:05:09", "negative": b"-026:-1:-1 -1:-1:-1", "bytes": bytes(range(128, 256)),
}  # fmt: skip
BYTE, TEXT, SHORT, LONG, RATIONAL, ANY, FLOAT = 1, 2, 3, 4, 5, 7, 11
type Tag = tuple[int, int, int, bytes | int]  # tag, type, count, value of up to four bytes or where it lies


def directory(tags: Sequence[Tag], following: int = 0) -> bytes:
    """A directory (IFD) of a little-endian block."""
    said = b"".join(
        struct.pack("<HHI", *tag[:3])
        + (struct.pack("<I", tag[3]) if isinstance(tag[3], int) else tag[3].ljust(4, b"\0"))
        for tag in tags
    )
    return struct.pack("<H", len(tags)) + said + struct.pack("<I", following)


def block(tags: Sequence[Tag], rest: bytes = b"", following: int = 0) -> bytes:
    """A block whose first directory lies at 8, with `rest` behind it."""
    return b"II*\0" + struct.pack("<I", 8) + directory(tags, following) + rest


def end(tags: int, directories: int = 1) -> int:
    """Where `rest` begins, or the next directory of as many tags."""
    return 8 + directories * (6 + 12 * tags)


def dated(date: bytes) -> bytes:
    """A block with this as DateTimeOriginal."""
    inner = directory([(0x9003, TEXT, len(date), end(1, 2))])
    return block([(0x8769, LONG, 1, end(1))], inner + date)


def turned(orientation: int) -> bytes:
    """A block with this orientation."""
    return block([(0x0112, SHORT, 1, orientation)])


def blocks() -> dict[str, bytes]:
    """EXIF blocks that an honest reader might follow for ever, or believe."""
    many = [(0x9003 + number, TEXT, 50_000, 8) for number in range(4_900)]
    chain = b"".join(directory([(0x014A, LONG, 1, end(1, number + 2))]) for number in range(3_000))
    return {
        "an inner directory that is the first": block([(0x8769, LONG, 1, 8)]),
        "a next directory that is the first": block([(0x0112, SHORT, 1, 6)], following=8),
        "two directories in a circle": block([(0x8769, LONG, 1, end(1))], directory([(0x8769, LONG, 1, 8)], 8)),
        "a chain of sub-directories": block([(0x014A, LONG, 1, end(1))], chain),
        "a GPS directory that is the first": block([(0x8825, LONG, 1, 8), (0xA005, LONG, 1, 8)]),
        "5,000 tags of the same 50,000 bytes": block(many),
        "inner tags of the same 50,000 bytes": block([(0x8769, LONG, 1, end(1))], directory(many)),
        "tags of four billion bytes": block([(0x9003, ANY, 0xFFFFFFFF, 8), (0x0132, RATIONAL, 0xFFFFFFFF, 8)]),
        "more tags than there are": b"II*\0\x08\0\0\0\xff\xff",
        "a directory beyond the end": b"MM\0*\xff\xff\xff\xf0",
        "a directory in the header": b"II*\0\0\0\0\0",
        "a type that is none": block([(0x0112, 99, 1, 6), (0x9003, 0, 1, 6)]),
        "nothing but its beginning": b"II",
        "a date of zero bytes": block([(0x0132, TEXT, 0, 8)]),
        "a note of 60,000 bytes": block(
            [(0x8769, LONG, 1, end(1))], directory([(0x927C, ANY, 60_000, 40)]) + b"\x01\xf1" * 30_000
        ),
        "a Reconyx note that is cut off": block(
            [(0x8769, LONG, 1, end(1))], directory([(0x927C, ANY, 2, b"\x01\xf1")])
        ),
        **{f"orientation {number}": turned(number) for number in (0, 9, 255, 65_535)},
        **{f"the date {name}": dated(date) for name, date in DATES.items()},
    }


def tiff(width: int, height: int, pixels: bytes = b"", tags: Sequence[Tag] = (), **said: int) -> bytes:
    """A grey TIFF of one strip unless told otherwise: `compression`, `bits`, `samples`, `rows`; `tags` come instead."""
    known: dict[int, Tag] = {
        0x100: (0x100, LONG, 1, width),
        0x101: (0x101, LONG, 1, height),
        0x102: (0x102, SHORT, 1, said.get("bits", 8)),
        0x103: (0x103, SHORT, 1, said.get("compression", 1)),
        0x106: (0x106, SHORT, 1, said.get("photometric", 1)),
        0x111: (0x111, LONG, 1, 0),
        0x115: (0x115, SHORT, 1, said.get("samples", 1)),
        0x116: (0x116, LONG, 1, said.get("rows", height)),
        0x117: (0x117, LONG, 1, len(pixels)),
    }
    known |= {tag[0]: tag for tag in tags}
    at = end(len(known))
    placed = [
        (tag, kind, count, at if tag in (0x111, 0x144) and count == 1 else value)
        for tag, kind, count, value in known.values()
    ]
    return block(sorted(placed, key=lambda one: one[0]), pixels)
