"""Logistic regression over features in Parquet, with Spark ML: what scikit-learn fits to the same, at any size."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyspark import StorageLevel
from pyspark.ml.classification import LogisticRegression
from pyspark.ml.functions import array_to_vector
from pyspark.sql import DataFrame
from pyspark.sql import functions as f

from batch.session import Spark

AT_ONCE = 1_000
# Spark stops where an iteration gains a smaller share than this; its own 1e-6 is meant for larger differences than the
# 0.001 of a score that tests/integration/test_spark.py holds it to.
_TOLERANCE = 1e-10
_ITERATIONS = 5_000

type Rows = NDArray[np.float64]
type Indices = NDArray[np.intp]
type Linear = tuple[Rows, Rows]  # n_features × classes, and one number a class


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one image in a folder of features, but its features."""

    path: str
    changed: pd.Timestamp
    corrupt: bool
    captured_at: pd.Timestamp | None


def known(found: DataFrame) -> dict[str, Known]:
    """The images of a folder of features by what storage calls them; of several under one name, the newest."""
    here: pd.DataFrame = found.select(
        "path", "changed", (f.col("status") != "ok").alias("corrupt"), "captured_at"
    ).toPandas()
    rows = here.sort_values("changed").itertuples(index=False)
    return {row.path: Known(row.path, row.changed, bool(row.corrupt), row.captured_at) for row in rows}


@dataclass(slots=True)
class Learner:
    """Features on a cluster, of images that have a number and a class; of each fit it tells."""

    spark: Spark
    rows: DataFrame  #: place, features
    truth: Indices  #: N, the class of each image: 0, 1, 2…
    tell: Callable[[], object]

    @classmethod
    def of(
        cls, spark: Spark, found: DataFrame, images: Sequence[Known], truth: Indices, tell: Callable[[], object]
    ) -> Learner:
        """Takes the features of some images, numbered in this order."""
        places = pd.DataFrame({
            "path": [one.path for one in images],
            "changed": [one.changed for one in images],
            "place": np.arange(len(images), dtype=np.int64),
        })  # fmt: skip
        # Two programs may have written the same image at once.
        own = f.broadcast(spark.session.createDataFrame(places))
        rows = found.where("status = 'ok'").select("path", "changed", "features").join(own, ["path", "changed"])
        rows = rows.dropDuplicates(["place"]) if rows.count() > len(images) else rows
        return cls(spark, rows.select("place", "features").coalesce(spark.cores), truth, tell)

    def along(self, learnt: Indices, strengths: Sequence[float]) -> list[Linear]:
        """The classifier of each strength (scikit-learn's C) on features as they come, fitted to these images."""
        self.spark.set(arrow_records=AT_ONCE)
        classes = np.full(len(self.truth), -1, np.int64)
        classes[learnt] = self.truth[learnt]
        mean, scale = _spread(self.rows, classes)
        each = len(learnt) / (len(np.unique(self.truth[learnt])) * np.bincount(self.truth[learnt]))  # "balanced"
        scaled = self.rows.mapInPandas(
            lambda batches: _scaled(batches, classes, each, mean, scale),
            "class double, weight double, scaled array<double>",
        )
        vectors = scaled.select("class", "weight", array_to_vector(f.col("scaled")).alias("features"))
        vectors.persist(StorageLevel.MEMORY_AND_DISK)
        try:
            return [self._fitted(vectors, 1 / (strength * len(learnt)), mean, scale) for strength in strengths]
        finally:
            vectors.unpersist()

    def _fitted(self, vectors: DataFrame, penalty: float, mean: Rows, scale: Rows) -> Linear:
        """Of features as they come: w·(x - mean)/scale + b. The penalty is Spark's, on the mean loss."""
        model = LogisticRegression(
            labelCol="class", weightCol="weight", regParam=penalty, standardization=False,
            tol=_TOLERANCE, maxIter=_ITERATIONS,
        ).fit(vectors)  # fmt: skip
        self.tell()
        weights, bias = model.coefficientMatrix.toArray().T, model.interceptVector.toArray()
        if len(bias) == 1:  # two classes have one column, whose sigmoid is the softmax of (0, that column)
            weights, bias = np.hstack([0 * weights, weights]), np.append(0 * bias, bias)
        weights = np.ascontiguousarray(weights / scale[:, np.newaxis])
        return weights, bias - mean @ weights

    def logits(self, classifiers: Sequence[Linear], tried: Indices) -> list[Rows]:
        """What each classifier says of these images, in their order."""
        weights = np.hstack([one[0] for one in classifiers])
        bias = np.hstack([one[1] for one in classifiers])
        wanted = np.zeros(len(self.truth), bool)
        wanted[tried] = True
        found: pd.DataFrame = self.rows.mapInPandas(
            lambda batches: _judged(batches, wanted, weights, bias), "place long, logits array<double>"
        ).toPandas()
        ordered = found.sort_values("place")["logits"].to_list()
        return np.split(np.stack(ordered), len(classifiers), axis=1) if len(classifiers) else []


def _numbers(batch: pd.DataFrame) -> Rows:
    return np.stack([np.frombuffer(row, "<f2") for row in batch["features"]]).astype(np.float64)


def _spread(rows: DataFrame, classes: Indices) -> tuple[Rows, Rows]:
    """Mean and standard deviation of each feature, 1 where it never changes, over the images that have a class."""
    parts: pd.DataFrame = rows.mapInPandas(
        lambda batches: _moments(batches, classes), "n long, mean array<double>, squares array<double>"
    ).toPandas()
    count, mean, squares = 0, np.zeros(0), np.zeros(0)
    for part in parts.itertuples(index=False):
        count, mean, squares = _joined((count, mean, squares), (part.n, np.array(part.mean), np.array(part.squares)))
    deviation = np.sqrt(squares / count)
    return mean, np.where(deviation > 0, deviation, 1.0)


type _Moments = tuple[int, Rows, Rows]


def _joined(one: _Moments, other: _Moments) -> _Moments:
    """The moments of two lots from those of each (Chan, Golub and LeVeque 1979, Updating formulae)."""
    if not one[0]:
        return other
    count, apart = one[0] + other[0], other[1] - one[1]
    mean = one[1] + apart * (other[0] / count)
    return count, mean, one[2] + other[2] + apart**2 * (one[0] * other[0] / count)


def _moments(batches: Iterator[pd.DataFrame], classes: Indices) -> Iterator[pd.DataFrame]:
    for batch in batches:
        own = batch[classes[batch["place"]] >= 0]
        if len(own):
            numbers = _numbers(own)
            mean = numbers.mean(axis=0)
            yield pd.DataFrame({"n": [len(own)], "mean": [mean], "squares": [((numbers - mean) ** 2).sum(axis=0)]})


def _scaled(
    batches: Iterator[pd.DataFrame], classes: Indices, each: Rows, mean: Rows, scale: Rows
) -> Iterator[pd.DataFrame]:
    for batch in batches:
        own = batch[classes[batch["place"]] >= 0]
        if len(own):
            truth = classes[own["place"]]
            scaled = (_numbers(own) - mean) / scale
            yield pd.DataFrame({"class": truth.astype(float), "weight": each[truth], "scaled": list(scaled)})


def _judged(
    batches: Iterator[pd.DataFrame], wanted: NDArray[np.bool_], weights: Rows, bias: Rows
) -> Iterator[pd.DataFrame]:
    for batch in batches:
        own = batch[wanted[batch["place"]]]
        if len(own):
            yield pd.DataFrame({"place": own["place"].to_numpy(), "logits": list(_numbers(own) @ weights + bias)})
