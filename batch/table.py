"""Frames as a table in Parquet: the columns, and rows from frames and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession

from batch.place import escaped
from shared.errors import UnciaError
from shared.frame import Frame, Status

# Of a frame, as its message has it; scores are a head's, and are made when labels are.
FRAME = (
    "camera string, path string, digest string, size long, width int, height int, status string, reason string, "
    "captured_at timestamp_ntz, time_source string, time_said string, suspect boolean, recipe string, "
    "backbone string, features binary, preview binary"
)
# When the file was changed: its name, size and time of change say that it is done.
SCHEMA = f"changed timestamp, {FRAME}"
COLUMNS = tuple(column.split()[0] for column in FRAME.split(", "))
# All that labels hang on, but the features and the preview, which are most of the bytes.
LIGHT = tuple(name for name in COLUMNS if name not in ("features", "preview"))

# What pandas makes other things of.
_KINDS: dict[str, Callable[[Any], Any]] = {
    "status": Status, "features": bytes, "preview": bytes, "size": int, "width": int, "height": int, "suspect": bool,
}  # fmt: skip

# How Spark says that a folder is not there, or empty.
_NOTHING = ("PATH_NOT_FOUND", "UNABLE_TO_INFER_SCHEMA")

type Row = Mapping[str, Any]


def row_of(frame: Frame) -> dict[str, Any]:
    """A frame's columns."""
    return {name: getattr(frame, name) for name in COLUMNS} | {"status": str(frame.status)}


def frame_of(row: Row) -> Frame:
    """The frame in a row; columns that were not read keep their defaults."""
    said = {name: row[name] for name in COLUMNS if name in row}
    at = said["captured_at"]
    said |= {name: kind(said[name]) for name, kind in _KINDS.items() if name in said}
    return Frame(**said | {"captured_at": None if pd.isna(at) else at.to_pydatetime()})


def frames_of(batch: pd.DataFrame) -> list[Frame]:
    """The frames of a batch of rows."""
    return [frame_of(row) for row in batch.to_dict("records")]


def read(session: SparkSession, folder: str) -> DataFrame | None:
    """The frames that `featurize` wrote to a folder, in rows; None where nothing is there yet.

    Raises UnciaError for anything else.
    """
    return _ours(session, folder, {*COLUMNS, "changed"}, "features")


def check_labels(session: SparkSession, folder: str) -> None:
    """Raises UnciaError where a folder holds something that is not ours to replace by labels."""
    _ours(session, folder, {"camera", "sequence_id", "frames", "label", "head"}, "labels")


def _ours(session: SparkSession, folder: str, columns: set[str], what: str) -> DataFrame | None:
    try:
        found = session.read.option("recursiveFileLookup", True).parquet(escaped(folder))
    except (PySparkException, Py4JError) as error:
        if isinstance(error, PySparkException) and error.getCondition() in _NOTHING:
            return None
        if "footer" not in str(error):  # it is storage that does not answer, say
            raise
        found = None
    if found is None or not columns <= set(found.columns):
        raise UnciaError(f"{folder} holds something else than {what}: name another folder")
    return found


def features(session: SparkSession, folder: str) -> tuple[DataFrame, str, str]:
    """The frames in a folder with the one recipe and backbone of all their features; raises UnciaError."""
    found = read(session, folder)
    if found is None:
        raise UnciaError(f"there are no features in {folder}: `uncia batch featurize` makes them")
    made = found.where("status = 'ok'").select("recipe", "backbone").distinct().take(2)
    if not made:
        raise UnciaError(f"{folder} holds no image that could be decoded")
    if len({row.recipe for row in made}) > 1:
        raise UnciaError(f"{folder} holds features of several backbones or crops, which never meet")
    return found, made[0].recipe, made[0].backbone
