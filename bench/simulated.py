"""Whether the simulation that `uncia cost` tells time by is right, held against the local stack: `bench.simulated`.

`python -m bench.simulated` puts a few images through the stack to learn how fast its steps are, simulates more, and
puts those through. Host and storage share this machine's cores, and one instance of each step is there from the start:
what is tried is how stages, what runs at once, and waiting play together, not Azure's limits, which nothing here has.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from bench import archive, command, figures, photographs, stood_up
from bench.load import PICTURES, Progress, rest, show, upload
from cli import backbones, stack, storage
from cli.stages import Arrival
from cli.throughput import Platform, Stage, simulate
from devhost.host_json import HostJson
from devhost.traces import Span, spans
from shared import connect
from shared.errors import UnciaError
from shared.heads import CONTAINER
from shared.settings import Settings

TICK = 0.05  # a step takes some hundredths of a second
ALWAYS = 1e6  # new instances a second: there from the start
STEPS = ("featurize", "aggregate", "finalize")


@dataclass(frozen=True, slots=True)
class Seen:
    """What a run of the stack took, from the first step's beginning to the last one's end."""

    images: int
    seconds: float
    each: dict[str, float]  #: seconds of one run of a step, on the mean
    finalizations: int
    pace: float  #: seconds from one image to the next through featurize, which always has a next one


def simulated(
    images: Annotated[int, typer.Option(min=30, help="How many images to predict.")] = 300,
    learning: Annotated[int, typer.Option(min=12, help="How many to learn the steps' speed from.")] = 60,
) -> None:
    """Predict how long the local stack takes for images, and see how long it does.

    Example: python -m bench.simulated --images 120 --learning 30
    """
    settings = Settings.from_env()
    known, found = through(learning, settings), through(images, settings)
    expected = predicted(known, images)
    figures.keep(
        "simulated",
        images=images,
        learnt_from_images=learning,
        seconds_measured=round(found.seconds, 1),
        seconds_simulated=round(expected, 1),
        simulated_to_measured=round(expected / found.seconds, 3),
        images_a_second=round(images / found.seconds, 2),
    )
    show(figures.kept()["simulated"])


def predicted(known: Seen, images: int) -> float:
    """Seconds that the simulation says of so many images, with steps as fast as they were seen to be."""
    at_once = HostJson.read(stack.ROOT / "host.json", 1).batch_size
    settle = float(stack.LOCAL_SETTLE)
    stages = [
        Stage(name="featurize", seconds=known.pace),
        Stage(name="aggregate", seconds=known.each["aggregate"] / at_once),
        Stage(
            name="finalize",
            runs=known.finalizations / known.images,
            seconds=known.each["finalize"] / at_once,
            delay=settle,
        ),
    ]
    there = Platform(limits={}, instances=len(stages), each=1, new_instances=ALWAYS)
    return simulate(stages, there, Arrival(images).until, tick=TICK).seconds


def seen(told: Sequence[Span], images: int) -> Seen:
    """What the steps tell of a run; raises UnciaError where one is missing."""
    by_step = {step: [span for span in told if span.name == step] for step in STEPS}
    if len(by_step["featurize"]) < images or not by_step["finalize"]:
        raise UnciaError(f"the stack told of {len(by_step['featurize'])} images, not of {images}")
    first = min(span.start for span in told)
    last_image = max(span.end for span in by_step["featurize"])
    return Seen(
        images=images,
        seconds=between(first, max(span.end for span in by_step["finalize"])),
        each={step: fmean(between(span.start, span.end) for span in own) for step, own in by_step.items()},
        finalizations=len(by_step["finalize"]),
        pace=between(first, last_image) / images,
    )


def between(start: datetime, end: datetime) -> float:
    """Seconds from one moment to another."""
    return (end - start).total_seconds()


def through(images: int, settings: Settings) -> Seen:
    """Uploads so many images, starts the stack over them, and reads what its steps tell when all is done."""
    recipe, pictures = backbones.chosen(settings, None), photographs.drawn(PICTURES)
    content = archive.head(recipe, backbones.load(settings).n_features)
    with TemporaryDirectory(prefix="uncia-simulated-") as name:
        folder, progress = Path(name), Progress(images)
        (folder / "storage").mkdir()
        with stood_up.azurite(folder / "storage") as direct:
            connection = {"connection": direct}
            container = storage.images(connection)
            for missing in (container, connect.blobs(connection).get_container_client(CONTAINER)):
                missing.create_container()
            storage.heads(connection).publish(content)
            progress.frames = images  # nothing runs yet that frames could be behind of
            upload(photographs.photographs(pictures, images), container, progress)
            trace = folder / "trace.jsonl"
            environment = backbones.environment(settings, recipe) | {
                "Storage": direct,
                "UNCIA_TRACE": str(trace),
            }
            with stack.started(folder / "host", environment) as (local, host):
                rest(local, host, folder / "host")
                time.sleep(1)  # the last span is written after its message is gone
            return seen(spans(trace.read_text("utf-8").splitlines()), images)


if __name__ == "__main__":
    command.run(simulated)
