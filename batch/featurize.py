"""Images in a folder become frames in Parquet, by the code that `featurize` runs on Azure."""

from __future__ import annotations

import uuid
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from itertools import batched
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from pyspark import SparkFiles
from pyspark.sql import DataFrame
from pyspark.sql import functions as f

from batch import table
from batch.place import Place, escaped
from batch.session import Spark, followed
from shared.errors import UnciaError
from shared.recipe import Recipe
from shared.suffix import SUFFIXES

if TYPE_CHECKING:
    from shared.featurizer import Featurizer

# Images that cross from Java to Python at once: of 3.5 MB each, 56 MB, and twice that on the way.
AT_ONCE = 16
# What is written at once, some 40 s of each core: that much is lost on Ctrl-C.
LOT = 1_000
# Files of a lot for each core: large ones, a few MB each, and no core waits long for the last.
FILES = 4
# Java's arrays, and so Spark's rows, end below 2 GiB. Beyond this no camera's program would go.
LARGEST = 1 << 30
# macOS leaves a ._ file beside every picture that it copies; all other names are people's, `_cam 1` too.
_SKIPPED = r"^\._"


@dataclass(frozen=True, slots=True)
class Making:
    """What frames are made with."""

    backbone: str  #: by which name executors find its file
    recipe: Recipe
    preview_pixels: int
    now: datetime  #: UTC, naive: what is later is not believed of a camera's clock
    place: Place  #: what paths are below


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it."""

    new: int
    before: int
    left_out: Sequence[str]  #: files too large to be read at all


def featurize(
    spark: Spark, making: Making, out: str, tell: Callable[[int, int], object] = lambda done, total: None
) -> Done:
    """Writes the frames of all images that `out` does not hold yet; tells how many are done, of how many.

    An image is known by its name, size and time of change. What is interrupted has lost one lot, and goes on when run
    again. Raises UnciaError where `out` is something else, or holds features of another recipe.
    """
    known = table.read(spark.session, out)
    if known is not None:
        _check(known, making.recipe, out)
    here = _listed(spark, making.place)
    left = _left(here, known)
    large = left["length"] > LARGEST
    wanted = sorted(left["file"][~large])
    done = 0
    tell(done, len(wanted))
    for lot in batched(wanted, LOT * spark.cores, strict=False):
        share = partial(_tell, tell, done, len(lot), len(wanted))
        followed(spark, partial(_write, spark, making, lot, out), share)
        done += len(lot)
        tell(done, len(wanted))
    return Done(done, len(here) - len(left), sorted(left["path"][large]))


def _tell(tell: Callable[[int, int], object], before: int, lot: int, total: int, share: float) -> None:
    tell(before + int(share * lot), total)


def _check(known: DataFrame, recipe: Recipe, out: str) -> None:
    other = known.where((f.col("status") == "ok") & (f.col("recipe") != str(recipe))).select("recipe").take(1)
    if other:
        raise UnciaError(
            f"{out} holds features of another backbone or crop: name another folder, or set UNCIA_BACKBONE, "
            "UNCIA_CROP_TOP and UNCIA_CROP_BOTTOM to what it was made with"
        )


def _reading(spark: Spark) -> Any:
    return spark.session.read.format("binaryFile").option("ignoredPathSegmentRegex", _SKIPPED)


def _listed(spark: Spark, place: Place) -> pd.DataFrame:
    """Every image as Spark calls it, with size, time of change and what storage calls it; none is opened."""
    # Else each two dozen images would be a task, as when they are read: 40,000 tasks for a million.
    spark.set(file_bytes=1 << 40, open_bytes=0)
    ends = "|".join(sorted(suffix.removeprefix(".") for suffix in SUFFIXES))
    found = _reading(spark).option("recursiveFileLookup", True).load(place.pattern)
    names = found.select(f.col("path").alias("file"), f.col("modificationTime").alias("changed"), "length")
    here = names.where(f.lower("file").rlike(rf"\.({ends})$")).toPandas()
    return here.assign(path=here["file"].map(place.path))


def _left(here: pd.DataFrame, known: DataFrame | None) -> pd.DataFrame:
    """Those of the images that are not known by name, size and time of change."""
    if known is None:
        return here
    done = known.select("path", "changed", f.col("size").alias("length")).distinct().toPandas()
    seen = here.merge(done, how="left", on=["path", "changed", "length"], indicator="seen")
    return seen[seen["seen"] == "left_only"]


def _write(spark: Spark, making: Making, lot: Sequence[str], out: str) -> None:
    spark.set(file_bytes=128 << 20, open_bytes=4 << 20, arrow_records=AT_ONCE)
    # Escaped: told that nothing is a pattern, Spark 4.3 reads every name with such signs once for each of them.
    images = _reading(spark).load([escaped(file) for file in lot])
    frames = images.mapInPandas(partial(made, making=making), table.SCHEMA)
    # A folder of its own for each lot: what a killed job leaves half done is in nobody's way.
    frames.coalesce(FILES * spark.cores).write.option("compression", "zstd").parquet(f"{out}/{uuid.uuid4().hex}")


def made(batches: Iterator[pd.DataFrame], making: Making) -> Iterator[pd.DataFrame]:
    """The frames of batches of files, on an executor."""
    from shared.featurizer import Upload

    featurizer = opened(making.backbone, making.recipe, making.preview_pixels)
    for batch in batches:
        rows = []
        for file, changed, data in zip(batch["path"], batch["modificationTime"], batch["content"], strict=True):
            frame = featurizer.frame(Upload(making.place.path(file), bytes(data), {}), None, making.now)
            rows.append({"changed": changed, **table.row_of(frame)})
        yield pd.DataFrame(rows, columns=["changed", *table.COLUMNS])


@cache
def opened(backbone: str, recipe: Recipe, preview_pixels: int) -> Featurizer:
    """The one network of this process."""
    from shared.backbone import Backbone
    from shared.featurizer import Featurizer

    warnings.filterwarnings("ignore", module=r"PIL\.")  # of broken EXIF: the frame itself says what is not believed
    network = Backbone.load(Path(SparkFiles.get(backbone)), threads=1)
    return Featurizer(network, recipe.crop_top, recipe.crop_bottom, preview_pixels)
