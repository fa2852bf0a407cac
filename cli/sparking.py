"""`uncia batch featurize` and `label`: what a person set, and a bar beside Spark's tasks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from rich.progress import Progress, TaskID

from batch import featurize as making
from batch import label as labelling
from batch.place import Place, address
from batch.session import Spark, followed, opened
from cli import backbones, screen
from shared.settings import Settings

# Of a bar that follows shares of Spark's tasks.
PARTS = 100


def featurize(src: str, dst: str, settings: Settings, master: str | None) -> making.Done:
    """Writes the frames of images; raises UnciaError."""
    place, out = Place.of(src), address(dst)
    screen.warn(backbones.warning(settings))
    recipe = backbones.chosen(settings, None)
    with screen.progress() as bars:
        task = bars.add_task("starting Spark", total=None)
        with opened(master) as spark:
            bars.update(task, description="listing")
            made = making.Making(
                backbone=spark.take(backbones.path(settings)),
                recipe=recipe,
                preview_pixels=settings.preview_pixels,
                now=datetime.now(UTC).replace(tzinfo=None),
                place=place,
            )

            def tell(done: int, total: int) -> None:
                bars.update(task, description="featurizing", completed=done, total=total)

            return making.featurize(spark, made, out, tell)


def label(features: str, head: bytes, dst: str, settings: Settings, master: str | None) -> labelling.Counted:
    """Writes the labels of frames; raises UnciaError."""
    with screen.progress() as bars:
        task = bars.add_task("starting Spark", total=None)
        with opened(master) as spark:
            work = partial(labelling.label, spark, address(features), head, settings.limits, address(dst))
            return shown(spark, work, bars, task, "labelling")


def shown[T](spark: Spark, work: Callable[[], T], bars: Progress, task: TaskID, what: str) -> T:
    """What a piece of work gives, with a bar that follows its tasks."""
    bars.update(task, description=what, total=PARTS)
    return followed(spark, work, lambda share: bars.update(task, completed=int(PARTS * share)))
