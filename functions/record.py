"""What people said elsewhere is recorded as what they say on the review page is: nobody's later word is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import batched
from typing import TYPE_CHECKING, NamedTuple

from functions.relabel import ask
from shared.day import Ask, day_of_key
from shared.decision import recorded, stands
from shared.verdict import Verdict

if TYPE_CHECKING:
    from azure.storage.queue import QueueClient

    from shared.store import Store

# Frames are read a thousand at a time, and written a hundred at a time.
LOT = 1_000


class Recorded(NamedTuple):
    """How many frames have the verdict that was brought, and how many kept a later one."""

    recorded: int
    later: int


def run(
    verdicts: Iterable[Verdict],
    *,
    store: Store,
    sequences: QueueClient,
    now: Callable[[], datetime],
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Recorded:
    """Records verdicts, the last where a frame has several, and has the labels follow; safe to run again at any point.

    `now` is UTC by the clock that the functions go by. Interrupted, what was recorded so far stays.
    """
    last = sorted({(one.camera, one.row_key): one for one in verdicts}.items())
    cameras: dict[str, list[Verdict]] = {}
    for (camera, _), one in last:
        cameras.setdefault(camera, []).append(one)
    done, kept, later = 0, 0, 0
    for own in cameras.values():
        for lot in batched(own, LOT, strict=False):
            counts = keep(lot, store)
            for day in sorted({day_of_key(one.row_key) for one in lot}):
                ask(Ask(lot[0].camera, day), store, sequences, now())
            done, kept, later = done + len(lot), kept + counts.recorded, later + counts.later
            progress(done, len(last))
    return Recorded(kept, later)


def keep(verdicts: Sequence[Verdict], store: Store) -> Recorded:
    """Writes verdicts on one camera's frames, each frame once, unless a later one is there or comes meanwhile."""
    camera, keys = verdicts[0].camera, {one.row_key for one in verdicts}
    while True:
        found = store.read_verdicts(camera, keys)
        stored = {row_key: there for row_key, (there, _) in found.items()}
        decisions = recorded(verdicts, stored)
        if not decisions or store.decide(decisions, {row_key: etag for row_key, (_, etag) in found.items()}):
            later = sum(one.row_key in stored and _is_later(one, stored[one.row_key]) for one in verdicts)
            return Recorded(len(stored) - later, later)


def _is_later(new: Verdict, there: Verdict | None) -> bool:
    return stands(new, there) and there != new
