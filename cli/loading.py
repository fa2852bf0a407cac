"""`uncia batch load`: frames from Parquet into the tables, and their days finalized as `finalize` would."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from batch import load as loading
from batch import table
from batch.label import check
from batch.place import address
from batch.session import opened
from cli import screen, storage
from cli.sparking import shown
from functions import finalize
from shared.day import Ask, Day
from shared.errors import UnciaError
from shared.head import Head
from shared.settings import Settings
from shared.store import Store

# Each day takes some ten calls to storage; what waits for storage overlaps well.
WORKERS = 8


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of it."""

    new: int  #: frames
    days: int
    head: str  #: version


def load(features: str, connection: Mapping[str, str], settings: Settings, master: str | None) -> Loaded:
    """Writes frames, labels and days, so that `finalize` finds nothing to change; raises UnciaError."""
    heads = storage.heads(connection)
    current = heads.latest()
    if current is None:
        raise UnciaError(
            "no head is published, which would label what is loaded: `uncia publish HEAD.onnx` comes first"
        )
    with screen.progress() as bars:
        task = bars.add_task("starting Spark", total=None)
        with opened(master) as spark:
            found, recipe, _ = table.features(spark.session, address(features))
            check(current, recipe)
            content = heads.read(current.version)
            days = shown(spark, lambda: loading.load(spark, found, content, connection), bars, task, "loading")
        tables = storage.store(connection)
        wanted = to_finalize(days, tables.read_days(), current.version)
        bars.update(task, description="labelling", completed=0, total=len(wanted))
        label(wanted, tables, current, settings, storage.clock(connection), lambda: bars.advance(task))
    return Loaded(sum(days.values()), len(wanted), current.version)


def to_finalize(days: Mapping[Ask, int], known: Iterable[Day], head: str) -> list[Ask]:
    """The days with new frames, and those that nobody settled under this head yet."""
    done = {Ask(day.camera, day.day) for day in known if day.settled and day.head == head}
    return sorted((day for day, new in days.items() if new or day not in done), key=lambda day: (day.camera, day.day))


def label(
    days: Iterable[Ask],
    tables: Store,
    head: Head,
    settings: Settings,
    now: Callable[[], datetime],
    progress: Callable[[], object],
) -> None:
    """Has the step itself label these days, and those that their sequences begin on, and tells nobody of an animal.

    An archive is no news: `finalize` would have looked for rules to alert of.
    """
    others: set[Ask] = set()

    def one(day: Ask) -> None:
        finalize.run(
            day.encode().encode(), store=tables, head=lambda: head, limits=settings.limits, settle=settings.settle,
            now=now, see_to=others.add,
        )  # fmt: skip
        progress()

    done, left = set[Ask](), set(days)
    pool = ThreadPoolExecutor(WORKERS)
    try:
        while left:
            list(pool.map(one, sorted(left, key=lambda day: (day.camera, day.day))))
            done |= left
            left, others = others - done, set()
    finally:
        pool.shutdown(cancel_futures=True)
