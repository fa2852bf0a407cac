"""Frames into sequences: a pure function of times and digests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from operator import itemgetter

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
    dated = sorted(((when, tie(frame), frame) for frame in frames if (when := at(frame))), key=itemgetter(0, 1))
    times = [one[0] for one in dated]
    starts = [*_starts(times, limits)] if times else []
    undated = sorted((frame for frame in frames if at(frame) is None), key=tie)
    return [
        *([one[2] for one in dated[start:end]] for start, end in pairwise((*starts, len(dated)))),
        *([frame] for frame in undated),
    ]


def _starts(times: Sequence[datetime], limits: Limits) -> Iterator[int]:
    """Index of the first frame of each sequence, in order."""
    # A pause above the gap ends a sequence whatever else does: only what is too long between two is looked at again.
    long = (at for at, (earlier, later) in enumerate(pairwise(times), 1) if later - earlier > limits.gap)
    for first, end in pairwise((0, *long, len(times))):
        within = end - first <= limits.most and not (limits.cap and times[end - 1] - times[first] > limits.cap)
        yield from (first,) if within else _split(times[first:end], first, limits)


def _split(times: Sequence[datetime], offset: int, limits: Limits) -> list[int]:
    """Where the parts of a sequence begin that is longer than the cap, or of more frames than the most."""
    left, right, root = _tree([later - earlier for earlier, later in pairwise(times)])
    starts = [offset]
    todo = [(root, 0, len(times) - 1)]
    while todo:
        at, first, last = todo.pop()
        too_long = bool(limits.cap) and times[last] - times[first] > limits.cap
        if at != NOWHERE and (too_long or last - first >= limits.most):
            starts.append(offset + at + 1)
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
