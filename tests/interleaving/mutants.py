"""The protocol with one line of it missing, each as little changed as can be: what an exploration must find."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from datetime import timedelta
from typing import Any

import pytest

from functions import aggregate, finalize, judge, relabel
from shared import day, opening
from shared.label import Changes, changes
from shared.opening import open_day
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

    def ask(day: Any, row: Any, *, store: Any, sequences: Any, settle: timedelta, now: Any, **_: Any) -> Any:
        row = open_day(day, row, now + settle, store)
        sequences.send_message(day.encode(), visibility_timeout=int(settle.total_seconds()))
        return row

    patch.setattr(aggregate, "ask", ask)


def send_first(patch: Patch) -> None:
    """Relabel sends the message before it notes that the day is due."""

    def ask(day: Any, store: Any, queue: Any, now: Any, *, row: Any) -> None:
        aggregate.ask(day, row, store=store, sequences=queue, settle=timedelta(), now=now)

    patch.setattr(relabel, "ask", ask)


def fallen(patch: Patch) -> None:
    """A day is due when the last who asked says, also where that is earlier."""

    def late(ask: Any, row: Any, due: Any) -> Any:
        return day.Day(camera=ask.camera, day=ask.day, due=due, etag=row.etag if row else "")

    patch.setattr(opening, "opened", late)


def blind_settling(patch: Patch) -> None:
    """A day is told of and settled although its row has changed since it was read."""
    real = MemoryStore.tell

    def tell(store: MemoryStore, one: Any, *said: Any) -> bool:
        return real(store, store.read_day(one.camera, one.day) or one, *said)

    patch.setattr(MemoryStore, "tell", tell)


def no_neighbours(patch: Patch) -> None:
    """A sequence that changes is told of by the day that was looked at only."""
    patch.setattr(finalize, "neighbours", lambda *_: [])


def judge_asks_once(which: str) -> Callable[[Patch], None]:
    """Judge asks for its days only before, or only after, it writes."""

    def mutate(patch: Patch) -> None:
        asked: ContextVar[bool] = ContextVar("asked", default=False)
        real = judge.run

        def run(decision: Any, *, see_to: Any, **said: Any) -> Any:
            def once(ask: Any) -> None:
                before = not asked.get()
                asked.set(True)
                if before == (which == "before"):
                    see_to(ask)

            return real(decision, see_to=once, **said)

        patch.setattr(judge, "run", run)

    return mutate
