"""Frames in Parquet become rows of a running Uncia's tables, as `aggregate` would have written them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

import pandas as pd
from pyspark.sql import DataFrame

from batch import table
from batch.label import opened, with_scores
from batch.session import Spark
from shared.day import Ask
from shared.frame import Frame
from shared.keeping import keep
from shared.opening import open_day

if TYPE_CHECKING:
    from shared.store import Store

# With features and preview a frame has 25 KB.
AT_ONCE = 200

type Days = dict[Ask, int]  # how many frames of each day were new


def load(spark: Spark, found: DataFrame, head: bytes, storage: Mapping[str, str]) -> Days:
    """Writes the frames with the head's scores, and verdicts stay; every camera's day with its number of new frames.

    What is there already is left alone, so this can be interrupted and run again.
    """
    spark.set(arrow_records=AT_ONCE)
    columns = "camera string, day string, new long"
    rows = found.select(*table.COLUMNS).mapInPandas(lambda batches: kept_of(batches, head, dict(storage)), columns)
    told: pd.DataFrame = rows.groupBy("camera", "day").agg({"new": "sum"}).toDF("camera", "day", "new").toPandas()
    return {Ask(str(row.camera), str(row.day)): int(row.new) for row in told.itertuples(index=False)}


def kept_of(batches: Iterator[pd.DataFrame], head: bytes, storage: Mapping[str, str]) -> Iterator[pd.DataFrame]:
    """Camera, day and newness of frames that are in the tables from then on, on an executor."""
    tables = _tables(tuple(storage.items()))
    for batch in batches:
        frames = with_scores(table.frames_of(batch), opened(head))
        yield pd.DataFrame(kept(frames, tables), columns=["camera", "day", "new"])


def kept(frames: Iterable[Frame], tables: Store) -> list[tuple[str, str, int]]:
    """Camera, day and newness (1 or 0) of frames, which the tables have from then on.

    Days of new ones are noted as due, as `aggregate` does: should nobody finalize them here, `sweep` has it done.
    """
    found = [(one.camera, one.day, _kept(one, tables)) for one in frames]
    for camera, day in {(camera, day) for camera, day, new in found if new}:
        open_day(Ask(camera, day), None, datetime.now(UTC), tables)
    return found


def _kept(frame: Frame, tables: Store) -> int:
    stored, _ = tables.read_frame(frame.camera, frame.row_key)
    if stored and says_no_more(frame, stored):
        return 0
    keep(frame, tables)
    return 1


def says_no_more(frame: Frame, stored: Frame) -> bool:
    """Whether what is stored of an image is all that a frame from its file would say; only uploads have ETags."""
    same = (stored.recipe, stored.status) == (frame.recipe, frame.status)
    return same and stored.path <= frame.path


@cache
def _tables(storage: tuple[tuple[str, str], ...]) -> Store:
    """The tables, opened once for this process."""
    from shared import connect
    from shared.store import Store

    return Store(connect.tables(dict(storage)))
