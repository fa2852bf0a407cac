"""Ten thousand images through the local stack, and what becomes of its memory: `make load` (`python -m bench.load`)."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from operator import attrgetter
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Annotated

import typer
from rich import box
from rich.table import Table

from bench import archive, command, complete, figures, photographs, steady, timeline, watching
from bench.steady import Sample
from cli import backbones, files, screen, stack, storage
from shared.errors import UnciaError
from shared.head import Head
from shared.settings import Settings

if TYPE_CHECKING:
    from azure.storage.blob import ContainerClient

    from bench.photographs import Photograph
    from cli.stack import Stack

PICTURES = figures.FOLDER.parent / "load" / "pictures"
# Uploads run so far before the frames: a queue that is deep from the first minute to the last, as on a day on which
# ten people bring cards. All at once, the first thousands would share the processor with the upload and the last not.
AHEAD = 1_000
UPLOADS = 4
LINES = 10


@dataclass(slots=True)
class Progress:
    """How far a run has come: what was uploaded, and how many frames were last counted."""

    images: int
    began: float = field(default_factory=time.monotonic)
    uploaded: int = 0
    frames: int = 0
    _told: int = 0

    def note(self, one: Sample) -> None:
        """Says where a run stands at every tenth of it."""
        self.frames = one.frames
        if (tenth := one.frames * LINES // self.images) > self._told:
            self._told = tenth
            screen.note(
                f"{one.seconds:6,.0f} s: {one.frames:,} of {self.images:,} frames, {one.frames / one.seconds:.1f} a "
                f"second; host {one.host_mb:,.0f} MB, Azurite {one.azurite_mb:,.0f} MB; disk {one.disk_gb:.1f} GB"
            )


def load(
    images: Annotated[int, typer.Option(min=10, help="How many images.")] = 10_000,
    out: Annotated[
        Path | None, typer.Option("--json", metavar="OUT.json", help="File for figures and samples.")
    ] = None,
    picture: Annotated[Path | None, typer.Option(metavar="OUT.png", help="File for a picture of the run.")] = None,
    folder: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where to keep the stack's data meanwhile.")
    ] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Leave the stack's data behind.")] = False,
) -> None:
    """Send images of real size through the local stack, count what comes out, and watch its memory.

    Example: python -m bench.load --images 300
    """
    for file in filter(None, (out, picture)):
        files.check(file)
    settings = Settings.from_env()
    screen.warn(backbones.warning(settings))
    with place(folder, images, keep=keep) as data:
        samples, found = run(data, images, settings)
    figures.keep("load", **found)
    show(found)
    if out:
        files.write(out, json.dumps({"figures": found, "samples": [*map(asdict, samples)]}, indent=1).encode())
    if picture:
        timeline.draw(samples, images, picture)
    if complaint := complete.wrong(found):
        raise UnciaError(complaint)


@contextmanager
def place(folder: Path | None, images: int, *, keep: bool) -> Iterator[Path]:
    """A new folder for the stack's data, gone afterwards; raises UnciaError where there is no room for the images."""
    data = Path(mkdtemp(prefix="uncia-load-", dir=folder))
    try:
        # Previews and features add some 25 kB an image, and a database is written anew before the old one goes.
        free, need = shutil.disk_usage(data).free, images * (photographs.MEAN_BYTES + 50_000)
        if free < need:
            raise UnciaError(
                f"{images:,} images take {need / 1e9:.1f} GB, and {data.parent} has {free / 1e9:.1f} GB free: say "
                "fewer --images or another --folder"
            )
        yield data
        if keep:
            screen.note(f"the stack's data are in {data}")
    finally:
        if not keep:
            shutil.rmtree(data)


def run(data: Path, images: int, settings: Settings) -> tuple[list[Sample], figures.Figures]:
    """Puts the images through a stack over a folder; what was seen meanwhile, and the figures."""
    screen.note(f"pictures to make images of: {PICTURES}")
    pictures = photographs.drawn(PICTURES)
    recipe = backbones.chosen(settings, None)
    content = archive.head(recipe, backbones.load(settings).n_features)
    progress = Progress(images)
    with stack.started(data, backbones.environment(settings, recipe)) as (local, host):
        storage.heads(local.storage).publish(content)
        tables = storage.store(local.storage)
        progress.began = time.monotonic()

        def look() -> Sample:
            seconds = time.monotonic() - progress.began
            return watching.sample(local, host.pid, data, tables, uploaded=progress.uploaded, seconds=seconds)

        with watching.watched(look, progress.note) as samples:
            upload(photographs.photographs(pictures, images), storage.images(local.storage), progress)
            rest(local, host, data)
        samples.append(look())
        failed = sum(1 for _ in storage.failures(local.storage).all())
        found = complete.checked(tables, Head(content), settings.limits, images, failed)
        return samples, {**told(samples, images), **found}


def upload(cards: Iterator[Photograph], container: ContainerClient, progress: Progress) -> None:
    """Sends images, several at once, and no more than AHEAD before the frames that were last counted."""
    going: set[Future[object]] = set()
    with ThreadPoolExecutor(UPLOADS) as pool:
        for image in cards:
            while len(going) >= UPLOADS or progress.uploaded - progress.frames >= AHEAD:
                done, going = wait(going, timeout=0.1, return_when=FIRST_COMPLETED)
                for one in done:
                    one.result()
            going.add(pool.submit(container.upload_blob, image.name, image.content))
            progress.uploaded += 1
        for one in going:
            one.result()


def rest(local: Stack, host: subprocess.Popen[str], data: Path) -> None:
    """Returns when everything uploaded is through; raises UnciaError where the stack stopped."""
    looks = local.status()["looks"]
    while not local.at_rest(looks):
        if host.poll() is not None:
            raise UnciaError(f"the local stack stopped: {stack.last_words(data)}")
        time.sleep(1)


def told(samples: list[Sample], images: int) -> figures.Figures:
    """What a run took, of time, memory and disk."""
    host = steady.memory(samples, images, attrgetter("host_mb"))
    azurite = steady.memory(samples, images, attrgetter("azurite_mb"))
    seconds = next(one.seconds for one in samples if one.frames >= images)
    return {
        "images": images,
        "seconds": round(seconds),
        "images_a_second": round(images / seconds, 2),
        "host_mb_first_1000": round(host.first_mb),
        "host_mb_last_1000": round(host.last_mb),
        "growth_mb_per_1000": round(host.growth_mb, 2),
        "steady": steady.judged(host, images),
        "azurite_mb": round(azurite.last_mb),
        "azurite_growth_mb_per_1000": round(azurite.growth_mb, 1),
        "disk_gb": round(samples[-1].disk_gb, 2),
        "deepest_queue": max(one.waiting for one in samples),
    }


def show(found: figures.Figures) -> None:
    """The figures as a table, on stdout."""
    table = Table("of the run", "", box=box.MARKDOWN)
    for name, value in found.items():
        table.add_row(name.replace("_", " "), f"{value:,}" if isinstance(value, int | float) else value)
    screen.out(table)


if __name__ == "__main__":
    command.run(load)
