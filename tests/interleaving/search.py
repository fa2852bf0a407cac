"""Every state that a case can come to, each looked at once; and how many schedules they stand for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from .promise import broken
from .world import Case, Event, State, World


@dataclass
class Found:
    """What an exploration came to."""

    states: int = 0
    schedules: int = 0  #: different orders of events, from the beginning to an end
    ends: int = 0
    broken: Counter[str] = field(default_factory=Counter)
    shortest: list[str] = field(default_factory=list)  #: the fewest events after which something is broken


def explore(case: Case, *, first_only: bool = False) -> Found:
    """Looks at every state, those with the fewest events before them first; `first_only` stops at what is broken."""
    world, found = World(case), Found()
    begin = world.beginning
    numbers: dict[State, int] = {begin: 0}
    came: list[tuple[int, Event | None]] = [(0, None)]
    states, following = [begin], list[list[int]]()
    for number, state in enumerate(states):  # grows meanwhile
        next_ones = []
        for event in world.events(state):
            then = world.after(state, event)
            if (next_one := numbers.setdefault(then, len(states))) == len(states):
                states.append(then)
                came.append((number, event))
            next_ones.append(next_one)
        following.append(next_ones)
        if not next_ones:
            found.ends += 1
            found.broken += (wrong := broken(world, state))
            if wrong and not found.shortest:
                found.shortest = way(world, states, came, number)
                if first_only:
                    break
    found.states = len(states)
    found.schedules = paths(following) if not first_only else 0
    return found


def way(world: World, states: list[State], came: list[tuple[int, Event | None]], number: int) -> list[str]:
    """The events that led to a state."""
    events = []
    while (last := came[number])[1]:
        events.append(world.told(states[last[0]], last[1]))
        number = last[0]
    return events[::-1]


def paths(following: list[list[int]]) -> int:
    """How many ways lead from the first state to one that nothing follows; no way comes to a state twice."""
    counted: dict[int, int] = {}
    stack = [0]
    while stack:
        number = stack[-1]
        waiting = [one for one in following[number] if one not in counted]
        if waiting:
            stack += waiting
        else:
            counted[stack.pop()] = sum(counted[one] for one in following[number]) or 1
    return counted[0]
