"""In whatever order the steps' calls come, and whatever goes wrong, what is stored ends as the frames say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from bench import figures
from functions import aggregate
from shared.frame import Frame
from shared.remembered import Remembered
from tests.memory import MemoryQueue, MemoryStore

from . import mutants, workers
from .cases import EVENING, MORNING, SMALL, TWO_PEOPLE, A, B, C
from .drawn import arriving, cases
from .promise import UNSETTLED_DAYS, VERDICTS_LOST, WRONG_LABELS
from .search import explore
from .steps import SETTLE
from .steps import settle as finalize
from .walk import told, walk
from .world import BEGIN, HEADS, Case, World

SCHEDULES_EACH = 100


@pytest.fixture(scope="module")
def counted() -> Iterator[Counter[str]]:
    """What all tests here came to."""
    counted: Counter[str] = Counter()
    yield counted
    names = ("states", "schedules", "random schedules", "crashes", "mutants caught")
    names += (WRONG_LABELS, UNSETTLED_DAYS, VERDICTS_LOST)
    figures.keep("interleavings", **{name.replace(" ", "_"): counted[name] for name in names})


@pytest.mark.parametrize("case", SMALL.values(), ids=list(SMALL))
def test_a_small_case_ends_well_in_every_order(case: Case, counted: Counter[str]) -> None:
    found = explore(case)
    counted.update({"states": found.states, "schedules": found.schedules}, **found.broken)
    assert not found.broken, "\n".join(found.shortest)


@pytest.mark.parametrize(("number", "drawn"), [(160, cases(2, 0)), (50, cases())], ids=["small", "large"])
def test_a_case_by_chance_ends_well_in_many_orders(number: int, drawn: Any, counted: Counter[str]) -> None:
    @settings(max_examples=number, derandomize=True)
    @given(drawn)
    def many(case: Case) -> None:
        world = World(case, once=True)
        for seed in range(SCHEDULES_EACH):
            broken, events = walk(world, seed)
            kills = sum(event.what == "kill" for event in events)
            counted.update({"random schedules": 1, "crashes": kills}, **broken)
            assert not broken, f"seed {seed}: {dict(broken)}\n{told(world, events)}"

    many()


FRAME_CRASH, FRAMES_STALL = Case((A,), crashes=1), Case((A, B), stalls=1)
VERDICT = Case(before=(A,), decisions=TWO_PEOPLE[:1], stalls=1, crashes=1)
# The smallest of our cases that shows what is missing.
MUTANTS: dict[str, tuple[Callable[[pytest.MonkeyPatch], None], Case]] = {
    "no second look": (mutants.one_look, Case((A, B), stalls=2)),
    "no ETags": (mutants.no_etags, Case(before=(A,), decisions=TWO_PEOPLE)),
    "no margin between clocks": (mutants.no_margin, FRAMES_STALL),
    "the time read before the frame is written": (mutants.early_clock, FRAMES_STALL),
    "a day noted before its message is sent": (mutants.note_first, FRAME_CRASH),
    "a day relabelled before it is noted": (mutants.send_first, Case(before=(A,), publish=True)),
    "a day due earlier than another message": (mutants.fallen, Case((B, C), before=(A,), publish=True, losses=1)),
    "a day settled whatever its row says": (mutants.blind_settling, Case((A, B), losses=1, stalls=1)),
    "the other day of a sequence not told": (mutants.no_neighbours, Case((EVENING, MORNING))),
    "a verdict's day asked for only before": (mutants.judge_asks_once("before"), VERDICT),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_line_that_is_missing_is_found(name: str, monkeypatch: pytest.MonkeyPatch, counted: Counter[str]) -> None:
    mutate, case = MUTANTS[name]
    mutate(monkeypatch)
    found = explore(case, first_only=True)
    counted["mutants caught"] += bool(found.broken)
    assert found.broken


def every_answer(place: Any, _: Any) -> tuple[Any, ...]:
    """What a step was told since it began."""
    return (place.key, *every_answer(place.before, _)) if place.before else (repr(place.task),)


@pytest.mark.parametrize(
    "case", [Case((A,), crashes=1, stalls=1), Case((A, B)), Case(before=(A,), decisions=TWO_PEOPLE)]
)
def test_no_end_is_left_out_for_what_a_step_has_forgotten(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    forgetful = explore(case)
    monkeypatch.setattr(workers, "state_of", every_answer)
    whole = explore(case)
    assert (forgetful.ends, forgetful.schedules) == (whole.ends, whole.schedules)
    assert forgetful.states <= whole.states


@settings(max_examples=50)
@given(arriving())
def test_delivering_everything_again_changes_no_label(frames: list[Frame]) -> None:
    store, kept = MemoryStore(), list[Any]()
    for _ in range(2):
        for hour, one in enumerate(frames):
            deliver(one, store, BEGIN + timedelta(hours=hour))
        kept.append(dict(store._labels.kept))
    assert kept[0] == kept[1]


def deliver(one: Frame, store: Any, now: datetime) -> None:
    queue: Any = MemoryQueue()
    memory = Remembered()
    aggregate.run(
        one.encode().encode(), store=store, sequences=queue, settle=SETTLE, now=lambda: now, remembered=memory
    )  # fmt: skip
    while queue.sent:
        finalize(
            queue.sent.pop(0)[0], store=store, queue=queue, head=lambda: HEADS["head 1"], now=lambda: now + SETTLE,
            memory=memory,
        )  # fmt: skip
