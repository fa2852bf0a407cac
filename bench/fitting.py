"""Fitting a classifier, against scikit-learn told nothing, and labelling an archive anew."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray
from rich.progress import Progress

from bench import archive, rescore
from bench.outcome import Outcome
from bench.reach import Reach
from bench.rescore import Measured
from training.arrays import Features, Indices

CLASSES, JUDGED = 4, 2_000
# What the mean of a feature differs by between classes, whose spread is 0.6: most images can be told apart, not all.
APART = 0.02

type Decide = Callable[[Features], NDArray[np.integer]]


def measure(rows: int, bars: Progress) -> Outcome:
    """Both fits of the same features, one after the other, and how many of JUDGED others each tells right."""
    features, truth = made(rows + JUDGED)
    learnt, tried = (features[:rows], truth[:rows]), (features[rows:], truth[rows:])
    right: dict[str, float] = {}

    def timed(name: str, fit: Callable[[Features, Indices], Decide]) -> float:
        began = time.perf_counter()
        decide = fit(*learnt)
        seconds = time.perf_counter() - began
        right[name] = float((decide(tried[0]) == tried[1]).mean())
        return seconds

    ways = {"Uncia": ours, "scikit-learn's LogisticRegression() as it comes": plain}
    bars.add_task("fitting", total=None)
    found = {name: timed(name, fit) for name, fit in ways.items()}
    return told(rows, found, right)


def made(rows: int) -> tuple[Features, Indices]:
    """Features as frames keep them, never negative, and the class of each."""
    chance = np.random.default_rng(0)
    truth = chance.integers(0, CLASSES, rows)
    centres = chance.normal(0, APART, (CLASSES, archive.N_FEATURES)).astype(np.float32)
    features = np.empty((rows, archive.N_FEATURES), np.float16)
    for part in np.array_split(np.arange(rows), -(-rows // 10_000)):
        drawn = np.abs(chance.standard_normal((len(part), archive.N_FEATURES), np.float32))
        features[part] = np.maximum(drawn + centres[truth[part]], 0)
    return features, truth


def ours(features: Features, truth: Indices) -> Decide:
    """The classifier of one strength, as training makes it."""
    from training.classifier import along
    from training.fitting import DEFAULT_STRENGTH, threads

    with threads(len(features)):
        (classifier,) = along(np.asarray(features, np.float64), truth, (DEFAULT_STRENGTH,))
    return lambda rows: classifier.logits(rows).argmax(axis=1)


def plain(features: Features, truth: Indices) -> Decide:
    """What scikit-learn makes when it is told nothing; float32, which it takes faster than float16."""
    from sklearn.linear_model import LogisticRegression

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it may stop at its hundredth step
        model = LogisticRegression().fit(features.astype(np.float32), truth)
    return lambda rows: np.asarray(model.predict(rows.astype(np.float32)))


def told(rows: int, found: dict[str, float], right: dict[str, float]) -> Outcome:
    """Seconds, and the share of other images that were told right."""
    own, other = found.values()
    return Outcome(
        name="fit",
        columns=(f"fitting {rows:,} × {archive.N_FEATURES:,} features", "seconds", "right of others"),
        rows=[(name, seconds, f"{right[name]:.1%}") for name, seconds in found.items()],
        reaches=[Reach(what="fit: times as fast as scikit-learn as it comes", limit=1, found=other / own)],
        note="One classifier each; training fits one for each strength and fold, and more follow from the start of "
        "the one before.",
    )


def archived(rows: int, bars: Progress) -> Outcome:
    """An archive labelled by a new head, as `python -m bench.rescore` does it."""
    with TemporaryDirectory(prefix="uncia-bench-") as place:
        return relabelled(rescore.measured(Path(place), rows, bars))


def relabelled(found: Measured) -> Outcome:
    """What that took, and what scoring row by row would take."""
    slow = f"row by row, 1 process, extrapolated from {found.naive_rows:,}"
    return Outcome(
        name="rescore",
        columns=(f"{found.rows:,} stored feature vectors", "seconds", "of CPU", "rows a second", "MB of memory"),
        rows=[
            (
                f"in batches, {found.cores} processes", found.seconds, found.cpu_seconds,
                found.rows_per_second, found.peak_mb,
            ),
            (slow, found.naive_seconds, "", round(found.rows / found.naive_seconds), ""),
        ],
        reaches=[
            Reach(what="re-scoring: times as fast as row by row", limit=1, found=found.naive_seconds / found.seconds)
        ],
    )  # fmt: skip
