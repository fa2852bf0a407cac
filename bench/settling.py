"""Settling a made-up archive under a new head: the core that `finalize` settles a day with, from Parquet to Parquet."""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from bench import archive
from shared.averaging import Scores
from shared.head import Head
from shared.label import Known, Label, labels, rescored, stale
from shared.rows import label_of, label_row
from shared.sequence import Limits

# One moment for all labels, so that two runs write the same.
NOW = datetime(2026, 2, 1, tzinfo=UTC)


@cache
def head() -> Head:
    """The new head, opened once in each process."""
    return Head(archive.head())


@dataclass(frozen=True, slots=True)
class Settled:
    """How many labels were written, by which process, and the most memory that it has had, in bytes."""

    labels: int
    process: int
    peak: int


type Features = Mapping[str, bytes]
type Scored = Mapping[str, Scores]


def at_once(judge: Head, features: Features) -> Scored:
    """The scores of all frames together, as `finalize` asks for them."""
    return judge.scores_by_key(features)


def one_by_one(judge: Head, features: Features) -> Scored:
    """The same scores, with a call for each frame."""
    return {key: judge.scores_by_key({key: row})[key] for key, row in features.items()}


def settle(folder: Path, camera: int, scored: Callable[[Head, Features], Scored] = at_once) -> Settled:
    """Scores a camera's frames by the new head, and writes its labels as rows of table `labels`."""
    judge, frames = head(), archive.frames(archive.read(folder, camera))
    scores = scored(judge, {frame.row_key: frame.features for frame in stale(frames, judge)})
    known: Known = {(judge.version, key): own for key, own in scores.items()}
    rows = [label_row(label, NOW) for label in labels(rescored(frames, judge, known), Limits(), judge)]
    pq.write_table(pa.Table.from_pylist(rows), _labels(folder, camera))
    return Settled(len(rows), os.getpid(), peak())


def written(folder: Path, camera: int) -> list[Label]:
    """A camera's labels as they were written, in order of time."""
    return [label_of(row) for row in pq.read_table(_labels(folder, camera)).to_pylist()]


def peak() -> int:
    """The most memory that this process has had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def children_seconds() -> float:
    """CPU time of the processes that this one started and that have ended."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _labels(folder: Path, camera: int) -> Path:
    return folder / f"labels-{camera:05}.parquet"
