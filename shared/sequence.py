"""Frames into sequences: a pure function of times and digests."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Limits:
    """When a sequence ends: after a pause longer than `gap`; when longer than `cap` it is split (zero: never)."""

    gap: timedelta = timedelta(seconds=60)
    cap: timedelta = timedelta(minutes=15)


def group[T](
    frames: Iterable[T], limits: Limits, *, at: Callable[[T], datetime | None], tie: Callable[[T], str]
) -> list[list[T]]:
    """Sequences in order of time, frames in order of (time, tie); undated frames come last, each alone.

    A gap greater than the limit starts a new sequence, an equal one does not. A sequence longer than the cap is split
    at its largest inner gap, the earliest on ties, until every part is within it.
    """
    frames = list(frames)
    dated = sorted(((when, tie(frame), frame) for frame in frames if (when := at(frame))), key=lambda one: one[:2])
    times = [one[0] for one in dated]
    starts = _starts(times, limits)
    ends = [*starts[1:], len(dated)]
    undated = sorted((frame for frame in frames if at(frame) is None), key=tie)
    return [
        *([one[2] for one in dated[start:end]] for start, end in zip(starts, ends, strict=True) if start < end),
        *([frame] for frame in undated),
    ]


def _starts(times: Sequence[datetime], limits: Limits) -> list[int]:
    """Index of the first frame of each sequence."""
    gaps = [later - earlier for earlier, later in pairwise(times)]
    starts = [0, *(after for after, gap in enumerate(gaps, 1) if gap > limits.gap)]
    if not limits.cap:
        return starts
    # From the largest gap down, earliest first: one that lies in a part that is too long is the largest of that part,
    # since every larger one in it would have been cut before. So one pass gives what splitting part by part would.
    for after in sorted(range(1, len(times)), key=lambda after: (-gaps[after - 1], after)):
        place = bisect_left(starts, after)
        if place < len(starts) and starts[place] == after:
            continue
        last = starts[place] - 1 if place < len(starts) else len(times) - 1
        if times[last] - times[starts[place - 1]] > limits.cap:
            insort(starts, after)
    return starts
