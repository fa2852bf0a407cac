"""Images through the whole pipeline on this machine: how many a second, and whose processor time it is."""

from __future__ import annotations

import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import archive, complete, load, photographs
from bench.load import Progress
from bench.networks import Networks
from bench.outcome import Cell, Outcome
from cli import stack, storage
from shared.backbone import Backbone
from shared.errors import UnciaError
from shared.head import Head
from shared.recipe import Recipe
from shared.settings import Settings


@dataclass(frozen=True, slots=True)
class Passed:
    """A run of images through the local stack."""

    images: int
    seconds: float
    host: float  #: CPU seconds of the host, which featurizes, aggregates and finalizes
    azurite: float
    uploads: float  #: of this process


def measure(networks: Networks, pictures: list[bytes], images: int, cores: int) -> Outcome:
    """The same images with the int8 network and with the float one, each over a storage of its own."""
    files = {"int8": networks.int8, "float": networks.exact}
    return told({name: passed(file, pictures, images) for name, file in files.items()}, cores)


def passed(network: Path, pictures: list[bytes], images: int) -> Passed:
    """Uploads them, and waits until all labels are there; raises UnciaError where something is missing or wrong."""
    backbone = Backbone.load(network, 1)
    content = archive.head(Recipe(backbone.sha256), backbone.n_features)
    progress = Progress(images, frames=images)  # nobody counts frames here: all is uploaded as fast as it goes
    with TemporaryDirectory(prefix="uncia-pipeline-") as folder:
        data = Path(folder)
        with stack.started(data, {"UNCIA_BACKBONE": str(network)}) as (local, host):
            storage.heads(local.storage).publish(content)
            before, began, own = spent(host.pid), time.perf_counter(), time.process_time()
            load.upload(photographs.photographs(pictures, images), storage.images(local.storage), progress)
            load.rest(local, host, data)
            seconds, after, own = time.perf_counter() - began, spent(host.pid), time.process_time() - own
            failed = sum(1 for _ in storage.failures(local.storage).all())
            tables = storage.store(local.storage)
            found = complete.checked(tables, Head(content), Settings.from_env().limits, images, failed)
    if complaint := complete.wrong(found | {"steady": ""}):
        raise UnciaError(complaint)
    return Passed(images, seconds, after[0] - before[0], after[1] - before[1], own)


def spent(process: int) -> tuple[float, float]:
    """CPU seconds of a process and of its children."""
    listed = subprocess.run(["/bin/ps", "-A", "-o", "pid=,ppid=,time="], capture_output=True, text=True, check=True)
    rows = [line.split() for line in listed.stdout.splitlines()]
    own = sum(seconds(time) for pid, _, time in rows if int(pid) == process)
    return own, sum(seconds(time) for _, parent, time in rows if int(parent) == process)


def seconds(time: str) -> float:
    """Seconds of what `ps` says: `[days-]hours:minutes:seconds`, or without hours on some systems."""
    days, _, clock = time.rpartition("-")
    total = 0.0
    for part in clock.split(":"):
        total = 60 * total + float(part)
    return total + 86_400 * int(days or 0)


def told(found: dict[str, Passed], cores: int) -> Outcome:
    """Images a second, and the share of each in the processor time of all."""
    rows: list[tuple[Cell, ...]] = []
    for name, one in found.items():
        total = one.host + one.azurite + one.uploads
        shares = (f"{share / total:.0%}" for share in (one.host, one.azurite, one.uploads))
        rows.append((name, one.images, one.seconds, one.images / one.seconds, total / one.images, *shares))
    return Outcome(
        name="pipeline",
        columns=(
            f"the whole pipeline on {cores} cores", "images", "seconds", "images a second", "CPU seconds an image",
            "the host's", "Azurite's", "the upload's",
        ),
        rows=rows,
        note="The seconds end when the host has looked twice for more, and found nothing.",
    )  # fmt: skip
