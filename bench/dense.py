"""What a camera costs that fires every second for a day: `python -m bench.dense --help`."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich import box
from rich.table import Table

from bench import command, crowd, feed, figures
from bench.crowd import PATTERNS, SETTLE, Settled
from cli import files, screen
from devhost.azurite import Azurite
from shared.day import Day, pause
from shared.label import labels
from shared.sequence import Limits

SIZES = (1_000, 10_000, 86_400)
Sizes = Annotated[
    list[int] | None, typer.Option("--frames", min=100, max=86_400, help="How many frames; several times.")
]


def dense(
    sizes: Sizes = None,
    out: Annotated[Path | None, typer.Option("--json", metavar="OUT.json", help="File for the figures.")] = None,
) -> None:
    """Group, label and finalize days of a frame a second, and say what that costs for each number of frames.

    Example: python -m bench.dense --frames 1000 --frames 10000
    """
    if out:
        files.check(out)
    chosen = sorted(sizes or SIZES)
    found: figures.Figures = {}
    found |= core(chosen)
    found |= stored(chosen)
    found |= live(chosen)
    figures.keep("dense", **summed(found, chosen))
    if out:
        files.write(out, json.dumps(found, indent=1).encode())


def summed(found: figures.Figures, sizes: Sequence[int]) -> figures.Figures:
    """What documents show: each cost for every number of frames, and how it grows (1: twice as many cost twice)."""
    costs = {
        "labelling_equal_gaps_cpu_seconds": "core_equal_{}_seconds",
        "labelling_rising_gaps_cpu_seconds": "core_rising_{}_seconds",
        "finalizing_first_cpu_seconds": "first_{}_cpu_seconds",
        "finalizing_first_requests": "first_{}_requests",
        "finalizing_after_a_late_frame_cpu_seconds": "late_{}_cpu_seconds",
        "highest_mb": "peak_mb_{}",
        "frames_read_while_they_come": "live_{}_frames_read",
        "frames_read_without_pauses": "still_{}_frames_read",
    }
    told: figures.Figures = {"frames": " / ".join(f"{size:,}" for size in sizes)}
    for name, key in costs.items():
        cost = [float(found[key.format(size)]) for size in sizes]
        shown = " / ".join(figures.shown(number if number % 1 else int(number)) for number in cost)
        told[name] = f"{shown} (grows with power {power(sizes, cost):.2f})" if len(sizes) > 1 else shown
    return told


def power(sizes: Sequence[int], cost: Sequence[float]) -> float:
    """p where cost grows as size ** p between the two largest sizes: in small ones starting weighs more."""
    return math.log(cost[-1] / cost[-2]) / math.log(sizes[-1] / sizes[-2])


def core(sizes: Sequence[int]) -> figures.Figures:
    """Seconds of grouping and labelling alone, by pattern of gaps."""
    table = Table("CPU seconds of labelling, by gaps", *(f"{size:,} frames" for size in sizes), box=box.MARKDOWN)
    judge = crowd.head()
    found: figures.Figures = {}
    for name, times in PATTERNS.items():
        seconds = []
        for size in sizes:
            frames = [*crowd.frames(times(size), judge)]
            began = time.process_time()
            labels(frames, Limits(), judge)
            seconds.append(time.process_time() - began)
            found[f"core_{name}_{size}_seconds"] = round(seconds[-1], 3)
        table.add_row(name, *(f"{one:.2f}" for one in seconds))
    screen.out(table)
    return found


def stored(sizes: Sequence[int]) -> figures.Figures:
    """What finalizing costs over tables, each number of frames in storage and a process of its own."""
    columns = ("finalizing frames", "", "seconds", "CPU seconds", "requests", "labels", "told", "highest MB")
    table = Table(*columns, box=box.MARKDOWN)
    found: figures.Figures = {}
    for size in sizes:
        one = in_azurite(size)
        rest = (f"{one.labels:,}", f"{one.told:,}", f"{one.peak_mb:,}")
        for name, cost in (("first", one.first), ("again", one.again), ("late", one.late)):
            told = (f"{cost.seconds:,.1f}", f"{cost.cpu_seconds:,.1f}", f"{cost.requests:,}")
            table.add_row(f"{size:,}", name, *told, *rest)
            found |= {f"{name}_{size}_{what}": number for what, number in asdict(cost).items()}
        found |= {f"labels_{size}": one.labels, f"told_{size}": one.told, f"peak_mb_{size}": one.peak_mb}
    screen.out(table)
    return found


def in_azurite(size: int) -> Settled:
    """A day of so many frames in an Azurite of its own."""
    with TemporaryDirectory(prefix="uncia-dense-") as place:
        azurite = Azurite(Path(place))
        azurite.start()
        try:
            with ProcessPoolExecutor(1, get_context("spawn")) as pool:
                return pool.submit(crowd.settled, azurite.connection_string, size).result()
        finally:
            azurite.stop()


def live(sizes: Sequence[int]) -> figures.Figures:
    """What finalizing reads while frames come, with the pause as it is and with one that never grows."""
    columns = ("a frame a second", "pause", "finalizations", "frames read", "reads a frame", "longest wait, s")
    table = Table(*columns, box=box.MARKDOWN)
    found: figures.Figures = {}
    for size in sizes:
        for name, how in (("always 30 s", _still), ("as it is", pause)):
            one = feed.fed(size, SETTLE, how)
            each, wait = one.frames_read / size, one.longest_wait.total_seconds()
            row = (f"{one.finalizations:,}", f"{one.frames_read:,}", f"{each:,.0f}", f"{wait:,.0f}")
            table.add_row(f"{size:,}", name, *row)
            kind = "live" if how is pause else "still"
            found |= {f"{kind}_{size}_frames_read": one.frames_read, f"{kind}_{size}_longest_wait": round(wait)}
    screen.out(table)
    return found


def _still(day: Day | None, settle: timedelta) -> timedelta:
    return settle


if __name__ == "__main__":
    command.run(dense)
