"""Seconds of one core that each step takes for an image: `python -m bench.steps`; what `uncia cost` stands on.

The float network and its int8 form are tried in turn on images of three real sizes; `aggregate` and `finalize` run on
what came of them, over Azurite. Time is the thread's own on the processor: nothing that waits for storage is in it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from bench import archive, command, figures, networks, photographs, stood_up
from bench.load import PICTURES, show
from bench.stood_up import clock
from functions import aggregate, finalize
from shared.backbone import Backbone
from shared.day import Ask
from shared.featurizer import Featurizer, Upload
from shared.frame import Frame
from shared.head import Head
from shared.recipe import Recipe
from shared.remembered import Remembered
from shared.settings import Settings

SIZES = ("small", "middle", "large")
SETTLE = timedelta(seconds=30)


def steps(
    images: Annotated[int, typer.Option(min=9, help="How many images, of three sizes.")] = 90,
) -> None:
    """Measure what an image costs of the processor, step by step.

    Example: python -m bench.steps --images 30
    """
    settings = Settings.from_env()
    pictures = photographs.drawn(PICTURES)
    uploads = [Upload(one.name, one.content, {}) for one in photographs.photographs(pictures, images)]
    made = networks.made(pictures)
    opened = {name: Backbone.load(file, 1) for name, file in (("float", made.exact), ("int8", made.int8))}
    # A frame brings its scores along; a head takes features of one backbone.
    heads = {name: Head(archive.head(Recipe(one.sha256), one.n_features)) for name, one in opened.items()}
    featurizers = {name: Featurizer(one) for name, one in opened.items()}
    seconds, frames = featurized(uploads, featurizers, heads)
    with TemporaryDirectory(prefix="uncia-steps-") as folder:
        kept, finalized = grouped(Path(folder), frames, heads["int8"], settings)
    told: dict[str, float | str] = {"images": images}
    for number, size in enumerate(SIZES):
        told[f"{size}_mb"] = round(median(len(one.data) for one in uploads[number::3]) / 1e6, 3)
        told |= {f"{size}_{name}_seconds": round(median(each[number::3]), 5) for name, each in seconds.items()}
    messages = [len(frame.encode().encode()) for frame in frames]
    told |= {"message_bytes": round(median(messages)), "largest_message_bytes": max(messages)}
    figures.keep("steps", **told, aggregate_seconds=round(kept, 5), finalize_seconds=round(finalized, 5))
    show(figures.kept()["steps"])


def featurized(
    uploads: list[Upload], featurizers: dict[str, Featurizer], heads: dict[str, Head]
) -> tuple[dict[str, list[float]], list[Frame]]:
    """Seconds of each image with each network, one image after the other, and the int8 network's frames."""
    now = datetime.now(UTC).replace(tzinfo=None)
    seconds: dict[str, list[float]] = {name: [] for name in featurizers}
    frames = []
    for name, one in featurizers.items():  # the first run of a network is not like the others
        one.frame(uploads[0], heads[name], now)
    for upload in uploads:
        for name, one in featurizers.items():
            spent, frame = timed(partial(one.frame, upload, heads[name], now))
            seconds[name].append(spent)
        frames.append(frame)
    return seconds, frames


def grouped(folder: Path, frames: list[Frame], head: Head, settings: Settings) -> tuple[float, float]:
    """Seconds of `aggregate` for a frame, and of `finalize` for a day, which is one of each camera."""
    with stood_up.tables_and_sequences(folder) as (tables, sequences):
        keep = partial(
            aggregate.run, store=tables, sequences=sequences, settle=SETTLE, now=clock, remembered=Remembered()
        )
        settle = partial(
            finalize.run, store=tables, head=lambda: head, limits=settings.limits, settle=SETTLE, now=clock
        )
        kept = [timed(partial(keep, frame.encode().encode()))[0] for frame in frames]
        asked = [Ask(day.camera, day.day).encode().encode() for day in tables.read_days()]
        finalized = [timed(partial(settle, body))[0] for body in asked]
    return median(kept), median(finalized)


def timed[Answer](step: Callable[[], Answer]) -> tuple[float, Answer]:
    """Seconds that this thread spends on the processor in a step, and its answer."""
    began = time.thread_time()
    answer = step()
    return time.thread_time() - began, answer


if __name__ == "__main__":
    command.run(steps)
