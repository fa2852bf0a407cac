"""In whatever order messages come, however often and however late, the labels end as the frames say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from functions import aggregate, finalize, relabel, sweep
from shared.day import Ask, to_relabel
from shared.frame import Frame, merged
from shared.label import Label, labels
from shared.sequence import Limits
from tests.memory import MemoryQueue, MemoryStore
from tests.unit.shared.making import FakeHead, corrupt, seen

CAMERAS, DAYS = ("north", "south/2"), ("20260131", "20260201", "20260202", "undated")
LIMITS = Limits(timedelta(seconds=60), timedelta(seconds=300))
SETTLE = timedelta(seconds=30)
FIRST, SECOND = datetime(2026, 2, 1), datetime(2026, 2, 2)
HEAD = FakeHead()


class Site:
    """Storage, queue, clock and host of one pipeline."""

    def __init__(self) -> None:
        self.store: Any = MemoryStore()
        self.queue: Any = MemoryQueue()
        self.now = datetime(2026, 3, 1, tzinfo=UTC)
        self.due: list[tuple[datetime, str]] = []
        self.head = HEAD

    def arrive(self, one: Frame) -> None:
        aggregate.run(
            one.encode().encode(), store=self.store, sequences=self.queue, settle=SETTLE, now=lambda: self.now
        )  # fmt: skip
        self.send()

    def relabel(self, everything: bool) -> None:
        """As the step does, without its threads."""
        for day in to_relabel(self.store.read_days(), self.head.version, everything=everything):
            relabel.ask(day, self.store, self.queue, self.now)
            self.send()

    def publish(self, head: FakeHead) -> None:
        """As `uncia publish --relabel` does."""
        self.head = head
        self.relabel(everything=False)

    def send(self) -> None:
        self.due += [(self.now + timedelta(seconds=seconds), text) for text, seconds in self.queue.sent]
        self.queue.sent.clear()

    def finalize(self, text: str) -> None:
        finalize.run(
            text.encode(), store=self.store, head=lambda: self.head, limits=LIMITS, settle=SETTLE, now=lambda: self.now
        )  # fmt: skip

    def deliver(self, place: int) -> None:
        """Hands over one of the messages that are visible, if any is."""
        visible = [one for one in self.due if one[0] <= self.now]
        if visible:
            one = visible[place % len(visible)]
            self.finalize(one[1])  # a message is gone only once its step came through
            self.due = [other for other in self.due if other is not one]

    def lose(self, place: int) -> None:
        """A message is gone without effect: poisoned, expired, or its worker killed."""
        if self.due:
            self.due.pop(place % len(self.due))

    def quiet(self, order: int = 0) -> None:
        """Time passes and every message is handed over."""
        self.now += timedelta(days=1)
        while self.due:
            self.deliver(order)

    def labels(self, camera: str) -> list[Label]:
        return list(self.store.all_labels(camera))


def wanted(frames: list[Frame], camera: str, head: FakeHead = HEAD) -> list[Label]:
    """The labels of all frames of a camera, each stored once under the smallest of its paths."""
    stored: dict[str, Frame] = {}
    for one in sorted((one for one in frames if one.camera == camera), key=lambda one: one.path, reverse=True):
        stored[one.row_key] = scored(merged(stored.get(one.row_key), one), head)
    return sorted(labels(stored.values(), LIMITS, head), key=lambda one: one.sequence_id)


def scored(one: Frame, head: FakeHead) -> Frame:
    """A frame with the head's scores, whosever it came with."""
    if one.head == head.version or not one.features:
        return one
    (scores,) = head.scores(np.frombuffer(one.features, "<f2")[np.newaxis])
    return replace(one, scores=scores, head=head.version)


NEAR_MIDNIGHT = st.builds(
    lambda midnight, seconds: midnight + timedelta(seconds=seconds),
    st.sampled_from([FIRST, SECOND]),
    st.integers(-200, 200) | st.integers(-20, 20).map(lambda half: 30 * half) | st.integers(-86_400, 86_399),
)
SCORES = st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0])
SEEN = st.builds(
    lambda at, score, camera, old: seen(at, score, "head 0" if old else HEAD.version, camera=camera),
    st.none() | NEAR_MIDNIGHT, SCORES, st.sampled_from(CAMERAS), st.booleans(),
)  # fmt: skip
CORRUPT = st.builds(lambda at, camera: corrupt(at, camera=camera), st.none() | NEAR_MIDNIGHT, st.sampled_from(CAMERAS))


def burst(first: Frame, step: int, count: int) -> list[Frame]:
    if first.captured_at is None:
        return [first]
    times = [first.captured_at + timedelta(seconds=step * n) for n in range(count)]
    return [seen(at, 0.9, camera=first.camera, seed="burst") for at in times]


BURSTS = st.builds(burst, SEEN, st.sampled_from([1, 20, 60, 61]), st.integers(1, 8))


@st.composite
def arriving(draw: st.DrawFn) -> list[Frame]:
    """Frames, told apart by their digests, some under several paths, in the order in which they arrive."""
    first = [*draw(st.lists(SEEN | CORRUPT, max_size=12)), *chain(*draw(st.lists(BURSTS, max_size=3)))]
    frames = list({one.digest: one for one in first}.values())
    again = draw(st.lists(st.sampled_from(frames), max_size=6)) if frames else []
    paths = draw(st.lists(st.sampled_from(["a", "z"]), min_size=len(again), max_size=len(again)))
    copies = [replace(one, path=path, etag=path) for one, path in zip(again, paths, strict=True)]
    return draw(st.permutations(frames + copies + again))


ACTIONS = st.one_of(
    st.tuples(st.just("wait"), st.sampled_from([1, 10, 24, 26, 31])),
    st.tuples(st.just("deliver"), st.integers(0, 5)),
    st.tuples(st.just("relabel"), st.booleans()),
    st.tuples(st.just("finalize"), st.builds(Ask, st.sampled_from(CAMERAS), st.sampled_from(DAYS)).map(Ask.encode)),
)  # fmt: skip


@st.composite
def schedules(draw: st.DrawFn) -> tuple[list[Frame], list[Any]]:
    """Frames, and what happens: each arrives, other things happen before, between and after."""
    frames = draw(arriving())
    events: list[Any] = [("arrive", one) for one in frames]
    for action in draw(st.lists(ACTIONS, max_size=15)):
        events.insert(draw(st.integers(0, len(events))), action)
    return frames, events


def happen(site: Site, what: str, said: Any) -> None:
    if what == "wait":
        site.now += timedelta(seconds=said)
    else:
        getattr(site, what)(said)


@settings(max_examples=200)
@given(schedules(), st.integers(0, 5))
def test_labels_end_as_all_frames_say_and_every_day_settled(
    schedule: tuple[list[Frame], list[Any]], order: int
) -> None:
    site = Site()
    for what, said in schedule[1]:
        happen(site, what, said)
    site.quiet(order)
    assert {camera: site.labels(camera) for camera in CAMERAS} == {one: wanted(schedule[0], one) for one in CAMERAS}
    assert {day.settled for day in site.store.read_days()} <= {True}
    assert {(d.camera, d.day) for d in site.store.read_days()} == {(one.camera, one.day) for one in schedule[0]}


LOSSES = st.lists(st.tuples(st.just("lose"), st.integers(0, 5)), min_size=1, max_size=6)


@settings(max_examples=300)
@given(st.data(), schedules(), LOSSES)
def test_a_day_whose_message_is_lost_is_not_settled_before_the_sweep_has_asked_again(
    data: st.DataObject, schedule: tuple[list[Frame], list[Any]], losses: list[Any]
) -> None:
    site, events = Site(), list(schedule[1])
    for loss in losses:
        events.insert(data.draw(st.integers(0, len(events))), loss)
    for what, said in events:
        happen(site, what, said)
    site.quiet()
    sweep_up(site)
    assert {camera: site.labels(camera) for camera in CAMERAS} == {one: wanted(schedule[0], one) for one in CAMERAS}
    assert {day.settled for day in site.store.read_days()} <= {True}


def test_a_frame_that_relies_on_a_message_that_is_lost_is_labelled_all_the_same() -> None:
    site = Site()
    begin = site.now
    for after, one in ((0, seen(0)), (26, seen(1)), (40, seen(2))):
        site.now = begin + timedelta(seconds=after)
        site.deliver(0)
        site.arrive(replace(one, camera=CAMERAS[0]))
    site.due.clear()
    assert [day.settled for day in site.store.read_days()] == [False]
    sweep_up(site)
    assert [one.n_frames for one in site.labels(CAMERAS[0])] == [3]


@given(arriving())
def test_delivering_everything_again_changes_nothing(frames: list[Frame]) -> None:
    site = Site()
    before = None
    for _ in range(3):
        for one in frames:
            site.arrive(one)
        site.quiet()
        before = before or dict(site.store._labels.kept)
        assert site.store._labels.kept == before


class Interrupted(MemoryStore):
    """A store where, before each call, something else may happen first."""

    def __init__(self, happens: Callable[[], None]) -> None:
        super().__init__()
        self.happens = happens

    def __getattribute__(self, name: str) -> Any:
        if not name.startswith("_") and name != "happens":
            object.__getattribute__(self, "happens")()
        return super().__getattribute__(name)


@settings(max_examples=200)
@given(schedules(), st.lists(st.sampled_from([0, 0, 0, 1, 2]), max_size=200))
def test_steps_that_run_into_each_other_end_alike(schedule: tuple[list[Frame], list[Any]], inserted: list[int]) -> None:
    # No time passes inside a step: test_aggregate has what happens when it does.
    site, coming = Site(), [event for event in schedule[1] if event[0] != "wait"]
    chances = iter(inserted)

    def others() -> None:
        for _ in range(next(chances, 0)):
            if coming:
                happen(site, *coming.pop(0))

    site.store = Interrupted(others)
    while coming:
        happen(site, *coming.pop(0))
    site.quiet()
    assert {camera: site.labels(camera) for camera in CAMERAS} == {one: wanted(schedule[0], one) for one in CAMERAS}
    assert {day.settled for day in site.store.read_days()} <= {True}


@settings(max_examples=200)
@given(st.data(), schedules(), st.lists(st.sampled_from([0, 0, 0, 1, 2]), max_size=200))
def test_a_relabel_that_runs_into_uploads_leaves_no_label_of_the_head_before(
    data: st.DataObject, schedule: tuple[list[Frame], list[Any]], inserted: list[int]
) -> None:
    site, coming, new = Site(), [event for event in schedule[1] if event[0] != "wait"], FakeHead("head 2")
    chances = iter(inserted)
    coming.insert(data.draw(st.integers(0, len(coming))), ("publish", new))

    def others() -> None:
        for _ in range(next(chances, 0)):
            if coming:
                happen(site, *coming.pop(0))

    site.store = Interrupted(others)
    while coming:
        happen(site, *coming.pop(0))
    site.quiet()
    assert {one: site.labels(one) for one in CAMERAS} == {one: wanted(schedule[0], one, new) for one in CAMERAS}
    assert {(day.settled, day.head) for day in site.store.read_days()} <= {(True, "head 2")}


class Crash(Exception):
    """The instance was killed."""


@settings(max_examples=200)
@given(schedules(), st.sets(st.integers(0, 150), max_size=10))
def test_crashes_at_any_point_lose_nothing(schedule: tuple[list[Frame], list[Any]], crashes: set[int]) -> None:
    site, calls = Site(), iter(range(1_000_000))

    def maybe() -> None:
        if next(calls) in crashes:
            raise Crash

    site.store = Interrupted(maybe)
    for event in schedule[1]:
        again(site, lambda event=event: happen(site, *event))
    again(site, site.quiet)
    sweep_up(site)
    assert {camera: site.labels(camera) for camera in CAMERAS} == {one: wanted(schedule[0], one) for one in CAMERAS}
    assert {day.settled for day in site.store.read_days()} <= {True}


def again(site: Site, step: Callable[[], None]) -> None:
    """Runs a step until it comes through, as the host does; a message that was lost is the sweep's business."""
    while True:
        try:
            return step()
        except Crash:
            site.now += timedelta(seconds=1)


def sweep_up(site: Site) -> None:
    """Asks again for what was lost, and lets it settle."""
    site.store.happens = lambda: None
    site.now += timedelta(days=1)
    sweep.run(store=site.store, sequences=site.queue, settle=SETTLE, now=site.now)
    site.now += SETTLE
    for text, _ in site.queue.sent:
        site.finalize(text)
