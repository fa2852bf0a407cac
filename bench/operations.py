"""How often the pipeline asks storage for each image, by kind, with real images on a real stack: `bench.operations`.

`python -m bench.operations` puts a proxy between the local stack and Azurite that counts, and passes on, each request.
The images are ten cameras' single days, in bursts of three, about what one camera in the field takes in a day. What is
there only because Azurite is no Azure is told apart: the local host lists images where Event Grid tells of them.
"""

from __future__ import annotations

import json
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from bench import archive, command, complete, figures, photographs, stood_up
from bench.chaos.faults import Faults
from bench.chaos.proxy import Proxy
from bench.chaos.stage import ports_of, through_proxy
from bench.load import PICTURES, Progress, rest, show, upload
from bench.requests import Counted, apart, by_bill, by_step
from cli import backbones, stack, storage
from cli.stack import Stack
from shared import connect
from shared.entity import row_bytes
from shared.errors import UnciaError
from shared.head import Head
from shared.settings import Settings

HANG_SECONDS = 60.0
QUIET_SECONDS = 20.0
# As on Azure: the local stack's two seconds would ask for a day again and again while its card is read.
SETTLE = "30"
KEPT = ("frames", "days", "labels")


@dataclass(frozen=True, slots=True)
class Seen:
    """What a run of the stack over counting storage came to."""

    images: int
    working: Counter[str]  #: requests while there was something to do, the upload's own included
    quiet: Counter[str]  #: requests of QUIET_SECONDS without anything to do
    seconds: float  #: from the first upload to the last label
    row_bytes: Mapping[str, int]  #: what the rows of each table take, as storage counts them
    processor_seconds: float  #: of the host, for all images
    found: figures.Figures  #: whether anything is missing or wrong


def operations(
    images: Annotated[int, typer.Option(min=10, help="How many images.")] = 300,
    out: Annotated[Path | None, typer.Option("--json", metavar="OUT.json", help="File for every kind of it.")] = None,
) -> None:
    """Count what the pipeline asks of storage for each image, and what it asks when there is nothing to do.

    Example: python -m bench.operations --images 60
    """
    settings = Settings.from_env()
    with TemporaryDirectory(prefix="uncia-operations-") as folder:
        seen = run(Path(folder), images, settings)
    told = counted(seen)
    figures.keep("operations", **told)
    if out:
        out.write_text(json.dumps({"working": seen.working, "quiet": seen.quiet}, indent=1, sort_keys=True) + "\n")
    show(told)
    if complaint := complete.wrong(seen.found | {"steady": "yes"}):
        raise UnciaError(complaint)


def counted(seen: Seen) -> figures.Figures:
    """What one image asks for, by bill, by step and by kind; what only the local stack asks, and idleness, apart."""
    kinds, images = seen.working, seen.images
    each = {kind: number / images for kind, number in sorted(kinds.items()) if not apart(kind)}
    empty = sum(number for kind, number in kinds.items() if kind.startswith("empty"))
    local = sum(number for kind, number in kinds.items() if kind.startswith("local"))
    return {
        "images": images,
        "frames_a_day": images / photographs.CAMERAS,
        "seconds": round(seen.seconds, 1),
        "requests_an_image": round(sum(each.values()), 3),
        **{f"{bill}_requests_an_image": round(number / images, 3) for bill, number in by_bill(kinds).items()},
        **{f"requests_of_{step}": round(number, 2) for step, number in by_step(kinds, images).items()},
        "finalizations_an_image": round(kinds["delete message sequences"] / images, 4),
        **{kind.replace(" ", "_"): round(number, 4) for kind, number in each.items()},
        "empty_looks_an_image": round(empty / images, 3),
        "local_requests_an_image": round(local / images, 3),
        "requests_a_second_when_quiet": round(seen.quiet.total() / QUIET_SECONDS, 2),
        **{f"bytes_of_{table}_an_image": round(size / images) for table, size in seen.row_bytes.items()},
        "host_processor_seconds_an_image": round(seen.processor_seconds / images, 4),
    }


def run(folder: Path, images: int, settings: Settings) -> Seen:
    """Puts the images through a stack over counting storage, and looks on for a while when all is done."""
    counting, progress = Counted(), Progress(images)
    pictures = photographs.drawn(PICTURES)
    recipe = backbones.chosen(settings, None)
    content = archive.head(recipe, backbones.load(settings).n_features)
    with storage_that_counts(folder, counting) as (direct, through):
        environment = backbones.environment(settings, recipe) | {"Storage": through, "UNCIA_SETTLE_SECONDS": SETTLE}
        with stack.started(folder / "host", environment) as (local, host):
            storage.heads({"connection": direct}).publish(content)
            beside = Stack(local.url, {"connection": direct})
            before, began, spent = counting.so_far(), time.monotonic(), processor_seconds(host)
            progress.frames = images  # nobody counts frames here: all is uploaded as fast as it goes
            upload(photographs.photographs(pictures, images), storage.images({"connection": through}), progress)
            rest(beside, host, folder / "host")
            working, seconds = counting.so_far() - before, time.monotonic() - began
            spent = processor_seconds(host) - spent
            quiet = quietly(counting)
        tables = storage.store({"connection": direct})
        failed = sum(1 for _ in storage.failures({"connection": direct}).all())
        found = complete.checked(tables, Head(content), settings.limits, images, failed)
        return Seen(images, working, quiet, seconds, sizes(direct), spent, found)


def quietly(counting: Counted) -> Counter[str]:
    """What is asked of storage in a while without anything to do; the host has backed off by then."""
    before = counting.so_far()
    time.sleep(QUIET_SECONDS)
    return counting.so_far() - before


@contextmanager
def storage_that_counts(folder: Path, counting: Counted) -> Iterator[tuple[str, str]]:
    """Azurite behind a proxy: its connection strings past the proxy and through it."""
    (folder / "storage").mkdir()
    with stood_up.azurite(folder / "storage") as direct:
        proxy = Proxy(ports_of(direct), Faults(0.0, 1), hang=HANG_SECONDS, seed=1, heard=counting.heard)
        proxy.start()
        try:
            yield direct, through_proxy(direct, proxy)
        finally:
            proxy.stop()


def sizes(connection: str) -> dict[str, int]:
    """What the rows of each table take, in bytes as storage counts them."""
    service = connect.tables({"connection": connection})
    return {name: sum(row_bytes(dict(row)) for row in service.get_table_client(name).list_entities()) for name in KEPT}


def processor_seconds(process: subprocess.Popen[str]) -> float:
    """CPU time of a process so far, without its children; as ps says it, in whole seconds."""
    listed = subprocess.run(
        ["/bin/ps", "-o", "time=", "-p", str(process.pid)], capture_output=True, text=True, check=True
    )
    days, _, clock = listed.stdout.strip().rpartition("-")
    seconds = 0.0
    for part in clock.split(":"):
        seconds = seconds * 60 + float(part)
    return seconds + 86_400 * int(days or 0)


if __name__ == "__main__":
    command.run(operations)
