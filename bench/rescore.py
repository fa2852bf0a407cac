"""How fast a stored archive is labelled by a new head: `make bench`, or `python -m bench.rescore --help`."""

from __future__ import annotations

import json
import shutil
import signal
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.progress import Progress
from rich.table import Table

from bench import archive, command, plain, settling
from cli import files, screen
from shared.errors import UnciaError

CORES = 2
# Of a row: its features, and its share of a label and of what Parquet adds.
ROW_BYTES = 2 * archive.N_FEATURES + 500
# Cameras that the naive way is timed on: a second or two.
NAIVE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a run took, and what one process that scores frame after frame would take."""

    rows: int
    labels: int
    cores: int
    seconds: float
    cpu_seconds: float  #: of all processes: what neighbours on the machine do not change much
    rows_per_second: int
    peak_mb: int  #: the highest memory of each worker, added up
    naive_rows: int  #: that the naive way was timed on
    naive_seconds: float  #: for all rows, extrapolated from those
    times_faster: float


def rescore(
    rows: Annotated[int, typer.Option(min=1, help="How many stored feature vectors.")] = 1_000_000,
    out: Annotated[Path | None, typer.Option("--json", metavar="OUT.json", help="File for the figures.")] = None,
    folder: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where to make the archive, which is removed in the end.")
    ] = None,
) -> None:
    """Label an archive of made-up features by a new head, and say what that took.

    Example: python -m bench.rescore --rows 100000 --json figures.json
    """
    if out:
        files.check(out)
    with TemporaryDirectory(prefix="uncia-bench-", dir=folder) as place, screen.progress() as bars:
        found = measured(Path(place), rows, bars)
    show(found)
    if out:
        files.write(out, json.dumps(asdict(found), indent=1).encode())


def measured(folder: Path, rows: int, bars: Progress) -> Measured:
    """Makes an archive, labels it, and compares with the plain way on its first camera; raises UnciaError."""
    check_space(folder, rows)
    each = [min(archive.ROWS, rows - first) for first in range(0, rows, archive.ROWS)]
    cameras = range(len(each))
    shared_out(bars, "making", partial(archive.write, folder), cameras, each)
    began, busy = time.perf_counter(), settling.children_seconds()
    done = shared_out(bars, "re-scoring", partial(settling.settle, folder), cameras)
    seconds, busy = time.perf_counter() - began, settling.children_seconds() - busy
    peaks = {one.process: one.peak for one in done}
    check_labels(folder)
    sample = each[:NAIVE]
    slow = naively(folder, range(len(sample))) / sum(sample) * rows
    return Measured(
        rows=rows,
        labels=sum(one.labels for one in done),
        cores=CORES,
        seconds=round(seconds, 2),
        cpu_seconds=round(busy, 2),
        rows_per_second=round(rows / seconds),
        peak_mb=round(sum(peaks.values()) / 1e6),
        naive_rows=sum(sample),
        naive_seconds=round(slow, 2),
        times_faster=round(slow / seconds, 1),
    )


def check_space(folder: Path, rows: int) -> None:
    """Raises UnciaError where the disk has no room for so many rows."""
    free, needed = shutil.disk_usage(folder).free, rows * ROW_BYTES
    if free < needed:
        raise UnciaError(
            f"{rows:,} rows take {needed / 1e9:,.1f} GB, and {folder.parent} has {free / 1e9:.1f} GB free: "
            "say fewer --rows or another --folder"
        )


def shared_out[T](bars: Progress, what: str, work: Callable[..., T], *each: Sequence[int]) -> list[T]:
    """What the work gives for each camera, done by as many new processes as there are cores to use."""
    # Spawned: a forked process would have this one's memory for its own.
    leave_ctrl_c = (signal.SIGINT, signal.SIG_IGN)
    pool = ProcessPoolExecutor(CORES, get_context("spawn"), signal.signal, leave_ctrl_c)
    try:
        return [*bars.track(pool.map(work, *each), total=len(each[0]), description=what)]
    finally:
        pool.shutdown(cancel_futures=True)


def check_labels(folder: Path) -> None:
    """Raises UnciaError where the first camera's labels are not those that the plain way gives."""
    found = plain.labelled(archive.read(folder, 0), settling.head())
    if wrong := plain.different(settling.written(folder, 0), found):
        raise UnciaError(f"{wrong:,} of {len(found):,} sequences are not labelled as the plain way labels them")


def naively(folder: Path, cameras: Iterable[int]) -> float:
    """Seconds that some cameras take one process that scores frame after frame."""
    began = time.perf_counter()
    for camera in cameras:
        settling.settle(folder, camera, settling.one_by_one)
    return time.perf_counter() - began


def show(found: Measured) -> None:
    """The figures as a table, on stdout."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("", "rows", "seconds", "rows/s", "memory"):
        table.add_column(column, justify="right" if column else "left")
    ways = (
        (f"in batches, {found.cores} processes", found.seconds, f"{found.peak_mb:,} MB"),
        (f"row by row, 1 process, extrapolated from {found.naive_rows:,}", found.naive_seconds, ""),
    )
    for way, seconds, memory in ways:
        table.add_row(way, f"{found.rows:,}", f"{seconds:,.1f}", f"{found.rows / seconds:,.0f}", memory)
    screen.out(table)
    screen.note(
        f"{screen.counted(found.labels, 'label')}, {found.times_faster:g} times as fast as row by row in one process"
    )


if __name__ == "__main__":
    command.run(rescore)
