"""What must hold when all messages are gone, and the sweep has asked again for what is due and not settled."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np

from functions import sweep
from shared import rows
from shared.brief import Brief, beginning
from shared.frame import Frame, merged
from shared.label import Label, labels
from shared.remembered import Remembered
from tests.memory import MemoryQueue
from tests.unit.shared.making import FakeHead

from .steps import LIMITS, SETTLE, settle
from .world import BEGIN, HEADS, Case, State, World

WRONG_LABELS, UNSETTLED_DAYS, WRONG_BRIEFS = "wrong labels", "unsettled days", "wrong briefs"
FRAMES_LOST, VERDICTS_LOST, NEEDLESS_SWEEP = "frames lost", "verdicts lost", "settled by the sweep only"


def broken(world: World, state: State) -> Counter[str]:
    """What does not hold at the end, and how often."""
    end = state.stored, state.head, state.taken
    if world.once or end not in world.ends:
        world.ends[end] = looked_at(world, state)
    return world.ends[end]


def looked_at(world: World, state: State) -> Counter[str]:
    store = world.archive.store(state.stored)
    case = world.case
    # Who publishes and is killed between two calls has the sweep ask: see `relabel.ask`.
    needed = case.stalls or case.losses or (case.publish and case.crashes)
    lingering = sum(not one.settled for one in store.read_days())
    sweep_up(store, state)
    head = HEADS[state.head]
    cameras = sorted({one.camera for one in (*case.before, *case.frames)})
    found = Counter({
        WRONG_LABELS: sum([*store.all_labels(one)] != wanted(store, one, head) for one in cameras),
        UNSETTLED_DAYS: sum(not one.settled or one.head != state.head for one in store.read_days()),
        WRONG_BRIEFS: sum(told(store, one) != briefs(store, one) for one in store.read_days()),
        FRAMES_LOST: frames_lost(store, case),
        VERDICTS_LOST: verdicts_lost(store, world, state),
        NEEDLESS_SWEEP: 0 if needed else lingering,
    })  # fmt: skip
    return +found


def sweep_up(store: Any, state: State) -> None:
    """As the timer does: days that are due and not settled are asked for again, while there are any."""
    now = BEGIN + timedelta(seconds=state.time)
    for _ in range(3):
        now += timedelta(hours=1)
        sweep.run(store=store, sequences=(queue := MemoryQueue()), settle=SETTLE, now=now)  # type: ignore[arg-type]
        while queue.sent:
            now += SETTLE
            settle(
                queue.sent.pop(0)[0], store=store, queue=queue, head=lambda: HEADS[state.head], now=lambda: now,  # noqa: B023
                memory=Remembered(),
            )  # fmt: skip


def wanted(store: Any, camera: str, head: FakeHead) -> list[Label]:
    """The labels that a camera's stored frames ask for."""
    frames = [rows.frame_of(row) for row, _ in store._frames.between(camera, "", "~~")]
    return sorted(labels([scored(one, head) for one in frames], LIMITS, head), key=lambda one: one.sequence_id)


def scored(one: Frame, head: FakeHead) -> Frame:
    """A frame with the head's scores, whosever it came with."""
    if one.head == head.version or not one.features:
        return one
    (scores,) = head.scores(np.frombuffer(one.features, "<f2")[np.newaxis])
    return replace(one, scores=scores, head=head.version)


def told(store: Any, one: Any) -> list[Brief]:
    return [*store.briefs(one.camera, one.day, one.day)]


def briefs(store: Any, one: Any) -> list[Brief]:
    return [Brief.of(label) for label in beginning(one.day, store.all_labels(one.camera))]


def frames_lost(store: Any, case: Case) -> int:
    """The frames that are not stored, or not under the smallest of their paths, or whose day is not listed."""
    expected: dict[tuple[str, str], Frame] = {}
    for one in (*case.before, *case.frames):
        key = one.camera, one.row_key
        expected[key] = merged(expected.get(key), one)
    days = {(one.camera, one.day) for one in store.read_days()}
    return sum(
        (found := store.read_frame(*key)[0]) is None or found.path != one.path or (one.camera, one.day) not in days
        for key, one in expected.items()
    )


def verdicts_lost(store: Any, world: World, state: State) -> int:
    """Decisions that their makers were told are taken, and that neither stand nor were seen by who replaced them."""
    return sum(lost(store, world, state, world.tasks[task].about) for task in state.taken)


def lost(store: Any, world: World, state: State, decision: Any) -> bool:
    verdicts = [store.read_frame(decision.camera, key)[0].verdict for key in decision.frames]
    later = {world.tasks[task].about.at for task in state.taken if decision.at in world.tasks[task].about.seen.values()}
    return not all(one and one.at in {decision.at, *later} for one in verdicts)
