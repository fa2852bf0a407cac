"""What one camera's frames take while they are grouped and labelled on an executor, and how long."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass

import pandas as pd

from bench import archive
from bench.worked import highest
from shared.sequence import Limits


@dataclass(frozen=True, slots=True)
class Grouped:
    """What grouping one camera took."""

    bytes_a_frame: float  #: of the highest memory, less what the process had before
    ms_a_frame: float  #: of one core


def grouped(frames: int) -> Grouped:
    """Groups and labels so many made-up frames of one camera; to be called in a process of its own."""
    from batch.label import opened, told_of

    head = archive.head()
    opened(head)
    before = highest()
    rows, began = scored(frames), time.process_time()
    told_of(rows, head, Limits())
    seconds = time.process_time() - began
    more = highest() - before
    return Grouped(1e6 * more / frames, 1e3 * seconds / frames)


def scored(frames: int) -> pd.DataFrame:
    """Frames as they come to a group: no features, and scores of four classes; bursts as in an archive."""
    numbers = range(frames)
    scores = json.dumps(dict.fromkeys(archive.CLASSES, 1 / len(archive.CLASSES)))
    return pd.DataFrame({
        "camera": "camera 1",
        "path": [f"camera 1/100RECNX/IMG_{number:07}.JPG" for number in numbers],
        "digest": [hashlib.sha256(str(number).encode()).hexdigest() for number in numbers],
        "captured_at": [
            archive.FIRST + number // archive.BURST * archive.PAUSE + number % archive.BURST * archive.BETWEEN
            for number in numbers
        ],
        "status": "ok",
        "backbone": "made up-0",
        "scores": scores,
    })  # fmt: skip
