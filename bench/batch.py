"""How Spark's cost grows with images and executors: `python -m bench.batch`, or `--help`."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.table import Table

from bench import command, figures, small
from bench.camera_group import grouped
from bench.promises import fill, table
from cli import backbones, batch, files, screen
from shared.featurizer import Featurizer
from shared.settings import Settings

DOCUMENT = Path(__file__).parents[1] / "docs" / "batch.md"
# Cameras of a hundred pictures, in bursts of five.
CAMERA, BURST = 100, 5
FIRST = datetime(2026, 1, 1)  # noqa: DTZ001 - local wall time
# Different pictures: each is written under several names, with a byte of its own at the end.
KINDS = 50


@dataclass(frozen=True, slots=True)
class Run:
    """What one size took on so many executors of one core each."""

    images: int
    executors: int
    start: float  #: seconds until Spark was there
    featurize: float
    label: float

    @property
    def a_second(self) -> float:
        """Images featurized and labelled a second, once Spark was there."""
        return self.images / (self.featurize + self.label)

    @property
    def core_ms(self) -> float:
        """Milliseconds of a core for each image, idle ones included: what a cluster is paid for."""
        return 1e3 * self.executors / self.a_second


def measure(
    images: Annotated[str, typer.Option(help="Sizes, with commas.")] = "1000,4000,16000",
    executors: Annotated[str, typer.Option(help="Numbers of executors, with commas.")] = "1,2",
    network: Annotated[
        bool, typer.Option("--network", help="With the backbone that is set, not one that takes a millisecond.")
    ] = False,
    camera: Annotated[
        int, typer.Option(min=1, help="Frames of one camera that are grouped, without --network.")
    ] = 100_000,
    out: Annotated[Path | None, typer.Option("--json", metavar="OUT.json", help="File for the figures.")] = None,
) -> None:
    """Featurize and label drawn pictures on executors of one core each, in processes of their own.

    Example: python -m bench.batch --images 200 --executors 1
    """
    batch.check_spark()
    if out:
        files.check(out)
    sizes, workers = numbers(images), numbers(executors)
    with TemporaryDirectory(prefix="uncia-bench-") as place, screen.progress() as bars:
        task = bars.add_task("runs", total=len(sizes) * len(workers))
        runs = []
        for run in measured(Path(place), sizes, workers, network=network):
            runs.append(run)
            bars.advance(task)
    show(runs)
    name = "batch_network" if network else "batch"
    said = told(runs) | ({} if network else of_a_camera(camera))
    figures.keep(name, **said)
    fill(DOCUMENT, {name: table(said)})
    if out:
        files.write(out, json.dumps([asdict(run) for run in runs], indent=1).encode())


def of_a_camera(frames: int) -> figures.Figures:
    """What so many frames of one camera take while they are grouped, in a new process."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        found = pool.submit(grouped, frames).result()
    what = f"a_camera_of_{frames:,}_frames:"
    return {f"{what}_bytes_a_frame": found.bytes_a_frame, f"{what}_core_milliseconds_a_frame": found.ms_a_frame}


def numbers(said: str) -> list[int]:
    """The numbers in a list with commas; raises BadParameter."""
    try:
        return [int(one) for one in said.split(",")]
    except ValueError as error:
        raise typer.BadParameter(f"{said!r} is no list of whole numbers") from error


def measured(folder: Path, sizes: Sequence[int], workers: Sequence[int], *, network: bool) -> Iterator[Run]:
    """A run for each size on each number of executors, one after the other."""
    file = folder / "small.onnx"
    file.write_bytes(small.backbone())
    settings = Settings.from_env() if network else replace(Settings.from_env(), backbone=file)
    head = small.head(Featurizer(backbones.load(settings)))
    for size in sizes:
        draw(folder / f"{size}", size)
        for number in workers:
            yield run(folder / f"{size}", size, number, settings, head)


def draw(folder: Path, images: int) -> None:
    """So many pictures of some cameras, no two of them the same bytes."""
    colours = list(small.COLOURS.values())
    kinds = [small.photograph(colours[kind % len(colours)], None, seed=kind) for kind in range(KINDS)]
    for number in range(images):
        at = FIRST + timedelta(minutes=5 * (number // BURST), seconds=10 * (number % BURST))
        file = folder / f"camera {number // CAMERA}" / f"{at:%Y%m%dT%H%M%S}_{number}.jpg"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(kinds[number % KINDS] + str(number).encode())


def run(folder: Path, images: int, executors: int, settings: Settings, head: bytes) -> Run:
    """Featurizes and labels a folder; raises UnciaError."""
    from batch.session import opened
    from cli import sparking

    made, labels = (folder.parent / f"{kind} {images} {executors}" for kind in ("features", "labels"))
    began = time.perf_counter()
    with opened(f"local-cluster[{executors},1,1024]"):
        there = time.perf_counter()
        sparking.featurize(str(folder), str(made), settings, None)
        featurized = time.perf_counter()
        sparking.label(str(made), head, str(labels), settings, None)
        return Run(images, executors, there - began, featurized - there, time.perf_counter() - featurized)


def told(runs: Sequence[Run]) -> figures.Figures:
    """The runs as figures by name; what several executors gain over the fewest, by size."""
    said: figures.Figures = {}
    for one in runs:
        what = f"{one.images:,} images on {screen.counted(one.executors, 'executor')}".replace(" ", "_")
        said[f"{what}:_seconds"] = one.featurize + one.label
        said[f"{what}:_core_milliseconds_an_image"] = one.core_ms
        fewest = min((other for other in runs if other.images == one.images), key=lambda other: other.executors)
        if fewest is not one:
            said[f"{what}:_times_as_fast_as_on_{fewest.executors}"] = one.a_second / fewest.a_second
    return said


def show(runs: Sequence[Run]) -> None:
    """The figures as a table, on stdout."""
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("images", "executors", "start, s", "featurize, s", "label, s", "images/s", "core ms/image"):
        shown.add_column(column, justify="right")
    for one in runs:
        times = (f"{seconds:,.1f}" for seconds in (one.start, one.featurize, one.label, one.a_second, one.core_ms))
        shown.add_row(f"{one.images:,}", str(one.executors), *times)
    screen.out(shown)


if __name__ == "__main__":
    command.run(measure)
