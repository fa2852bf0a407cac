"""Storage, queue, clocks and workers of one case: the states that it can be in, and what can happen in each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from shared import day
from shared.decision import Decision
from shared.frame import Frame
from shared.remembered import Remembered
from tests.memory import MemoryStore
from tests.unit.shared.making import FakeHead, note_due

from .steps import SETTLE, Call, Task, settle
from .storage import Archive, Live, Stored
from .workers import Place, Steps

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
RETRY = 30  # seconds until a message is tried again whose step failed, as host.json says
HEADS = {version: FakeHead(version) for version in ("head 1", "head 2")}


@dataclass(frozen=True)
class Case:
    """What there is to do, and what may go wrong meanwhile."""

    frames: tuple[Frame, ...] = ()  #: that come
    before: tuple[Frame, ...] = ()  #: that are stored, labelled and settled when it begins
    decisions: tuple[Decision, ...] = ()  #: sent again by their page until they are answered
    publish: bool = False  #: another head, with its labels for all days
    clocks: tuple[int, ...] = (-2, 2)  #: seconds by which a worker's clock is fast: one worker each
    crashes: int = 0  #: workers that are killed before a call; their messages come again
    twice: int = 0  #: messages that come again although their worker goes on: its lease ran out
    losses: int = 0  #: messages to finalize a day that are never seen again
    sweeps: int = 0  #: while others work
    stalls: int = 0  #: times that time passes while a worker stands between two calls


class Worker(NamedTuple):
    """Who stands where, with what."""

    place: Place
    task: int
    holds: bool  #: whether its message comes again if it is killed


# What a worker remembers of days: until when each is asked for, in true seconds, as long as that matters.
type Memory = tuple[tuple[day.Ask, int], ...]


class Left(NamedTuple):
    """What may still go wrong."""

    crashes: int
    twice: int
    losses: int
    sweeps: int
    stalls: int


class State(NamedTuple):
    """All that decides what can happen from here on."""

    stored: Stored
    head: str
    time: int  #: true seconds since it began
    queue: tuple[tuple[int, int], ...]  #: when visible (0: now), and the task
    workers: tuple[Worker | None, ...]
    memories: tuple[Memory, ...]  #: of each worker, as long as it is not killed
    left: Left
    taken: tuple[int, ...]  #: decisions whose makers were told that they are taken


class Event(NamedTuple):
    """Something that can happen."""

    what: str  #: take, call, kill, twice, lose, sweep, wait
    which: int = 0  #: the worker, or the place in the queue, or until when
    task: int = 0


class World:
    """One case, and everything that was found out about it."""

    def __init__(self, case: Case, *, once: bool = False) -> None:
        """`once`: for single schedules, in which a worker may also stand between a call and its look at the clock."""
        self.case, self.once = case, once
        self.archive, self.steps = (Live() if once else Archive()), Steps(once=once)
        self.settled = settled(case.before)
        self.tasks: list[Task] = []
        self.ends: dict[Any, Counter[str]] = {}
        self._dues: dict[int, list[int]] = {}

    def task(self, step: str, about: Any) -> int:
        task = Task(step, about)
        if task not in self.tasks:
            self.tasks.append(task)
        return self.tasks.index(task)

    @property
    def beginning(self) -> State:
        case = self.case
        self._dues.clear()
        coming = [
            *(self.task("aggregate", one.encode()) for one in case.frames),
            *(self.task("judge", one) for one in case.decisions),
            *([self.task("publish", "head 2")] if case.publish else []),
        ]
        return State(
            self.archive.number(self.settled),
            "head 1", 0, tuple(sorted((0, task) for task in coming)), (None,) * len(case.clocks),
            ((),) * len(case.clocks), Left(case.crashes, case.twice, case.losses, case.sweeps, case.stalls), (),
        )  # fmt: skip

    def events(self, state: State) -> Iterator[Event]:
        """What can happen next; nothing when all is done and nothing is under way."""
        working = any(state.workers)
        if not working and not state.queue:
            return
        left = state.left
        free: set[tuple[int, Memory]] = set()
        for slot, worker in enumerate(state.workers):
            if worker is None:
                # Of workers that are alike, it does not matter which.
                if (own := (self.case.clocks[slot], state.memories[slot])) not in free:
                    free.add(own)
                    seen = {task for at, task in state.queue if at <= state.time}
                    yield from (Event("take", slot, task) for task in seen)
                    if left.sweeps:
                        yield Event("sweep", slot)
                continue
            yield Event("call", slot)
            if left.crashes and worker.holds and worker.place.before:
                yield Event("kill", slot)
            if left.twice and worker.holds:
                yield Event("twice", slot)
        if left.losses:
            lost = {task for _, task in state.queue if self.tasks[task].step == "finalize"}
            yield from (Event("lose", place) for place, (_, task) in enumerate(state.queue) if task in lost)
        if (not working or left.stalls) and (until := self.until(state)):
            yield Event("wait", until)

    def until(self, state: State) -> int:
        """The next moment at which something changes: a message is seen, or a clock passes what a day's row says."""
        margin = int(day.MARGIN.total_seconds())
        margins = [margin, 2 * margin, *([-901] if state.left.sweeps else [])]
        dues = [*self.dues(state), *(due for memory in state.memories for _, due in memory)]
        told = [due - clock - margin for due in dues for clock in self.case.clocks for margin in margins]
        return min((at for at in (*(at for at, _ in state.queue), *told) if at > state.time), default=0)

    def dues(self, state: State) -> list[int]:
        number = state.stored[1]
        if number not in self._dues:
            days = self.archive.store(state.stored).read_days()
            self._dues[number] = [int((one.due - BEGIN).total_seconds()) for one in days]
        return self._dues[number]

    def after(self, state: State, event: Event) -> State:
        what, which, task = event
        if what == "call":
            return self.call(state, which)
        if what == "take":
            taken = min(one for one in state.queue if one[1] == task)
            begun = Worker(self.steps.begin(self.tasks[task]), task, True)
            return self.call(put(self.without(state, taken), which, begun), which)
        if what == "wait":
            stalled = fewer(state.left, "stalls") if any(state.workers) else state.left
            return self.faded(self.sent(state._replace(time=which, left=stalled)))
        if what == "lose":
            return self.without(state, state.queue[which])._replace(left=fewer(state.left, "losses"))
        if what == "sweep":
            number = self.task("sweep", "")
            begun = Worker(self.steps.begin(self.tasks[number]), number, False)
            return put(state, which, begun)._replace(left=fewer(state.left, "sweeps"))
        worker = state.workers[which]
        assert worker
        again = 0, worker.task
        if what == "kill":
            killed = self.gone(self.sent(state, again), which)
            return remembering(killed, which, ())._replace(left=fewer(state.left, "crashes"))
        return put(self.sent(state, again), which, worker._replace(holds=False))._replace(
            left=fewer(state.left, "twice")
        )

    def call(self, state: State, slot: int) -> State:
        """A worker's call is made, and it goes on to the next, or is done."""
        worker = state.workers[slot]
        assert worker
        call = worker.place.said
        if call.on == "store":
            key, answer, stored = self.archive.answered(state.stored, worker.place.call, call)
            state = state._replace(stored=stored)
        elif call.on == "clock":
            key = state.time + self.case.clocks[slot]
            answer = BEGIN + timedelta(seconds=key)
        elif call.on == "queue":
            key, answer = 0, None
            state = self.sent(
                state, (state.time + call.said.get("visibility_timeout", 0), self.task("finalize", call.args[0]))
            )
        elif call.name == "recall":
            key = dict(state.memories[slot]).get(call.args[0], 0)
            answer = key and day.Day(
                camera=call.args[0].camera, day=call.args[0].day, due=BEGIN + timedelta(seconds=key)
            )  # fmt: skip
            answer = answer or None
        elif call.name == "note":
            key, answer = 0, None
            state = self.noted(state, slot, *call.args)
        elif call.name == "publish":
            key, answer, state = 0, None, state._replace(head=call.args[0])
        else:
            key, answer = int(state.head[-1]), HEADS[state.head]
        place = worker.place.after(key, answer)
        if place.done:
            return self.done(state, slot, worker, place)
        state = put(state, slot, worker._replace(place=place))
        return self.call(state, slot) if self.at_once(place.said) else state

    def at_once(self, call: Call) -> bool:
        """Whether nothing is to come between the call before and this one: one that reads what cannot change there."""
        mine = call.on in ("clock", "memory")
        return not self.once and (mine or (call.name == "latest" and not self.case.publish))

    def done(self, state: State, slot: int, worker: Worker, place: Place) -> State:
        step = self.tasks[worker.task].step
        if step == "judge" and place.result and worker.task not in state.taken:
            state = state._replace(taken=tuple(sorted((*state.taken, worker.task))))
        if step == "finalize" and not place.result and worker.holds:
            state = self.sent(state, (state.time + RETRY, worker.task))
        return self.gone(state, slot)

    def noted(self, state: State, slot: int, ask: day.Ask, row: day.Day) -> State:
        """With what a worker notes of a day."""
        due = int((row.due - BEGIN).total_seconds())
        memory = dict(state.memories[slot]) | {ask: due}
        return self.faded(remembering(state, slot, tuple(sorted(memory.items(), key=str))))

    def faded(self, state: State) -> State:
        """Without what workers remember of days that are so near that they are asked for again."""
        margin = 2 * int(day.MARGIN.total_seconds())
        memories = (
            tuple((ask, due) for ask, due in memory if due > state.time + clock + margin)
            for memory, clock in zip(state.memories, self.case.clocks, strict=True)
        )
        return state._replace(memories=tuple(memories))

    def gone(self, state: State, slot: int) -> State:
        """Without this worker."""
        state = put(state, slot, None)
        return state if any(state.workers) else state._replace(stored=self.archive.unread(state.stored))

    def sent(self, state: State, *messages: tuple[int, int]) -> State:
        queue = ((at if at > state.time else 0, task) for at, task in (*state.queue, *messages))
        return state._replace(queue=tuple(sorted(queue)))

    def without(self, state: State, message: tuple[int, int]) -> State:
        queue = list(state.queue)
        queue.remove(message)
        return state._replace(queue=tuple(queue))

    def told(self, state: State, event: Event) -> str:
        """An event for people."""
        what, which, task = event
        worker = state.workers[which] if what in ("call", "kill", "twice") else None
        if not worker:
            about = {"take": str(self.tasks[task])[:150], "lose": str(state.queue[which : which + 1])}.get(what, "")
            return f"{state.time:4} s  {which} {what} {about}"
        call = worker.place.said
        return f"{state.time:4} s  {which} {what} {self.tasks[worker.task].step}: {call.on}.{call.name}"


def put(state: State, slot: int, worker: Worker | None) -> State:
    workers = list(state.workers)
    workers[slot] = worker
    return state._replace(workers=tuple(workers))


def remembering(state: State, slot: int, memory: Memory) -> State:
    """With this in the memory of a worker."""
    memories = list(state.memories)
    memories[slot] = memory
    return state._replace(memories=tuple(memories))


def fewer(left: Left, name: str) -> Left:
    return left._replace(**{name: getattr(left, name) - 1})


def settled(frames: tuple[Frame, ...]) -> MemoryStore:
    """A store in which these frames are labelled, and their days settled long ago."""
    store: Any = MemoryStore()
    then = BEGIN - timedelta(days=1)
    now, memory = then + SETTLE, Remembered()
    for one in frames:
        store.write_frame(one, "")
        note_due(store, one.camera, one.day, then)
    for one in store.read_days():
        body = day.Ask(one.camera, one.day).encode()
        settle(body, store=store, queue=None, head=lambda: HEADS["head 1"], now=lambda: now, memory=memory)
    return store
