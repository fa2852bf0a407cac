"""Active learning: the sequences whose verdict would teach most."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from heapq import nsmallest
from itertools import islice

from shared.averaging import margin
from shared.frame import UNDATED
from shared.label import UNKNOWN, Label


def sequence_of(row_key: str, ids: Sequence[str]) -> str:
    """The sequence that a frame belongs to, from the ids of its camera's sequences in order.

    An id is the row key of a sequence's first frame. Undated frames, and those before any sequence, stand alone.
    """
    place = bisect_right(ids, row_key)
    return ids[place - 1] if place and not row_key.startswith(UNDATED) else row_key


def judged(frames: Iterable[tuple[str, str]], ids: Callable[[str], Sequence[str]]) -> set[tuple[str, str]]:
    """Camera and id of the sequences that these frames (camera, row key) are in; `ids` gives a camera's, in order."""
    keys: dict[str, list[str]] = {}
    for camera, row_key in frames:
        keys.setdefault(camera, []).append(row_key)
    known = ((camera, own, ids(camera)) for camera, own in keys.items())
    return {(camera, sequence_of(key, found)) for camera, own, found in known for key in own}


def most_telling(labels: Iterable[Label], judged: Collection[tuple[str, str]], n: int) -> list[Label]:
    """The `n` most uncertain sequences that nobody judged (camera, sequence id), one of each camera in every round.

    Uncertain is `unknown` before anything else, then the smaller margin; cameras take turns in the order of their most
    uncertain sequence. Sequences without scores are left out: there is nothing to learn from, or nothing to ask.
    """
    cameras: dict[str, list[Label]] = {}
    for label in labels:
        if label.scores and (label.camera, label.sequence_id) not in judged:
            own = cameras.setdefault(label.camera, [])
            own.append(label)
            if len(own) > 2 * n:  # of a million frames all labels would take 0.8 GB
                own[:] = nsmallest(n, own, _certainty)
    queues = [nsmallest(n, own, _certainty) for own in cameras.values()]
    queues.sort(key=lambda own: [*map(_certainty, own[:1])])
    return list(islice(_taking_turns(queues), n))


def _certainty(label: Label) -> tuple[bool, float, str, str]:
    return label.label != UNKNOWN, round(margin(label.scores), 6), label.camera, label.sequence_id


def _taking_turns(queues: list[list[Label]]) -> Iterator[Label]:
    for turn in range(max(map(len, queues), default=0)):
        yield from (queue[turn] for queue in queues if turn < len(queue))
