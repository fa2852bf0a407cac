"""Where a worker can stand: at the calls of a step, after what its calls before were answered."""

from __future__ import annotations

import re
from collections import OrderedDict
from typing import Any

import greenlet

from .steps import STEPS, Call, Task

# Steps that stand still in memory; of any other place, the step is run again up to it.
ALIVE = 1_000
ADDRESS = re.compile(" at 0x[0-9a-f]+")


class Place:
    """A step that is about to make a call, or that is done: a function of the answers so far, since steps are."""

    __slots__ = ("answer", "before", "call", "done", "key", "result", "said", "steps", "task", "then")

    def __init__(
        self, steps: Steps, said: Call | Any, before: Place | None = None, answer: Any = None, key: int = 0
    ) -> None:
        self.steps, self.before, self.answer, self.key = steps, before, answer, key
        self.done = not isinstance(said, Call)
        self.result = said
        self.call = -1 if self.done else steps.number(said)
        self.said: Call = said
        self.then: dict[int, Place] = {}

    def after(self, key: int, answer: Any) -> Place:
        """The place that this answer leads to; `key` stands for the answer."""
        if key not in self.then:
            running = self.steps.standing_at(self)
            place = self.steps.place(Place(self.steps, running.switch(answer), self, answer, key), running)
            if self.steps.once:
                return place
            self.then[key] = place
        return self.then[key]


class Steps:
    """The places of all workers, each made once, and the calls that they make, by number."""

    def __init__(self, *, once: bool = False) -> None:
        self.once = once
        self._numbers: dict[str, int] = {}
        self._first: dict[str, Place] = {}
        self._places: dict[Any, Place] = {}
        self._running: OrderedDict[Place, Any] = OrderedDict()

    def begin(self, task: Task) -> Place:
        """Where a worker stands that has just taken this task."""
        name = repr(task)
        if name not in self._first:
            running = greenlet.greenlet(STEPS[task.step])
            self._first[name] = place = Place(self, running.switch(task.about))
            place.task = task
            self.keep(place, running)
        return self._first[name]

    def place(self, place: Place, running: Any) -> Place:
        """The place itself, or one come to before that the step can go on from in no other way."""
        assert place.before
        place.task = place.before.task
        if self.once:  # the same answers hardly ever come again
            self.keep(place, running)
            return place
        key = place.task.step, place.call, *state_of(place, running)
        if key not in self._places:
            self._places[key] = place
            self.keep(place, running)
        return self._places[key]

    def number(self, call: Call) -> int:
        return 0 if self.once else self._numbers.setdefault(repr(call), len(self._numbers))

    def keep(self, place: Place, running: Any) -> None:
        if not place.done:
            self._running[place] = running
            if len(self._running) > ALIVE:
                self._running.popitem(last=False)

    def standing_at(self, place: Place) -> Any:
        """A step that stands there: the one that came there, or another that is led there by the same answers."""
        if place in self._running:
            return self._running.pop(place)
        answers, task = [], place.task
        while place.before:
            answers.append(place.answer)
            place = place.before
        running = greenlet.greenlet(STEPS[task.step])
        running.switch(task.about)
        for answer in reversed(answers):
            running.switch(answer)
        return running


def state_of(place: Place, running: Any) -> tuple[Any, ...]:
    """All that a step knows: where it stands, its variables, and the last two answers, which may have no name yet."""
    if place.done:
        return (place.result,)
    frames, frame = [], running.gr_frame
    while frame:
        frames.append((frame.f_code.co_qualname, frame.f_lasti, known(frame.f_locals)))
        frame = frame.f_back
    return *frames, place.key, place.before.key if place.before else 0


def known(variables: Any) -> str:
    """The values of variables, as far as they are values: what else there is stays the same while a step runs."""
    return ADDRESS.sub("", repr({name: value for name, value in variables.items() if not name.startswith(".")}))
