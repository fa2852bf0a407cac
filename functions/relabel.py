"""Days that another head settled are asked for again."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TYPE_CHECKING

from shared.day import Ask, Day, to_relabel
from shared.opening import open_day

if TYPE_CHECKING:
    from azure.storage.queue import QueueClient

    from shared.store import Store

# Each day takes two calls to storage; one after another, 50,000 days of an archive would take an hour from a laptop.
WORKERS = 8


def run(
    *,
    store: Store,
    sequences: QueueClient,
    head: str,
    now: Callable[[], datetime],
    everything: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Ask]:
    """Asks for every day that was last settled under another head than this version, or for all; which those were.

    `now` is UTC by the clock that the functions go by. Safe to interrupt and to run again at any point: a day asked for
    twice is finalized twice, to the same labels.
    """
    days = to_relabel(store.read_days() if everything else store.days_not_under(head), head, everything=everything)
    pool = ThreadPoolExecutor(WORKERS)
    try:
        for done, _ in enumerate(pool.map(lambda day: ask(day.ask, store, sequences, now(), row=day), days), 1):
            progress(done, len(days))
    finally:
        pool.shutdown(cancel_futures=True)
    return [day.ask for day in days]


def ask(day: Ask, store: Store, sequences: QueueClient, now: datetime, *, row: Day | None = None) -> None:
    """Notes that a camera's day is due at once, then sends it to be finalized; `row` is its own, where that was read.

    Where another message is on its way, the day stays due for that one, which settles it.

    In this order, unlike `aggregate`, whose message waits: this one may be answered before the next line runs, and a
    day noted as due after that would be settled by nobody. A crash in between leaves a day that `sweep` finds.
    """
    open_day(day, row, now, store)
    sequences.send_message(day.encode())
