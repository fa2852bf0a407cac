"""Bytes that nobody thought of, guided by the code they reach: into the EXIF reader, the decoder of images, messages.

    python -m bench.fuzz exif --executions 1000000

Atheris (libFuzzer) needs Linux. What is found is kept in build/fuzz, beside what it learnt; a crash ends the run.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import warnings
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bench import figures
from shared.errors import BadMessage

if TYPE_CHECKING:
    from shared.alert import Errand
    from shared.day import Ask
    from shared.frame import Frame
    from shared.retraining import Retraining

KEPT = Path(__file__).parents[1] / "build" / "fuzz"
INSTRUMENTED = ("shared", "PIL.TiffImagePlugin", "json.decoder", "datetime")
LONGEST = {"exif": 4_096, "image": 8_192, "messages": 2_048}
NOW = datetime(2026, 2, 1, 8)  # noqa: DTZ001 - UTC, as featurize gives it


def exif(data: bytes) -> None:
    """Any EXIF block has times, each of which is believed or not; any note of a maker has a date or none."""
    from PIL import Image

    from shared import captured
    from shared.exif import read
    from shared.reconyx import date

    image = Image.new("L", (1, 1))
    image.info["exif"] = b"Exif\0\0" + data
    said = read(image)
    captured.believe((*said.times, captured.Said("name", captured.from_name(date(data)))), NOW)


def image(data: bytes) -> None:
    """Any bytes are a picture, of which there is a preview, or corrupt."""
    from shared.image import Corrupt, decode, preview

    picture, _ = decode(data, 32)
    if not isinstance(picture, Corrupt):
        preview(picture.pixels, 32)


def messages(data: bytes) -> None:
    """Any message is what its queue is for, and can be kept and sent on, or a BadMessage; its trace is one or none."""
    from shared.alert import Errand
    from shared.day import Ask
    from shared.frame import Frame
    from shared.retraining import Retraining
    from shared.trace import Trace

    said: Mapping[int, Callable[[bytes], Frame | Ask | Errand | Retraining]] = {
        0: Frame.decode, 1: Ask.decode, 2: Errand.decode, 3: Retraining.decode,
    }  # fmt: skip
    body = data[1:]
    trace = Trace.of(body)
    try:
        found = said[data[0] % 4 if data else 0](body)
    except BadMessage:
        return
    trace.beside(found.encode()).encode()
    if isinstance(found, Frame):
        _kept(found)


def _kept(frame: Frame) -> None:
    from shared.errors import LimitExceeded
    from shared.frame import check_key
    from shared.rows import frame_of, frame_row

    check_key(frame.row_key)
    try:
        row = frame_row(frame)
    except LimitExceeded:
        return
    if frame_of(row) != frame:
        raise ValueError("a frame that is kept is another")


def seeds(target: str) -> list[bytes]:
    """What the search begins with: whole blocks, files and messages, made here."""
    import io

    from PIL import Image

    from shared.alert import Errand
    from shared.day import Ask
    from shared.frame import Frame
    from shared.retraining import Retraining

    if target == "messages":
        plain = {"camera": "cam", "path": "cam/a.jpg", "digest": "0f" * 32}
        frame = Frame(**plain, features=b"\0<\0<", scores={"a": 0.5}, head="h", captured_at=NOW)  # type: ignore[arg-type]
        others: tuple[Frame | Ask | Errand | Retraining, ...] = (
            Ask("cam", "20260131"),
            Errand("cam", "20260131T120000000000~0f~1a"),
            Retraining(by="Ana", aim="a=1"),
        )
        return [bytes([number]) + text.encode() for number, text in enumerate(one.encode() for one in (frame, *others))]
    block = Image.Exif()
    block[0x0112], block[0x0132] = 6, "2026:01:31 17:05:09"
    note = b"\x01\xf1".ljust(0x16, b"\0") + b"\5\0" * 6
    block.get_ifd(0x8769).update({0x9003: "2026:01:31 17:05:09", 0x9291: "25", 0x927C: note})
    if target == "exif":
        return [block.tobytes()[6:], note, b"RECONYXH2\0".ljust(0x3E, b"\0") + b"\5\0" * 6]
    found = []
    for form in ("JPEG", "PNG", "TIFF", "WEBP", "BMP", "GIF"):
        file = io.BytesIO()
        Image.new("RGB", (16, 12), "red").save(file, form, exif=block)
        found.append(file.getvalue())
    return found


TARGETS: dict[str, Callable[[bytes], None]] = {"exif": exif, "image": image, "messages": messages}


def search(target: str, executions: int) -> None:
    """Runs the search in this process, which ends with it."""
    import atheris

    warnings.simplefilter("ignore")  # Pillow warns of broken blocks
    with atheris.instrument_imports(include=list(INSTRUMENTED)):
        import shared.alert
        import shared.image
        import shared.retraining
        import shared.rows  # noqa: F401

    corpus = KEPT / target
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds(target)):
        (corpus / f"seed {number}").write_bytes(seed)
    options = [f"-runs={executions}", f"-max_len={LONGEST[target]}", f"-artifact_prefix={KEPT}/{target} "]
    atheris.Setup([sys.argv[0], str(corpus), *options, "-timeout=10", "-rss_limit_mb=2048"], TARGETS[target])
    atheris.Fuzz()


def main() -> int:
    """Runs the search in a process of its own and keeps its figures; 0 where nothing was found."""
    said = argparse.ArgumentParser(prog="python -m bench.fuzz", description=(__doc__ or "").partition("\n")[0])
    said.add_argument("target", choices=TARGETS)
    said.add_argument("--executions", type=int, default=1_000_000)
    said.add_argument("--here", action="store_true", help="in this process, which libFuzzer ends")
    asked = said.parse_args()
    if asked.here:
        search(asked.target, asked.executions)
    began = datetime.now(UTC)
    command = [sys.executable, "-m", "bench.fuzz", asked.target, "--executions", str(asked.executions), "--here"]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, errors="replace", check=False)
    counted = re.findall(r"^Done (\d+) runs|^#(\d+)\s", done.stderr, re.MULTILINE)
    executions = max((int(number) for pair in counted for number in pair if number), default=0)
    seconds = round((datetime.now(UTC) - began).total_seconds())
    crashes = int(done.returncode != 0)
    numbers: figures.Figures = {"executions": executions, "seconds": seconds, "crashes": crashes}
    figures.keep(f"fuzz_{asked.target}", **numbers)
    print(figures.line(f"fuzz {asked.target}", numbers))  # noqa: T201
    if crashes:
        print(done.stderr[-3_000:], file=sys.stderr)  # noqa: T201
    return crashes


if __name__ == "__main__":
    sys.exit(main())
