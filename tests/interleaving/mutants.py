"""The protocol with one line of it missing, each as little changed as can be: what an exploration must find."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from datetime import timedelta
from typing import Any

import pytest

from functions import aggregate, finalize, judge, relabel
from shared import day
from shared.label import Changes, changes
from tests.memory import MemoryStore, MemoryTable

type Patch = pytest.MonkeyPatch

# Each worker is a greenlet, and has contexts of its own.
LOOKED: ContextVar[bool] = ContextVar("LOOKED", default=False)


def one_look(patch: Patch) -> None:
    """Finalize stops after its first write."""

    def first(want: Any, stored: Any) -> Changes:
        if LOOKED.get():
            return Changes((), (), ())
        LOOKED.set(True)
        return changes(want, stored)

    patch.setattr(finalize, "changes", first)


def no_etags(patch: Patch) -> None:
    """Whoever writes last is right."""
    patch.setattr(MemoryTable, "fits", lambda *_: True)


def no_margin(patch: Patch) -> None:
    """All clocks are taken for one."""
    patch.setattr(day, "MARGIN", timedelta())


def early_clock(patch: Patch) -> None:
    """Aggregate reads the time before it writes the frame."""
    real = aggregate.run

    def run(body: bytes, **said: Any) -> None:
        moment = said["now"]()
        real(body, **said | {"now": lambda: moment})

    patch.setattr(aggregate, "run", run)


def note_first(patch: Patch) -> None:
    """Aggregate notes when a day is due before it sends the message."""

    def ask(day: Any, *, store: Any, sequences: Any, settle: timedelta, now: Any, **_: Any) -> None:
        store.write_due(day.camera, day.day, now + settle)
        sequences.send_message(day.encode(), visibility_timeout=int(settle.total_seconds()))

    patch.setattr(aggregate, "ask", ask)


def send_first(patch: Patch) -> None:
    """Relabel sends the message before it notes that the day is due."""
    patch.setattr(
        relabel, "ask",
        lambda day, store, queue, now: aggregate.ask(day, store=store, sequences=queue, settle=timedelta(), now=now),
    )  # fmt: skip


def blind_settling(patch: Patch) -> None:
    """A day is settled although its row has changed since it was read."""
    real = MemoryStore.settle

    def settle(store: MemoryStore, one: Any, *args: Any, **said: Any) -> bool:
        return real(store, store.read_day(one.camera, one.day) or one, *args, **said)

    patch.setattr(MemoryStore, "settle", settle)


def no_neighbours(patch: Patch) -> None:
    """A sequence that changes is told of by the day that was looked at only."""
    patch.setattr(finalize, "neighbours", lambda *_: [])


def blind_briefs(patch: Patch) -> None:
    """A day is told of although its row has changed since it was read."""
    real = MemoryStore.tell

    def tell(store: MemoryStore, one: Any, briefs: Any, seen: int = 0) -> Any:
        return real(store, store.read_day(one.camera, one.day) or one, briefs, seen)

    patch.setattr(MemoryStore, "tell", tell)


def judge_asks_once(which: str) -> Callable[[Patch], None]:
    """Judge asks for its days only before, or only after, it writes."""

    def mutate(patch: Patch) -> None:
        asked: ContextVar[bool] = ContextVar("asked", default=False)
        real = aggregate.see_to

        def see_to(*args: Any, **said: Any) -> bool:
            before = not asked.get()
            asked.set(True)
            return real(*args, **said) if before == (which == "before") else False

        patch.setattr(judge, "see_to", see_to)

    return mutate
