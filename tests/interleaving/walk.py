"""One schedule of many, by chance: what cannot be looked at whole is walked through again and again."""

from __future__ import annotations

from collections import Counter
from random import Random

from .promise import broken
from .world import Event, State, World

# How often a thing happens, where it can: things that go wrong are to be spread over the whole schedule.
OFTEN = {"call": 20.0, "take": 6.0, "wait": 2.0, "kill": 1.0, "twice": 1.0, "lose": 0.3, "sweep": 0.2}


def walk(world: World, seed: int) -> tuple[Counter[str], list[Event]]:
    """What does not hold at the end of the schedule that this seed stands for, and its events."""
    chance, state, events = Random(seed), world.beginning, list[Event]()
    loyal = chance.choice((0.0, 0.5, 0.95))  # to the worker that made the last call
    while possible := [*world.events(state)]:
        last = events[-1] if events else None
        if not (last and last.what == "call" and last in possible and chance.random() < loyal):
            last = chosen(possible, state, chance)
        events.append(last)
        state = world.after(state, last)
    return broken(world, state), events


def chosen(possible: list[Event], state: State, chance: Random) -> Event:
    kinds = sorted({one.what for one in possible})
    (kind,) = chance.choices(kinds, [OFTEN[one] for one in kinds])
    event = chance.choice([one for one in possible if one.what == kind])
    if kind == "wait" and chance.random() < 0.5:
        return event._replace(which=state.time + chance.randint(1, 35))
    return event


def told(world: World, events: list[Event]) -> str:
    """A schedule for people."""
    lines, state = [], world.beginning
    for event in events:
        lines.append(world.told(state, event))
        state = world.after(state, event)
    return "\n".join(lines)
