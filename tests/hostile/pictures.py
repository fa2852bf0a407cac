"""Every other format by hand, and files that pretend to be one."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from itertools import pairwise

import numpy as np
from PIL import Image

from tests.hostile.blocks import ANY, BYTE, FLOAT, LONG, RATIONAL, SHORT, TEXT, block, blocks, directory, end, tiff
from tests.unit.shared.making import bomb, noise, written

PNG = b"\x89PNG\r\n\x1a\n"
GREY, RGB, RGBA = 0, 2, 6
XMP = b"XML:com.adobe.xmp\0\0\0\0\0"


def chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def ihdr(width: int, height: int, bits: int, colour: int, interlaced: int = 0) -> bytes:
    """The header of a PNG."""
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, interlaced))


def zeros(size: int) -> bytes:
    """As many zero bytes, compressed a thousand times."""
    packer = zlib.compressobj(wbits=-15)
    # After a full flush the same bytes follow again: a hundred megabytes in no time.
    block = packer.compress(bytes(1_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)
    rest = packer.compress(bytes(size % 1_000_000)) + packer.flush()
    return b"\x78\x9c" + block * (size // 1_000_000) + rest + struct.pack(">HH", size % 65_521, 1)  # Adler-32


def png(width: int, height: int, bits: int = 8, colour: int = RGB, interlaced: int = 0, *, extra: bytes = b"") -> bytes:
    """A PNG that is black, with these chunks before its pixels."""
    row = 1 + width * bits * {GREY: 1, RGB: 3, RGBA: 4}[colour] // 8
    # Seven passes of an interlaced picture begin with more bytes than there are rows.
    pixels = zeros(row * height + 16 * height * interlaced)
    return PNG + ihdr(width, height, bits, colour, interlaced) + extra + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def in_pieces(data: bytes, size: int) -> bytes:
    """A PNG whose pixels are in chunks of this size."""
    at = data.index(b"IDAT") - 4
    (length,) = struct.unpack(">I", data[at : at + 4])
    pixels = data[at + 8 : at + 8 + length]
    parts = [chunk(b"IDAT", pixels[place : place + size]) for place in range(0, length, size)]
    return data[:at] + b"".join(parts) + chunk(b"IEND", b"")


def pngs() -> dict[str, bytes]:
    """PNG files with something wrong, or too much, in each."""
    good = written(noise(), "PNG")
    random = written(Image.fromarray(np.random.default_rng(0).integers(0, 256, (400, 400, 3), np.uint8)), "PNG")
    large = zeros(100_000_000)
    return {
        **{f"EXIF, {name}": png(8, 8, extra=chunk(b"eXIf", block)) for name, block in blocks().items()},
        "50,000×50,000 in 100 kB": png(50_000, 50_000, 1, GREY)[:100_000],
        "50,000×50,000 and nothing": bomb(50_000, 50_000),
        "two billion pixels wide": bomb(0x7FFFFFFF, 1),
        "30 megapixels of 16 bits and four channels": png(6_000, 5_000, 16, RGBA),
        "30 megapixels of 16-bit grey": png(6_000, 5_000, 16, GREY),
        "30 megapixels, interlaced": png(6_000, 5_000, 8, RGB, 1),
        "30 megapixels, one pixel wide": png(1, 30_000_000),
        "a side of 65,535": png(65_535, 450, 8, RGBA),
        "no pixels": png(0, 0),
        "text of 100 MB": png(8, 8, extra=chunk(b"zTXt", b"a\0\0" + large)),
        "international text of 100 MB": png(8, 8, extra=chunk(b"iTXt", b"a\0\1\0\0\0" + large)),
        "70 texts of a megabyte": png(8, 8, extra=chunk(b"zTXt", b"a\0\0" + zeros(1_000_000)) * 70),
        "a profile of 100 MB": png(8, 8, extra=chunk(b"iCCP", b"a\0\0" + large)),
        "a million empty chunks": png(8, 8, extra=chunk(b"tEXt", b"") * 1_000_000),
        "a hundred thousand chunks of one byte": in_pieces(random, 4),
        "pixels in empty chunks": png(8, 8, extra=chunk(b"IDAT", b"") * 300_000),
        "EXIF in text that is none": png(8, 8, extra=chunk(b"tEXt", b"Raw profile type exif\0\n\n\nxyz")),
        "EXIF of a megabyte": png(8, 8, extra=chunk(b"eXIf", blocks()["a note of 60,000 bytes"] + bytes(1_000_000))),
        "orientation in XMP that is none": png(8, 8, extra=chunk(b"iTXt", XMP + b"tiff:Orientation>9")),
        "a wrong checksum of the header": good[:29] + b"\0\0\0\0" + good[33:],
        "a wrong checksum of the pixels": good.replace(b"IDAT", b"IDAT", 1)[:-20] + b"\0\0\0\0" + good[-16:],
        "a wrong length": good[:33] + b"\x7f\xff\xff\xff" + good[37:],
        "no end": good[:-12],
        "a palette of none": PNG + ihdr(8, 8, 8, 3) + chunk(b"IDAT", zeros(72)),
        "an animation of 1,000 frames": png(8, 8, extra=chunk(b"acTL", struct.pack(">II", 1_000, 0))),
        "an animation of four billion frames": png(8, 8, extra=chunk(b"acTL", struct.pack(">II", 0xFFFFFFFF, 0))),
        "a format of 3 bits": PNG + ihdr(8, 8, 3, RGB),
    }  # fmt: skip


def tiled(size: tuple[int, int], tile: tuple[int, int], pixels: bytes) -> bytes:
    """A grey TIFF (deflate) all of whose tiles are the same bytes."""
    count = -(-size[0] // tile[0]) * -(-size[1] // tile[1])
    at = end(11)  # behind a directory of 11 tags
    places, sizes = (at, at + 4 * count) if count > 1 else (at + 8, len(pixels))
    tags = [
        (0x142, LONG, 1, tile[0]),
        (0x143, LONG, 1, tile[1]),
        (0x144, LONG, count, places),
        (0x145, LONG, count, sizes),
    ]
    rest = struct.pack("<I", at + 8 * count) * count + struct.pack("<I", len(pixels)) * count + pixels
    known = [(0x100, LONG, 1, size[0]), (0x101, LONG, 1, size[1]), (0x102, SHORT, 1, 8), (0x103, SHORT, 1, 8)]
    return block([*known, (0x106, SHORT, 1, 1), (0x115, SHORT, 1, 1), (0x11C, SHORT, 1, 1), *tags], rest)


def _deep(width: int, height: int) -> bytes:
    pixels, alpha = zeros(8 * width * height), [(0x152, SHORT, 1, 2)]
    return tiff(width, height, pixels, alpha, compression=8, bits=16, samples=4, photometric=2)


def tiffs() -> dict[str, bytes]:
    """TIFF files with something wrong, or too much, in each."""
    heavy = [(0x8000 + number, ANY, 900_000, 8) for number in range(1_000)]
    numbers = [(0x111, LONG, 2_000_000, 8), (0x117, LONG, 2_000_000, 8)]
    circle = tiff(8, 8, bytes(64))
    inner = tiff(8, 8, bytes(64), [(0x8769, LONG, 1, 8), (0x8825, LONG, 1, 8)])
    floats = np.full((400, 400), np.nan, np.float32)
    floats[::2] = np.inf
    many = tiff(8, 8, bytes(64))
    (count,) = struct.unpack_from("<H", many, 8)
    pages = b"".join(
        many[8 : 10 + 12 * count] + struct.pack("<I", len(many) + (number + 1) * (6 + 12 * count))
        for number in range(3_000)
    )
    return {
        "tags of the same 900,000 bytes": tiff(8, 8, bytes(1_000_000), heavy),
        "two million strips": tiff(8, 8, bytes(8_000_000), numbers),
        "a size as fractions": tiff(8, 8, bytes(64), [(0x100, RATIONAL, 1, 8), (0x101, FLOAT, 1, 8)]),
        "a size as bytes": tiff(8, 8, bytes(64), [(0x100, BYTE, 4, b"\xff\xff\xff\x7f")]),
        "a size as text": tiff(8, 8, bytes(64), [(0x100, TEXT, 4, b"8\0\0\0")]),
        "a size twice": tiff(8, 8, bytes(64))[:8] + directory([(0x100, LONG, 1, 8)] * 9) + bytes(900),
        "50,000×50,000": tiff(50_000, 50_000, b"\0" * 1_000),
        "a deflate bomb": tiff(6_000, 5_000, zeros(30_000_000), compression=8),
        "a deflate bomb of 16 bits": tiff(7_000, 4_200, zeros(60_000_000), compression=8, bits=16),
        "a deflate bomb of 32 bits": tiff(
            6_000, 5_000, zeros(120_000_000), [(0x153, SHORT, 1, 3)], compression=8, bits=32
        ),
        "a bomb larger than its picture": tiff(80, 80, zeros(300_000_000), compression=8),
        "an LZW bomb": written(Image.new("RGB", (6_000, 5_000)), "TIFF", compression="tiff_lzw"),
        "LZW of zeros": tiff(6_000, 5_000, b"\x80" + bytes(200_000), compression=5),
        "LZW of noise": tiff(500, 500, np.random.default_rng(0).bytes(100_000), compression=5),
        "PackBits of zeros": tiff(6_000, 5_000, b"\x81\0" * 240_000, compression=32_773),
        "a fax": tiff(60_000, 500, bytes(100_000), compression=4, bits=1),
        "LZMA": tiff(800, 800, bytes(100_000), compression=34_925),
        "a compression that is none": tiff(8, 8, bytes(64), compression=60_000),
        "JPEG inside that is none": tiff(800, 800, b"\xff\xd8\xff\xd9", compression=7),
        "whole tiles": tiled((1_000, 1_000), (256, 256), zeros(65_536)),
        "a tile of a hundred million pixels": tiled((8, 8), (1 << 14, 1 << 13), zeros(1 << 27)),
        "tiles a million times its height": tiled((30_000, 1), (16, 1 << 20), zeros(1 << 24)),
        "a tile wider than can be": tiled((8, 8), (1 << 30, 16), zeros(1 << 20)),
        "tiles of nothing": tiff(8, 8, bytes(64), [(0x142, LONG, 1, 0), (0x143, LONG, 1, 0)]),
        "tiles cut off": tiled((512, 512), (256, 256), b""),
        "tiles of a size as text": tiff(8, 8, bytes(64), [(0x142, TEXT, 4, b"8\0\0\0"), (0x143, FLOAT, 1, 8)]),
        "a strip of 16 bits and four channels": _deep(6_000, 5_000),
        "the largest strip of 16 bits and four channels": _deep(5_000, 3_000),
        "65,535 samples": tiff(800, 800, bytes(64), samples=65_535),
        "65,535 bits": tiff(800, 800, bytes(64), bits=65_535),
        "no bits": tiff(8, 8, bytes(64), bits=0),
        "no size": tiff(0, 0),
        "a directory that follows itself": circle[:4] + struct.pack("<I", 8) + directory([], 8),
        "inner directories that are the first": inner,
        "3,000 frames": many[:4] + struct.pack("<I", len(many)) + many[8:] + pages,
        "floating points that are none": written(Image.fromarray(floats), "TIFF"),
        "16 bits": written(Image.fromarray(np.arange(65_536, dtype=np.uint16).reshape(256, 256)), "TIFF"),
        "32 bits": written(Image.fromarray(np.full((99, 99), -(2**31), np.int32)), "TIFF"),
        "CMYK": written(noise(mode="CMYK"), "TIFF", compression="tiff_lzw"),
        "Lab": written(noise().convert("LAB"), "TIFF"),
        "the date of a BigTIFF": b"II+\0\x08\0\0\0" + bytes(32),
        "strips in one place": tiff(60, 9_000, bytes(64), [(0x111, LONG, 9_000, 8), (0x117, LONG, 9_000, 8)], rows=1),
        **{f"turned {number}": tiff(8, 6, bytes(48), [(0x112, SHORT, 1, number)]) for number in (0, 5, 9)},
    }


def gif(width: int, height: int, *parts: bytes) -> bytes:
    """A GIF of two colours with these parts."""
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff" + b"".join(parts) + b";"


def gif_frame(width: int = 1, height: int = 1, at: int = 0, lzw: bytes = b"\x02\x02D\x01\0") -> bytes:
    """A picture of a GIF."""
    return struct.pack("<cHHHHB", b",", at, at, width, height, 0) + lzw


def others() -> dict[str, bytes]:
    """GIF, WebP, BMP and MPO files with too much in each."""
    comment = b"\x21\xfe" + (b"\xff" + b"x" * 255) * 80_000 + b"\0"
    frames = [noise(8, 8).rotate(angle) for angle in range(1_000)]
    rle = (
        struct.pack("<2sIHHI", b"BM", 0, 0, 0, 54 + 1024)
        + struct.pack("<IiiHHIIiiII", 40, 5_000, 4_000, 1, 8, 1, 0, 0, 0, 256, 0)
        + bytes(1024)
    )
    wide = (
        struct.pack("<2sIHHI", b"BM", 0, 0, 0, 54 + 1024)
        + struct.pack("<IiiHHIIiiII", 40, 30_000_000, 1, 1, 8, 1, 0, 0, 0, 256, 0)
        + bytes(1024)
    )
    raw = struct.pack("<2sIHHI", b"BM", 0, 0, 0, 54) + struct.pack(
        "<IiiHHIIiiII", 40, 50_000, 50_000, 1, 24, 0, 0, 0, 0, 0, 0
    )
    return {
        "GIF of 65,535×65,535": gif(65_535, 65_535, gif_frame()),
        "GIF of 10,000 frames": gif(8, 8, gif_frame() * 10_000),
        "GIF of 30 megapixels": written(Image.new("P", (6_000, 5_000)), "GIF"),
        "GIF of 30 megapixels, cut off": gif(6_000, 5_000, gif_frame(6_000, 5_000)),
        "GIF with a frame beyond its edge": gif(8, 8, gif_frame(65_535, 65_535, 9)),
        "GIF with a comment of 20 MB": gif(8, 8, comment, gif_frame()),
        "GIF with a million extensions": gif(8, 8, b"\x21\xf9\x04\0\0\0\0\0" * 500_000, gif_frame()),
        "GIF without a picture": gif(8, 8),
        "GIF of codes that are none": gif(8, 8, gif_frame(8, 8, lzw=b"\x0c\x04\xff\xff\xff\xff\0")),
        "WebP of 1,000 frames": written(frames[0], "WEBP", save_all=True, append_images=frames[1:]),
        "WebP of 16,383×16,383": _webp(16_383, 16_383),
        "WebP of 16 megapixels": written(Image.new("RGB", (4_000, 4_000)), "WEBP", lossless=True, method=0),
        "WebP of 25 megapixels": written(Image.new("RGB", (5_000, 5_000)), "WEBP", lossless=True, method=0),
        "MPO of 1,000 pictures": written(frames[0], "MPO", save_all=True, append_images=frames[1:]),
        "BMP of 50,000×50,000": raw,
        "BMP of a negative height": raw.replace(struct.pack("<i", 50_000), struct.pack("<i", -8)) + bytes(600_000),
        "BMP in runs of one": rle + b"\x01\0" * 10_000_000,
        "BMP that skips 255 rows at once": wide + b"\0\2\xff\xff" * 1_000,
        "BMP that skips within its size": rle + b"\0\2\xff\xff" * 1_000,
        "BMP of two billion colours": raw[:46] + b"\xff\xff\xff\x7f" + raw[50:],
    }  # fmt: skip


def _webp(width: int, height: int) -> bytes:
    said = b"\x2f" + struct.pack("<I", (width - 1) | (height - 1) << 14)
    whole = b"WEBP" + b"VP8L" + struct.pack("<I", len(said) + 1_000) + said + bytes(1_000)
    return b"RIFF" + struct.pack("<I", len(whole)) + whole


def pretenders() -> dict[str, bytes]:
    """Files that are something else, or two things at once."""
    good = written(noise(160, 120))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../../evil.txt", "x" * 1_000)
    heic = b"\0\0\0\x18ftypheic\0\0\0\0heicmif1" + bytes(30_000)
    return {
        "nothing": b"", "one byte": b"\xff", "two bytes": b"\xff\xd8", "zeros": bytes(4_096), "ones": b"\xff" * 4_096,
        "HEIC": heic, "MP4": b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + bytes(300_000),
        "HTML": b"<!doctype html><script>alert(1)</script>", "SVG": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "ZIP": packed.getvalue(), "JPEG and ZIP": good + packed.getvalue(), "PDF and JPEG": b"%PDF-1.7\n" + good,
        "JPEG and PDF": good + b"%PDF-1.7\n%%EOF", "ELF": b"\x7fELF" + bytes(900), "gzip": zlib.compress(bytes(9_000)),
        "GIF and JavaScript": b"GIF89a/*" + bytes(30) + b"*/=1;alert(1)//" + bytes(300),
        "JPEG and HTML": good[:2] + b"\xff\xfe\0\x1c<script>alert(1)</script>x" + good[2:],
        "two JPEGs": good + good, "JPEG behind its thumbnail": good[:2] + b"\xff\xe1\x10\0" + good[:0x0FFE] + good[2:],
        "text": "Жёлтый 雪豹".encode(), "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        "a picture of Photoshop": b"8BPS\0\1" + bytes(300), "an icon": b"\0\0\1\0\1\0" + bytes(300),
    }  # fmt: skip


def damaged() -> dict[str, bytes]:
    """Whole files of every format, cut at every sixteenth, and with bits turned at random."""
    picture = noise(160, 120)
    whole = {form: written(picture, form) for form in ("JPEG", "PNG", "TIFF", "WEBP", "BMP", "GIF")}
    whole["progressive"] = written(picture, progressive=True)
    whole["MPO"] = written(picture, "MPO", save_all=True, append_images=[picture])
    whole["LZW"] = written(picture, "TIFF", compression="tiff_lzw")
    found = {}
    for number, (form, data) in enumerate(whole.items()):
        cuts = [len(data) * part // 16 for part in range(16)]
        found |= {f"{form} cut at {part} of 16": data[:cut] for part, cut in enumerate(cuts) if part}
        chance = np.random.default_rng(number)
        for seed, bits in enumerate((1, 3, 10, 100, 1_000)):
            turned = bytearray(data)
            for place in chance.integers(0, 8 * len(data), bits):
                turned[place // 8] ^= 1 << place % 8
            found[f"{form} with {bits} bits turned, {seed}"] = bytes(turned)
        found |= {
            f"{form} without bytes {low} to {high}": data[:low] + data[high:] for low, high in pairwise(cuts[::5])
        }
    return found
