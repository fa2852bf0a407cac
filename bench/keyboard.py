"""A thousand sequences reviewed by keys alone, in Chromium, on the real stack: `python -m bench.keyboard --help`."""

from __future__ import annotations

import hashlib
import io
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright
from rich.progress import Progress
from rich.table import Table

from bench import archive
from bench.chromium import launched
from cli import screen, stack, storage
from functions import relabel
from shared.day import Ask
from shared.errors import UnciaError
from shared.frame import Frame
from shared.store import Store

CAMERA, FRAMES = "Ridge", 3
BEGIN = datetime(2026, 1, 1)  # noqa: DTZ001 - local wall time
# Playwright measures in milliseconds.
PATIENCE = 60_000


def keyboard(
    sequences: Annotated[int, typer.Option(min=1, help="How many sequences to review.")] = 1_000,
) -> None:
    """Review made-up sequences in a browser without a mouse, and see that every verdict is kept.

    Example: python -m bench.keyboard --sequences 200
    """
    with (
        TemporaryDirectory(prefix="uncia-bench-") as place,
        screen.progress() as bars,
        stack.started(Path(place), {}) as (running, _),
    ):
        tables = storage.store(running.storage)
        fill(running, tables, sequences)
        with sync_playwright() as playwright:
            tab = launched(playwright).new_page()
            pressing, saving, loads = reviewed(tab, running.url, sequences, bars)
        check(tables, sequences)
    table = Table("", "")
    table.add_row("sequences reviewed, each verdict found in storage", f"{sequences:,}")
    table.add_row("pages loaded", str(loads))
    table.add_row("seconds of pressing keys", f"{pressing:.1f}")
    table.add_row("seconds until the last was saved", f"{saving:.1f}")
    screen.out(table)


def fill(running: stack.Stack, tables: Store, sequences: int) -> None:
    """Stores frames, and has the functions label them; raises UnciaError where that takes too long."""
    head = storage.heads(running.storage).publish(archive.head())
    days = set[str]()
    for frame in frames(sequences, head.version):
        tables.write_frame(frame, "")
        days.add(frame.day)
    for day in days:
        relabel.ask(Ask(CAMERA, day), tables, storage.sequences(running.storage), datetime.now(UTC))
    end = time.monotonic() + PATIENCE / 1_000
    while len(tables.sequence_ids(CAMERA)) < sequences or not running.at_rest(0):
        if time.monotonic() > end:
            raise UnciaError(f"after {PATIENCE // 1_000} s only {len(tables.sequence_ids(CAMERA)):,} are labelled")
        time.sleep(0.2)


def frames(sequences: int, head: str) -> Iterator[Frame]:
    """Bursts of three, ten minutes apart; the likeliest class is sure enough to be accepted."""
    file = io.BytesIO()
    Image.new("RGB", (320, 240), "olive").save(file, "JPEG")
    for number in range(sequences * FRAMES):
        sequence, shot = divmod(number, FRAMES)
        likeliest = archive.CLASSES[sequence % len(archive.CLASSES)]
        yield Frame(
            camera=CAMERA,
            path=f"{CAMERA}/IMG_{number:05}.JPG",
            digest=hashlib.sha256(f"{number}".encode()).hexdigest(),
            captured_at=BEGIN + timedelta(minutes=10 * sequence, seconds=2 * shot),
            recipe=str(archive.RECIPE),
            features=bytes(2 * archive.N_FEATURES),
            scores={name: 0.85 if name == likeliest else 0.05 for name in archive.CLASSES},
            head=head,
            preview=file.getvalue(),
        )


def reviewed(tab: Page, url: str, sequences: int, bars: Progress) -> tuple[float, float, int]:
    """Seconds of pressing keys and until all was saved, and how many pages were loaded for it."""
    loads: list[str] = []
    tab.on("framenavigated", lambda frame: loads.append(frame.url))
    tab.add_init_script("localStorage.setItem('uncia.name', 'Ana')")
    tab.goto(f"{url}/api/review?order=oldest")
    began = time.perf_counter()
    for number in bars.track(range(sequences), description="reviewing"):
        current = tab.locator(f".tile:nth-child({number + 1})[aria-current=true]")
        current.wait_for(timeout=PATIENCE)
        tab.keyboard.press("b" if number % 3 == 0 else "a")
    pressing = time.perf_counter() - began
    expect(tab.locator("#saved")).to_have_text("All saved", timeout=PATIENCE)
    return pressing, time.perf_counter() - began, len(loads)


def check(tables: Store, sequences: int) -> None:
    """Raises UnciaError where a verdict is not as it was given."""
    for number, label in enumerate(tables.all_labels(CAMERA)):
        said, given = label.judgement, "blank" if number % 3 == 0 else label.label
        if said is None or said.text != given or not said.complete or said.by != "Ana":
            raise UnciaError(f"sequence {number + 1} of {sequences:,} should be {given!r} and is {said}")


if __name__ == "__main__":
    typer.run(keyboard)
