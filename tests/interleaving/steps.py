"""The real steps, as workers run them: what they see of the world comes through calls that the scheduler answers."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple

import greenlet

from functions import aggregate, finalize, judge, relabel, sweep
from functions.finalize import NeverQuiet
from shared.day import to_relabel
from shared.sequence import Limits

LIMITS = Limits(timedelta(seconds=60), timedelta(seconds=300))
SETTLE = timedelta(seconds=30)


class Call(NamedTuple):
    """What a step is about to do outside of itself."""

    on: str  #: store, queue, clock, heads, memory
    name: str
    args: tuple[Any, ...]
    said: dict[str, Any]


class Task(NamedTuple):
    """What there is to be run: a step, and its message or decision, or the version of a head."""

    step: str
    about: Any


class Asking:
    """A thing whose every call stops the worker until the scheduler says what came of it."""

    def __init__(self, on: str) -> None:
        self._on = on

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda *args, **said: greenlet.getcurrent().parent.switch(Call(self._on, name, args, said))


class Memory(Asking):
    """A worker's own, which has one thread here."""

    alone = nullcontext()


STORE: Any = Asking("store")
QUEUE: Any = Asking("queue")
CLOCK: Any = Asking("clock")
HEADS: Any = Asking("heads")
MEMORY: Any = Memory("memory")


def arrive(body: str) -> None:
    aggregate.run(
        body.encode(), store=STORE, sequences=QUEUE, settle=SETTLE, now=CLOCK.now, remembered=MEMORY
    )  # fmt: skip


def settle(
    body: str,
    *,
    store: Any = STORE,
    queue: Any = QUEUE,
    head: Any = HEADS.latest,
    now: Any = CLOCK.now,
    memory: Any = MEMORY,
) -> bool:
    """As `function_app` puts it together; whether it came through."""
    see_to = partial(aggregate.see_to, store=store, sequences=queue, settle=SETTLE, now=now, remembered=memory)
    try:
        finalize.run(
            body.encode(), store=store, head=head, limits=LIMITS, settle=SETTLE, now=now, see_to=see_to
        )  # fmt: skip
    except NeverQuiet:
        return False
    return True


def decide(decision: Any) -> bool:
    """Whether the decision was taken."""
    see_to = partial(
        aggregate.see_to, store=STORE, sequences=QUEUE, settle=SETTLE, now=CLOCK.now, remembered=MEMORY
    )  # fmt: skip
    return judge.run(decision, store=STORE, see_to=see_to, now=CLOCK.now).standing is None


def publish(version: str) -> None:
    """A head, and then as `relabel.run` does without its threads."""
    HEADS.publish(version)
    for day in to_relabel(STORE.days_not_under(version), version):
        relabel.ask(day.ask, STORE, QUEUE, CLOCK.now(), row=day)


def pass_by(_: Any) -> None:
    sweep.run(store=STORE, sequences=QUEUE, settle=SETTLE, now=CLOCK.now())


STEPS: dict[str, Callable[[Any], Any]] = {
    "aggregate": arrive, "finalize": settle, "judge": decide, "publish": publish, "sweep": pass_by,
}  # fmt: skip
