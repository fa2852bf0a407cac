"""The plain way to the same labels: one frame after another, and a mean for each sequence."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from shared.head import Head
from shared.label import UNKNOWN, Label

# What six decimals can differ by where numbers are added in another order.
CLOSE = 1.5e-6

type Found = dict[int, tuple[str, Mapping[str, float]]]  # label and scores of each sequence


def labelled(table: pa.Table, head: Head) -> Found:
    """Label and mean scores of each sequence of a file, by the number that it was made with."""
    scored: dict[int, list[list[float]]] = {}
    for row in table.select(["sequence", "features"]).to_pylist():
        (scores,) = head.scores(np.frombuffer(row["features"], "<f2")[np.newaxis])
        scored.setdefault(row["sequence"], []).append([scores[name] for name in head.classes])
    return {number: _decided(np.mean(scores, axis=0), head) for number, scores in scored.items()}


def _decided(means: NDArray[np.float64], head: Head) -> tuple[str, Mapping[str, float]]:
    best = head.classes[int(means.argmax())]
    label = best if means.max() >= head.thresholds[best] else UNKNOWN
    return label, dict(zip(head.classes, means.tolist(), strict=True))


def different(labels: list[Label], found: Found) -> int:
    """How many sequences do not have the label and the scores that the plain way found; labels in order of time."""
    if len(labels) != len(found):
        return max(len(labels), len(found))
    plain = (found[number] for number in sorted(found))
    return sum(not _same(label, *other) for label, other in zip(labels, plain, strict=True))


def _same(label: Label, name: str, scores: Mapping[str, float]) -> bool:
    far = max(abs(label.scores[one] - scores[one]) for one in scores) if label.scores else 1.0
    return label.label == name and far <= CLOSE
