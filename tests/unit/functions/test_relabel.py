"""Every day that another head settled is asked for, and is then settled under the new one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions import finalize, relabel
from shared.day import Ask, Settled
from shared.sequence import Limits
from tests.memory import MemoryQueue, MemoryStore
from tests.unit.shared.making import FakeHead, note_due, seen

NOW = datetime(2026, 2, 1, 8, tzinfo=UTC)
SETTLE = timedelta(seconds=30)
DAYS = ("20260131", "20260201", "undated")


def archive(head: str = "head 1") -> Any:
    store = MemoryStore()
    for at in (0, 86_400, None):
        store.write_frame(seen(at), "")
    for day in DAYS:
        note_due(store, "cam", day, NOW - SETTLE)
        finalized(store, day, head)
    return store


def finalized(store: Any, day: str, head: str) -> None:
    finalize.run(
        Ask("cam", day).encode().encode(),
        store=store, head=lambda: FakeHead(head), limits=Limits(), settle=SETTLE, now=lambda: NOW,  # type: ignore[arg-type, return-value]
    )  # fmt: skip


def asked(store: Any, head: str = "head 2", **said: Any) -> list[str]:
    queue: Any = MemoryQueue()
    days = relabel.run(store=store, sequences=queue, head=head, now=lambda: NOW, **said)
    assert sorted(queue.sent) == sorted((day.encode(), 0) for day in days)
    return sorted(day.day for day in days)


def test_days_of_another_head_are_asked_for_until_they_are_settled_under_this_one() -> None:
    store = archive()
    finalized(store, "undated", "head 2")
    assert asked(store) == [*DAYS[:2]]
    assert [day.day for day in store.read_days(unsettled=True)] == [*DAYS[:2]]
    assert asked(store) == [*DAYS[:2]]
    for day in DAYS:
        finalized(store, day, "head 2")
    assert asked(store) == []
    assert {(one.head, one.label) for one in store.all_labels()} == {("head 2", "blank")}


def test_a_day_to_which_frames_came_since_is_left_to_those() -> None:
    store = archive()
    note_due(store, "cam", "undated", NOW)
    assert asked(store, "head 1") == []


def test_a_day_whose_message_is_on_its_way_stays_due_for_that() -> None:
    store = archive()
    note_due(store, "cam", "undated", NOW + SETTLE)
    assert "undated" in asked(store)
    finalized(store, "undated", "head 2")
    day = store.read_day("cam", "undated")
    assert (day.due, day.settled) == (NOW + SETTLE, False)
    assert {one.head for one in store.all_labels() if one.sequence_id.startswith("undated")} == {"head 2"}


def test_a_settled_day_is_due_at_once_however_late_it_was_due_before() -> None:
    store = archive()
    note_due(store, "cam", "undated", NOW + timedelta(seconds=4))
    finalized(store, "undated", "head 1")
    assert "undated" in asked(store)
    assert store.read_day("cam", "undated").due == NOW


def test_all_days_are_asked_for_where_all_are_wanted() -> None:
    assert asked(archive(), "head 1", everything=True) == [*DAYS]


def test_a_day_settled_under_an_older_head_meanwhile_is_not_done() -> None:
    store = archive("head 0")
    before = store.read_day("cam", "undated")
    asked(store)
    assert not store.tell(before, [], 1, Settled("head 1", 1, 0, NOW))
    finalized(store, "undated", "head 1")
    assert "undated" in asked(store)


@dataclass
class Prompt(MemoryQueue):
    """A queue whose messages are answered before `send_message` returns."""

    store: Any = None

    def send_message(self, text: str, *, visibility_timeout: int = 0) -> None:
        finalized(self.store, Ask.decode(text.encode()).day, "head 2")


def test_a_message_answered_at_once_leaves_its_day_settled() -> None:
    store = archive()
    queue: Any = Prompt(store=store)
    relabel.run(store=store, sequences=queue, head="head 2", now=lambda: NOW)
    assert {(day.settled, day.head) for day in store.read_days()} == {(True, "head 2")}


def test_progress_is_told_day_by_day() -> None:
    told: list[tuple[int, int]] = []
    asked(archive(), progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_where_storage_fails_the_rest_is_not_asked_for() -> None:
    class Full(MemoryQueue):
        def send_message(self, text: str, *, visibility_timeout: int = 0) -> None:
            raise OSError("full")

    queue: Any = Full()
    with pytest.raises(OSError, match="full"):
        relabel.run(store=archive(), sequences=queue, head="head 2", now=lambda: NOW)
