"""Only days whose message must be lost are asked for again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from functions import sweep
from shared.day import OVERDUE, Ask
from tests.memory import MemoryQueue, MemoryStore
from tests.unit.shared.making import note_due, settle

NOW = datetime(2026, 2, 1, 8, tzinfo=UTC)
SETTLE = timedelta(seconds=30)


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def swept(store: MemoryStore, now: datetime = NOW) -> list[tuple[str, int]]:
    queue = MemoryQueue()
    sweep.run(store=store, sequences=queue, settle=SETTLE, now=now)  # type: ignore[arg-type]
    return queue.sent


def test_only_days_long_due_and_not_settled_are_asked_for(store: MemoryStore) -> None:
    for day, late in {"20260101": 2, "20260102": 0.5, "20260103": -1, "20260104": 2}.items():
        note_due(store, "cam", day, NOW - late * OVERDUE)
    settle(store, "cam", "20260104")
    assert swept(store) == [(Ask("cam", "20260101").encode(), 30)]


def test_a_day_is_not_asked_for_at_every_tick(store: MemoryStore) -> None:
    note_due(store, "cam", "undated", NOW - 2 * OVERDUE)
    minutes = [NOW + timedelta(minutes=5 * tick) for tick in range(5)]
    assert [len(swept(store, now)) for now in minutes] == [1, 0, 0, 0, 1]


def test_with_nothing_to_do_nothing_is_sent(store: MemoryStore) -> None:
    assert swept(store) == []
