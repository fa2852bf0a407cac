"""A label that a rule asks for is told once, whatever is killed, late, twice or at the same time."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions import alarm, finalize, notify
from functions.notify import BeingSent
from shared.alert import ATTEMPT, OVERDUE, Alert, Errand, State, due, overlap, pending
from shared.day import Ask
from shared.deployment import Clocks
from shared.errors import NotTaken
from shared.frame import Frame, time_key
from shared.label import Changes, labels
from shared.rule import Rule
from shared.sequence import Limits
from tests.memory import MemoryOutbox, MemoryStore
from tests.unit.shared.making import FakeHead, seen

NOW = datetime(2026, 1, 31, 13, tzinfo=UTC)
SETTLE, DAY = timedelta(seconds=30), "20260131"
LEOPARDS = (Rule(name="leopards", classes=("leopard",)),)


class Crash(Exception):
    """The instance was killed."""


class Interrupted:
    """A thing before and after each of whose calls something may happen."""

    def __init__(self, thing: Any, happens: Callable[[], None]) -> None:
        self._thing, self._happens = thing, happens

    def __getattr__(self, name: str) -> Any:
        def call(*said: Any, **more: Any) -> Any:
            self._happens()
            answer = getattr(self._thing, name)(*said, **more)
            self._happens()
            return answer

        return call


@dataclass
class Hook:
    """A webhook that takes what it is sent, unless it is to answer otherwise first."""

    refuses: int = 0
    taken: list[str] = field(default_factory=list)

    def post(self, message: str, alert_id: str, now: datetime) -> None:
        assert json.loads(message)["id"] == alert_id
        if self.refuses:
            self.refuses -= 1
            raise NotTaken("the webhook answered 500")
        self.taken.append(alert_id)


class Site:
    """Tables, outbox, webhook and clock of one camera's alerts."""

    def __init__(self, *frames: Frame, rules: Sequence[Rule] = LEOPARDS) -> None:
        self.tables: Any = MemoryStore()
        self.outbox: Any = MemoryOutbox()
        self.kept: MemoryOutbox = self.outbox
        self.hook: Any = Hook()
        self.rules, self.head, self.now, self.limits = rules, FakeHead(), NOW, Limits()
        self.write(*frames)

    def write(self, *frames: Frame) -> None:
        for one in frames:
            self.tables.write_frame(one, "")

    def finalize(self) -> None:
        ring = partial(alarm.run, outbox=self.outbox, rules=lambda: self.rules, clocks=Clocks, now=lambda: self.now)
        finalize.run(
            Ask("cam", DAY).encode().encode(), store=self.tables, head=lambda: self.head,  # type: ignore[arg-type,return-value]
            limits=self.limits, settle=SETTLE, now=lambda: self.now, alarm=ring,
        )  # fmt: skip

    def again(self) -> None:
        alarm.again(outbox=self.outbox, now=lambda: self.now)

    def notify(self, one: Alert, *, hooked: bool = True) -> None:
        body = Errand(one.camera, one.key).encode().encode()
        notify.run(body, outbox=self.outbox, webhook=self.hook if hooked else None, now=lambda: self.now)

    def deliver(self) -> None:
        """Hands over every message on the queue, until the webhook took it."""
        for one in [*self.kept.sent]:
            while True:
                try:
                    self.notify(one)
                except (NotTaken, BeingSent, Crash):
                    self.now += timedelta(seconds=30)
                else:
                    break

    def states(self) -> list[State]:
        return [one.state for one in self.kept.all()]


def test_a_new_leopard_is_on_both_queues_and_told_once() -> None:
    site = Site(seen(0), seen(10), seen(500, 0.1))
    site.finalize()
    site.finalize()
    assert [one.label for one in site.kept.sent] == ["leopard"]
    assert site.states() == [State.QUEUED]
    site.deliver()
    site.deliver()
    assert site.hook.taken == [site.kept.sent[0].id]
    assert site.states() == [State.SENT]


def test_the_label_is_there_when_its_alert_is_sent() -> None:
    site = Site(seen(0))
    told = []
    site.outbox = Interrupted(site.kept, lambda: told.append((len(site.kept.sent), len([*site.tables.all_labels()]))))
    site.finalize()
    assert (1, 0) not in told
    assert (0, 0) in told
    assert (1, 1) in told


def test_an_alert_is_counted_by_sequence_and_class_not_by_label() -> None:
    site = Site(seen(0), seen(100))
    site.finalize()
    assert len(site.kept.sent) == 2
    site.write(seen(50))  # late: it joins both, and the second's id is gone
    site.finalize()
    site.write(seen(-20), seen(120))  # a new first frame: another id
    site.finalize()
    assert len(site.kept.sent) == 2


def test_what_was_one_sequence_is_told_once_though_a_late_frame_makes_it_two() -> None:
    site = Site(*(seen(at) for at in range(0, 110, 10)))
    site.finalize()
    site.write(*(seen(at) for at in (*range(110, 510, 10), *range(560, 860, 10))))
    site.finalize()
    site.write(seen(905))  # above the cap now: split at the largest pause, behind all that was noted first
    site.finalize()
    assert [one.n_frames for one in site.tables.all_labels("cam")] == [51, 31]
    assert len(site.kept.sent) == 1


def test_a_sequence_that_grows_into_a_leopards_is_told_then() -> None:
    site = Site(seen(0, 0.1))
    site.finalize()
    assert site.kept.sent == []
    site.write(seen(10, 0.99), seen(20, 0.99))
    site.finalize()
    assert [json.loads(one.message)["n_frames"] for one in site.kept.sent] == [3]


def test_a_relabelling_tells_nobody() -> None:
    site = Site(seen(0, 0.1), seen(500))
    site.finalize()
    assert len(site.kept.sent) == 1
    site.head = FakeHead("head 2")  # turns the scores round: the first is the leopard now
    site.finalize()
    assert [one.label for one in site.tables.all_labels("cam")] == ["leopard", "blank"]
    assert len(site.kept.sent) == 1


def test_an_archive_tells_nobody_unless_asked() -> None:
    site = Site(seen(0))
    site.now = NOW + timedelta(hours=48)
    site.finalize()
    assert site.kept.sent == []
    site = Site(seen(0), rules=[Rule(name="old too", newer_than=timedelta())])
    site.now = NOW + timedelta(days=900)
    site.finalize()
    assert len(site.kept.sent) == 1


def test_without_a_webhook_only_the_queue_for_others_is_told() -> None:
    site = Site(seen(0))
    site.finalize()
    site.notify(site.kept.sent[0], hooked=False)
    assert (len(site.kept.sent), site.hook.taken, site.states()) == (1, [], [State.QUEUED])


def test_a_webhook_that_refuses_is_told_again_until_it_takes_it() -> None:
    site = Site(seen(0))
    site.hook.refuses = 2
    site.finalize()
    with pytest.raises(NotTaken):
        site.notify(site.kept.sent[0])
    assert site.states() == [State.TRYING]
    site.now += timedelta(seconds=30)
    site.deliver()
    assert len(site.hook.taken) == 1


def test_a_second_message_waits_while_the_first_is_being_told() -> None:
    site = Site(seen(0))
    site.finalize()
    (one,) = site.kept.sent
    site.kept.mark(next(site.kept.all()), State.TRYING, NOW)
    with pytest.raises(BeingSent):
        site.notify(one)
    site.now += ATTEMPT
    site.notify(one)
    assert len(site.hook.taken) == 1


def test_an_alert_that_was_forgotten_is_not_told() -> None:
    site = Site(seen(0))
    site.finalize()
    site.kept._kept.clear()
    site.notify(site.kept.sent[0])
    assert site.hook.taken == []


def test_an_alert_that_grows_while_it_is_sent_is_not_sent_again() -> None:
    site, calls = Site(seen(0)), iter(range(100))

    def grows() -> None:
        if site.kept.sent and next(calls) == 2:  # it has been read, and is about to be marked
            (one,) = site.kept.all()
            assert site.kept.note(replace(one, last=seen(9).row_key), site.kept.turn("cam"))

    site.outbox = Interrupted(site.kept, grows)
    site.finalize()
    assert [(one.state, one.last) for one in site.kept.all()] == [(State.QUEUED, seen(9).row_key)]
    assert next(calls) > 3


def test_of_two_who_send_an_alert_at_once_one_does() -> None:
    site, calls = Site(seen(0)), iter(range(100))

    def another() -> None:
        if [*site.kept.pending()] and next(calls) == 1:  # it has been read, and is about to be marked
            alarm.send(site.kept.all(), pending, outbox=site.outbox, now=lambda: site.now)

    site.outbox = Interrupted(site.kept, another)
    site.finalize()
    assert [one.state for one in site.kept.all()] == [State.QUEUED]
    assert len(site.kept.sent) == 1
    assert next(calls) > 2


def test_only_what_waits_long_is_sent_again() -> None:
    site = Site(seen(0))
    site.outbox = Interrupted(site.kept, lambda: killed_once_noted(site.kept))
    with pytest.raises(Crash):
        site.finalize()
    site.outbox = site.kept
    site.again()
    assert site.kept.sent == []
    site.now += OVERDUE + timedelta(seconds=1)
    site.again()
    site.again()
    assert len(site.kept.sent) == 1


def killed_once_noted(outbox: MemoryOutbox) -> None:
    if [*outbox.pending()]:
        raise Crash


@settings(max_examples=300)
@given(
    st.lists(st.lists(st.integers(0, 40), min_size=1, max_size=4), min_size=1, max_size=6),
    st.sets(st.integers(0, 120), max_size=6),
)
def test_late_frames_and_crashes_at_any_point_tell_every_leopard_and_none_twice(
    arrivals: list[list[int]], crashes: set[int]
) -> None:
    site, calls = Site(), iter(range(10_000))

    def maybe() -> None:
        if next(calls) in crashes:
            raise Crash

    tables, site.outbox = site.tables, Interrupted(site.kept, maybe)
    for seconds in arrivals:
        site.tables = tables
        site.write(*(seen(25 * at) for at in seconds))
        site.tables = Interrupted(tables, maybe)
        through(site, site.finalize)
    while [*site.kept.pending()]:
        site.now += 2 * OVERDUE
        through(site, site.again)
    through(site, site.deliver)
    spans = [(one.first, one.last) for one in site.kept.all()]
    assert all(one.state is State.SENT for one in site.kept.all())
    assert all(any(first <= label.sequence_id <= last for first, last in spans) for label in tables.all_labels("cam"))
    # A crash after the answer and before the note of it is the one thing that repeats.
    assert len(site.hook.taken) - len(set(site.hook.taken)) <= len(crashes)
    assert not any(overlap(*pair) for pair in combinations(map(as_noted, site.kept.all()), 2))


def as_noted(one: Alert) -> Alert:
    """An alert covering what it was noted for, and nothing that joined it since."""
    end = datetime.fromisoformat(json.loads(one.message)["end"])
    return replace(one, first=one.sequence_id, last=f"{time_key(end)}~~")


def through(site: Site, step: Callable[[], None]) -> None:
    """Runs a step until it comes through, as the host does."""
    while True:
        try:
            return step()
        except Crash:
            site.now += timedelta(seconds=1)


SPANS = [(0, 5), (3, 8), (7, 9), (2, 4), (9, 9)]


@settings(max_examples=300)
@given(st.lists(st.sampled_from([0, 0, 1, 2]), max_size=60), st.permutations(SPANS))
def test_instances_that_decide_at_the_same_moment_note_what_overlaps_once(
    inserted: list[int], coming: list[tuple[int, int]]
) -> None:
    outbox, chances = MemoryOutbox(), iter(inserted)

    def others() -> None:
        for _ in range(next(chances, 0)):
            if coming:
                alarm.note(of(*coming.pop()), between)

    between: Any = Interrupted(outbox, others)
    while coming:
        alarm.note(of(*coming.pop()), between)
    kept = [*outbox.all()]
    assert not any(overlap(*pair) for pair in combinations(map(as_noted, kept), 2))
    assert all(any(one.first <= of(*span).first and of(*span).last <= one.last for one in kept) for span in SPANS)


def of(first: int, last: int) -> Alert:
    """A pending alert of a leopard from one second to another."""
    (label,) = labels([seen(first), seen(last + 0.5)], Limits(), FakeHead())  # type: ignore[arg-type]
    (alert,) = due(LEOPARDS, Changes((label,), (), ()), [], NOW, Clocks())
    return alert
