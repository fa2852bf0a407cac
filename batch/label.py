"""Frames become the labels of their sequences, by the code that `finalize` runs on Azure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, partial

import pandas as pd
from pyspark.sql import DataFrame
from pyspark.sql import functions as f

from batch import table
from batch.place import escaped
from batch.session import Spark
from shared.errors import UnciaError
from shared.frame import Frame, merged
from shared.head import Head
from shared.label import labels, rescored, stale
from shared.rows import label_json
from shared.sequence import Limits

# Rows of features that cross from Java to Python at once: 4 MB of ResNet50's.
AT_ONCE = 1_000
_SHOT = "path string, captured_at timestamp_ntz, status string, scores map<string, double>"
SCHEMA = (
    "camera string, sequence_id string, start timestamp_ntz, end timestamp_ntz, n_frames int, n_scored int, "
    "label string, probability double, scores map<string, double>, "
    f"frames array<struct<{', '.join(one.replace(' ', ': ', 1) for one in _SHOT.split(', ', 3))}>>, "
    "backbone string, head string"
)
# What grouping hangs on: no features. Scores are JSON, which every version of Arrow takes.
_SCORED = "camera string, path string, digest string, captured_at timestamp_ntz, status string, backbone string, scores string"  # noqa: E501


@dataclass(frozen=True, slots=True)
class Counted:
    """What was labelled."""

    cameras: int
    sequences: int
    frames: int
    corrupt: int


def label(spark: Spark, features: str, head: bytes, limits: Limits, out: str) -> Counted:
    """Writes the labels of all frames in a folder, in the columns of labels.json; in place of those there.

    Raises UnciaError where the head is of another recipe, or `out` is something else.
    """
    found, recipe, _ = table.features(spark.session, features)
    check(Head(head), recipe)
    table.check_labels(spark.session, out)
    labelled(spark, found, head, limits).write.mode("overwrite").option("compression", "zstd").parquet(out)
    return counted(spark, out)


def labelled(spark: Spark, found: DataFrame, head: bytes, limits: Limits) -> DataFrame:
    """The labels of frames, each a row.

    A camera's frames are one group, because where a sequence is split depends on all of it (docs/decisions/0035):
    the core says where. Frames are scored before they are grouped, so that no group holds features.
    """
    spark.set(arrow_records=AT_ONCE)
    seen = found.select(*table.LIGHT, "features").mapInPandas(partial(scored, head=head), _SCORED)
    told = seen.groupBy("camera").applyInPandas(lambda batch: told_of(batch, head, limits), "label string")
    return told.select(f.from_json("label", SCHEMA).alias("one")).select("one.*")


def scored(batches: Iterator[pd.DataFrame], head: bytes) -> Iterator[pd.DataFrame]:
    """Frames without features and with the head's scores, on an executor."""
    for batch in batches:
        rows = [
            {name: getattr(frame, name) for name in ("camera", "path", "digest", "captured_at", "backbone")}
            | {"status": str(frame.status), "scores": json.dumps(frame.scores) if frame.scores else ""}
            for frame in with_scores(table.frames_of(batch), opened(head))
        ]
        yield pd.DataFrame(rows, columns=[column.split()[0] for column in _SCORED.split(", ")])


def with_scores(frames: list[Frame], head: Head) -> list[Frame]:
    """The frames with this head's scores, those of its recipe that have none of it yet."""
    # Of two cameras with the same bytes at the same time the scores are the same, too.
    scores = head.scores_by_key({frame.row_key: frame.features for frame in stale(frames, head)})
    return rescored(frames, head, {(head.version, key): value for key, value in scores.items()})


def told_of(batch: pd.DataFrame, head: bytes, limits: Limits) -> pd.DataFrame:
    """The labels of one camera's frames, as labels.json has them, on an executor."""
    judge = opened(head)
    kept: dict[str, Frame] = {}
    for row in batch.to_dict("records"):
        scores = row.pop("scores")
        frame = table.frame_of(row)
        if scores:
            frame = replace(frame, scores=json.loads(scores), head=judge.version)
        kept[frame.row_key] = merged(kept.get(frame.row_key), frame)
    said = (label_json(one) for one in labels(kept.values(), limits, judge))
    return pd.DataFrame({"label": [json.dumps(one, ensure_ascii=False) for one in said]})


def counted(spark: Spark, out: str) -> Counted:
    """How much is in labels that were written."""
    corrupt = f.size(f.filter("frames", lambda shot: shot["status"] == "corrupt"))
    row = spark.session.read.parquet(escaped(out)).agg(
        f.countDistinct("camera"), f.count("*"), f.sum("n_frames"), f.sum(corrupt)
    )
    return Counted(*(int(number or 0) for number in row.first() or (0, 0, 0, 0)))


def check(head: Head, recipe: str) -> None:
    """Raises UnciaError where a head was trained on features of another recipe than these."""
    if str(head.recipe) != recipe:
        raise UnciaError(
            f"the head was trained on features of another backbone or crop ({head.backbone_name}, "
            f"{head.recipe.backbone[:8]}) than these ({recipe[:8]}): train it again"
        )


@cache
def opened(head: bytes) -> Head:
    """The one head of this process."""
    return Head(head)
