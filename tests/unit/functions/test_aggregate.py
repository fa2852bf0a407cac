"""A frame is kept under its content, and its day asked for once in a while."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import azure.functions as func
import pytest

import function_app
from functions import aggregate, clients, finalize
from shared.day import FRAMES_A_SECOND, Ask, Day
from shared.errors import BadMessage
from shared.frame import Frame
from shared.remembered import Remembered
from shared.sequence import Limits
from tests.memory import MemoryQueue, MemoryStore
from tests.unit.shared.making import FakeHead, corrupt, note_due, seen, settle

NOW = datetime(2026, 2, 1, 8, tzinfo=UTC)
SETTLE = timedelta(seconds=30)


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def queue() -> MemoryQueue:
    return MemoryQueue()


def arrive(
    one: Frame,
    store: Any,
    queue: Any,
    after: float = 0,
    settle: timedelta = SETTLE,
    remembered: Remembered | None = None,
) -> None:
    now, remembered = NOW + timedelta(seconds=after), remembered or Remembered()
    aggregate.run(
        one.encode().encode(), store=store, sequences=queue, settle=settle, now=lambda: now, remembered=remembered
    )


def kept(store: MemoryStore, one: Frame) -> Frame | None:
    return store.read_frame(one.camera, one.row_key)[0]


@pytest.mark.parametrize("one", [seen(preview=b"\xff\xd8"), corrupt(), seen(None, suspect=True)])
def test_a_first_frame_is_kept_whole_and_its_day_asked_for(store: MemoryStore, queue: MemoryQueue, one: Frame) -> None:
    arrive(one, store, queue)
    assert kept(store, one) == one
    assert queue.sent == [(Ask("cam", one.day).encode(), 30)]
    assert store.read_day("cam", one.day) == Day(camera="cam", day=one.day, due=NOW + SETTLE, etag="etag 1")


def test_a_frame_that_arrives_twice_is_one_row_and_one_ask(store: MemoryStore, queue: MemoryQueue) -> None:
    for after in (0, 1):
        arrive(seen(), store, queue, after)
    assert [*store.frame_keys()] == [("cam", seen().row_key)]
    assert len(queue.sent) == 1


@pytest.mark.parametrize("paths", ["ab", "ba", "bab", "abb"])
def test_the_smallest_path_wins_whichever_arrives_last(store: MemoryStore, queue: MemoryQueue, paths: str) -> None:
    for path in paths:
        arrive(seen(path=path, etag=path), store, queue)
    assert kept(store, seen()) == seen(path="a", etag="a")


def test_a_burst_is_asked_for_once(store: MemoryStore, queue: MemoryQueue) -> None:
    for after in range(20):
        arrive(seen(after), store, queue, after)
    assert len(queue.sent) == 1


@pytest.mark.parametrize(("after", "asks"), [(19, 1), (20, 2), (29, 2), (31, 2)])
def test_a_late_frame_asks_again_once_the_message_may_have_been_read(
    store: MemoryStore, queue: MemoryQueue, after: int, asks: int
) -> None:
    arrive(seen(0), store, queue)
    arrive(seen(1), store, queue, after)
    assert len(queue.sent) == asks


def test_a_day_is_read_once_for_the_frames_that_its_message_will_see(queue: MemoryQueue) -> None:
    store, remembered = Read(), Remembered()
    for after in (*range(20), 20, 21):
        arrive(seen(after), store, queue, after, remembered=remembered)
    assert (store.days_read, len(queue.sent)) == (2, 2)


def test_of_frames_that_come_at_once_one_asks_for_their_day(queue: MemoryQueue) -> None:
    together, remembered = Barrier(4), Remembered()

    class Together(MemoryStore):
        def write_frame(self, one: Frame, etag: str) -> bool:
            together.wait(timeout=10)
            return super().write_frame(one, etag)

        def read_day(self, camera: str, day: str) -> Day | None:
            found = super().read_day(camera, day)
            time.sleep(0.05)  # as long as storage takes, so that the others come meanwhile
            return found

    store = Together()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda after: arrive(seen(after), store, queue, remembered=remembered), range(4)))
    assert len(queue.sent) == 1


def test_what_is_remembered_of_one_day_says_nothing_of_another(queue: MemoryQueue) -> None:
    store, remembered = Read(), Remembered()
    for one in (seen(0), seen(86_400), seen(0, camera="cam 2"), seen(None)):
        arrive(one, store, queue, remembered=remembered)
    assert len(queue.sent) == 4


def test_a_day_that_was_forgotten_is_read_again(queue: MemoryQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.remembered.MOST", 1)
    store, remembered = Read(), Remembered()
    for one in (seen(0), seen(86_400), seen(1)):
        arrive(one, store, queue, remembered=remembered)
    assert (store.days_read, len(queue.sent)) == (3, 2)


@pytest.mark.parametrize("seconds", [(30, 50), (50, 30)])
def test_of_two_that_ask_at_once_the_later_message_settles_the_day(
    queue: MemoryQueue, seconds: tuple[int, int]
) -> None:
    store = MemoryStore()
    rows = [store.read_day("cam", "20260131") for _ in seconds]
    for row, wait in zip(rows, seconds, strict=True):
        aggregate.ask(
            Ask("cam", "20260131"), row, store=store, sequences=queue, settle=timedelta(seconds=wait), now=NOW  # type: ignore[arg-type]
        )  # fmt: skip
    assert store.read_day("cam", "20260131").due == NOW + timedelta(seconds=50)  # type: ignore[union-attr]


def test_a_frame_of_a_dense_day_asks_for_it_later(store: MemoryStore, queue: MemoryQueue) -> None:
    note_due(store, "cam", "20260131", NOW)
    store.tell(store.read_day("cam", "20260131"), [], seen=86_400)  # type: ignore[arg-type]
    arrive(seen(), store, queue)
    wait = timedelta(seconds=86_400 / FRAMES_A_SECOND)
    assert [seconds for _, seconds in queue.sent] == [wait.total_seconds()]
    assert store.read_day("cam", "20260131").due == NOW + wait  # type: ignore[union-attr]


def test_each_camera_and_day_is_asked_for_on_its_own(store: MemoryStore, queue: MemoryQueue) -> None:
    for one in (seen(0), seen(86_400), seen(None), seen(0, camera="cam 2")):
        arrive(one, store, queue)
    asks = [Ask.decode(text.encode()) for text, _ in queue.sent]
    assert asks == [Ask("cam", "20260131"), Ask("cam", "20260201"), Ask("cam", "undated"), Ask("cam 2", "20260131")]


def test_a_frame_that_arrives_after_its_day_was_settled_opens_it_again(store: MemoryStore, queue: MemoryQueue) -> None:
    arrive(seen(0), store, queue)
    settle(store, "cam", "20260131")
    arrive(seen(1), store, queue, 60)
    assert store.read_day("cam", "20260131").settled is False  # type: ignore[union-attr]
    assert len(queue.sent) == 2


class Read(MemoryStore):
    """A store that counts how often a day is read."""

    days_read = 0

    def read_day(self, camera: str, day: str) -> Day | None:
        self.days_read += 1
        return super().read_day(camera, day)


class Slow(MemoryStore):
    """A store where another does something first, once, whenever a frame is to be written."""

    def __init__(self, first: Any) -> None:
        super().__init__()
        self.first = first

    def write_frame(self, one: Frame, etag: str) -> bool:
        first, self.first = self.first, None
        if first:
            first(self)
        return super().write_frame(one, etag)


def test_a_lost_race_is_repeated_and_neither_path_is_lost(queue: MemoryQueue) -> None:
    store = Slow(lambda store: MemoryStore.write_frame(store, seen(path="a", etag="a"), ""))
    arrive(seen(path="b", etag="b", leopard=0.4), store, queue)
    assert kept(store, seen()) == seen(path="a", etag="a", leopard=0.4)


def test_a_crash_before_the_note_costs_one_message_more_and_no_frame(store: MemoryStore, queue: MemoryQueue) -> None:
    store.open_day = None  # type: ignore[assignment, method-assign]
    with pytest.raises(TypeError):
        arrive(seen(), store, queue)
    del store.open_day
    arrive(seen(), store, queue, 1)
    assert (len(queue.sent), store.read_day("cam", "20260131").settled) == (2, False)  # type: ignore[union-attr]


def test_a_message_that_is_no_frame_is_told_so_and_nothing_is_written(store: MemoryStore, queue: MemoryQueue) -> None:
    with pytest.raises(BadMessage):
        aggregate.run(b"{}", store=store, sequences=queue, settle=SETTLE, now=lambda: NOW, remembered=Remembered())  # type: ignore[arg-type]
    assert (queue.sent, [*store.frame_keys()], [*store.read_days()]) == ([], [], [])


def test_a_frame_whose_writing_took_long_is_not_left_to_a_message_already_read(
    queue: MemoryQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [NOW]

    def meanwhile(store: Any) -> None:
        clock[0] += timedelta(minutes=1)
        ask, head = Ask("cam", "20260131").encode().encode(), FakeHead()
        finalize.run(ask, store=store, head=lambda: head, limits=Limits(), settle=SETTLE, now=lambda: clock[0])  # type: ignore[arg-type]

    store = Slow(meanwhile)
    note_due(store, "cam", "20260131", NOW + SETTLE)
    for name, value in {"store": store, "sequences": queue, "now": None}.items():
        monkeypatch.setattr(clients, name, lambda value=value: value or clock[0])
    function_app.frame_arrived(func.QueueMessage(body=seen().encode()))  # type: ignore[operator, arg-type]
    assert replace(store.read_day("cam", "20260131"), etag="").settled is False  # type: ignore[type-var]
