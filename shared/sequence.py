"""Frames into sequences: a pure function of times and digests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

# A label names all of its frames, in a row of at most 1 MiB (docs/decisions/0033-dense-days.md): 520 bytes for each.
MOST = 2_000
NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Limits:
    """When a sequence ends: after a pause longer than `gap`; longer than `cap`, or of more than `most`, it is split."""

    gap: timedelta = timedelta(seconds=60)
    cap: timedelta = timedelta(minutes=15)  #: zero: however long
    most: int = MOST  #: frames


def group[T](
    frames: Iterable[T], limits: Limits, *, at: Callable[[T], datetime | None], tie: Callable[[T], str]
) -> list[list[T]]:
    """Sequences in order of time, frames in order of (time, tie); undated frames come last, each alone.

    A gap greater than the limit starts a new sequence, an equal one does not. A sequence longer than the cap, or of
    more frames than the most, is split at its largest inner gap, the earliest on ties, until every part is within both.
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
    left, right, root = _tree(gaps)
    starts = [0]
    todo = [(root, 0, len(times) - 1)]
    while todo:
        at, first, last = todo.pop()
        if at == NOWHERE:
            continue
        too_long = bool(limits.cap) and times[last] - times[first] > limits.cap
        # The gaps below are no larger: where this one ends nothing, none of them does.
        if gaps[at] > limits.gap or too_long or last - first >= limits.most:
            starts.append(at + 1)
            todo += [(left[at], first, at), (right[at], at + 1, last)]
    return sorted(starts)


def _tree(gaps: Sequence[timedelta]) -> tuple[list[int], list[int], int]:
    """The gaps as a tree: the largest of all at its root, the earliest on ties; below it those before and after.

    Built in one pass (Vuillemin 1980): looking for the largest gap of each part would take n² steps for equal gaps.
    """
    left, right = [NOWHERE] * len(gaps), [NOWHERE] * len(gaps)
    falling: list[int] = []  # those that nothing larger has followed yet
    for at, gap in enumerate(gaps):
        while falling and gaps[falling[-1]] < gap:
            left[at] = falling.pop()
        if falling:
            right[falling[-1]] = at
        falling.append(at)
    return left, right, falling[0] if falling else NOWHERE
