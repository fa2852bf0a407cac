"""Looking at a local stack while it works: memory of its processes, disk, queues and frames."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from bench.steady import Sample
from cli.stack import Stack
from shared.store import Store

LOOK_SECONDS = 2.0


@contextmanager
def watched(look: Callable[[], Sample], note: Callable[[Sample], None]) -> Iterator[list[Sample]]:
    """The samples of a stack, more and more of them until the end of the block; each is noted as it comes."""
    samples: list[Sample] = []
    stopping = Event()

    def watch() -> None:
        while not stopping.is_set():
            began = time.monotonic()
            samples.append(look())
            note(samples[-1])
            # Counting is work for the stack that is measured: it may take a twentieth of its time.
            stopping.wait(max(LOOK_SECONDS, 20 * (time.monotonic() - began)))

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield samples
    finally:
        stopping.set()
        watcher.join()


def sample(local: Stack, host: int, data: Path, tables: Store, *, uploaded: int, seconds: float) -> Sample:
    """A stack as it is now, so many seconds after its start; its host is the process of this number."""
    own, children = resident(host)
    return Sample(
        seconds=seconds,
        uploaded=uploaded,
        frames=sum(1 for _ in tables.frame_keys()),
        host_mb=own,
        azurite_mb=children,
        disk_gb=disk(data),
        waiting=sum(local.status()["waiting"].values()),
    )


def resident(process: int) -> tuple[float, float]:
    """Memory of a process and of its children, in MB."""
    listed = subprocess.run(["/bin/ps", "-A", "-o", "pid=,ppid=,rss="], capture_output=True, text=True, check=True)
    rows = [[int(cell) for cell in line.split()] for line in listed.stdout.splitlines()]
    own = sum(kilobytes for pid, _, kilobytes in rows if pid == process)
    return own / 1024, sum(kilobytes for _, parent, kilobytes in rows if parent == process) / 1024


def disk(folder: Path) -> float:
    """What the files of a folder take, in GB; one that goes meanwhile takes nothing."""
    total = 0
    for file in folder.rglob("*"):
        try:
            total += file.stat().st_blocks * 512
        except FileNotFoundError:
            continue
    return total / 1e9
