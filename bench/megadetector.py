"""Sequences as MegaDetector's tools make them, written straightforwardly: what `group` is compared with.

The algorithm is that of `create_sequences` in megadetector/data_management/cct_json_utils.py of
github.com/agentmorris/MegaDetector: per location, in order of time, a pause above the limit begins a new sequence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

INTERVAL_SECONDS = 60.0  # its own default

type Image = dict[str, Any]


def create_sequences(images: Iterable[Image], interval: float = INTERVAL_SECONDS) -> int:
    """Gives each image (`location`, `datetime`) its `seq_id`, `frame_num` and `seq_num_frames`; how many sequences."""
    by_location: dict[str, list[Image]] = defaultdict(list)
    for image in images:
        by_location[image["location"]].append(image)
    number = 0
    for location, here in by_location.items():
        here.sort(key=lambda image: (image["datetime"] is not None, image["datetime"]))
        sequences: list[list[Image]] = []
        before: datetime | None = None
        for image in here:
            at = image["datetime"]
            if before is None or at is None or (at - before).total_seconds() > interval:
                sequences.append([])
            image["seq_id"] = f"location_{location}_sequence_index_{len(sequences) - 1:05}"
            image["frame_num"] = len(sequences[-1])
            sequences[-1].append(image)
            before = at
        for sequence in sequences:
            for image in sequence:
                image["seq_num_frames"] = len(sequence)
        number += len(sequences)
    return number
