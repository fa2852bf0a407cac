"""An archive to measure with: made-up frames as they are stored, features and all, in a folder of Parquet files."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from shared.averaging import Averaging
from shared.frame import Frame
from shared.recipe import Recipe

CLASSES = ("blank", "ibex", "leopard", "person")
THRESHOLD = 0.5
RECIPE = Recipe("made up")
N_FEATURES = 2048
# One camera's frames are one file: 8 MB of features, so that a worker holds little and no sequence is in two files.
ROWS = 2_000
# Bursts of five, ten seconds apart, every five minutes.
BURST, BETWEEN, PAUSE = 5, timedelta(seconds=10), timedelta(minutes=5)
FIRST = datetime(2026, 1, 1)  # noqa: DTZ001 - local wall time

SCHEMA = pa.schema({
    "camera": pa.string(),
    "path": pa.string(),
    "digest": pa.string(),
    "captured_at": pa.timestamp("us"),
    "sequence": pa.int32(),  # which one it is by the making: grouping is to find it again
    "features": pa.binary(2 * N_FEATURES),
})  # fmt: skip


def head(recipe: Recipe = RECIPE, n_features: int = N_FEATURES) -> bytes:
    """A head over these features, or those of another recipe, of four classes; always the same bytes."""
    from training.classifier import Classifier
    from training.head import to_onnx

    weights = np.random.default_rng(0).normal(0, 0.06, (n_features, len(CLASSES)))
    means = np.full(n_features, np.sqrt(2 / np.pi))  # of these features: without them one class would always win
    said = {
        "kind": "head",
        "classes": list(CLASSES),
        "thresholds": dict.fromkeys(CLASSES, THRESHOLD),
        "averaging": str(Averaging.PROBABILITIES),
        "calibration": {"temperature": 1.0},
        "recipe": asdict(recipe),
        "backbone_name": "made up",
        "n_features": n_features,
    }
    return to_onnx(Classifier(weights, -means @ weights), said)


def write(folder: Path, camera: int, rows: int) -> None:
    """Writes one camera's frames, at most `ROWS`; the same camera always has the same."""
    numbers = range(rows)
    # Never negative, as the pooled numbers of a ResNet50.
    features = np.abs(np.random.default_rng(camera).standard_normal((rows, N_FEATURES), np.float32)).astype("<f2")
    columns = [
        pa.array([f"camera {camera}"] * rows),
        pa.array([f"camera {camera}/{number}.jpg" for number in numbers]),
        pa.array([hashlib.sha256(f"{camera} {number}".encode()).hexdigest() for number in numbers]),
        pa.array(
            [FIRST + number // BURST * PAUSE + number % BURST * BETWEEN for number in numbers], pa.timestamp("us")
        ),
        pa.array([number // BURST for number in numbers], pa.int32()),
        pa.FixedSizeBinaryArray.from_buffers(pa.binary(2 * N_FEATURES), rows, [None, pa.py_buffer(features)]),
    ]
    # Neither finds anything to shorten in numbers that nothing repeats.
    table = pa.Table.from_arrays(columns, schema=SCHEMA)
    pq.write_table(table, _file(folder, camera), compression="none", use_dictionary=False)


def read(folder: Path, camera: int) -> pa.Table:
    """One camera's frames, with the sequence that each was made for."""
    return pq.read_table(_file(folder, camera))


def frames(table: pa.Table) -> list[Frame]:
    """The frames of a file, as they are stored under an earlier head."""
    even = dict.fromkeys(CLASSES, 1 / len(CLASSES))
    return [
        Frame(**row, recipe=str(RECIPE), backbone="made up-0", head="an earlier one", scores=even)
        for row in table.drop_columns("sequence").to_pylist()
    ]


def _file(folder: Path, camera: int) -> Path:
    return folder / f"frames-{camera:05}.parquet"
