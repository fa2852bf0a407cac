"""What is stored is compared with what should be, row by row."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bench import small
from bench.chaos.truth import Truth, compared, stored, worked_out
from bench.chaos.uploads import cameras, images, shuffled
from functions import finalize
from shared.backbone import Backbone
from shared.day import Ask
from shared.featurizer import Featurizer
from shared.head import Head
from shared.sequence import Limits
from tests.memory import MemoryStore
from tests.unit.shared.making import note_due

NOW = datetime(2026, 2, 1, tzinfo=UTC)
LATER = NOW.replace(tzinfo=None)


@pytest.fixture(scope="module")
def truth() -> Truth:
    chance, featurizer = random.Random(5), Featurizer(Backbone(small.backbone(), 1))
    uploads = shuffled(images(60, cameras(2), chance), 0.2, chance)
    found = worked_out(uploads, featurizer, (head := Head(small.head(featurizer))), LATER)
    assert found == worked_out(reversed(uploads), featurizer, head, LATER)
    return found


def first[T](rows: dict[tuple[str, str], T], change: Callable[[T], T]) -> dict[tuple[str, str], T]:
    key = next(iter(rows))
    return rows | {key: change(rows[key])}


def test_there_is_nothing_to_say_of_what_is_as_it_should_be(truth: Truth) -> None:
    found = compared(truth, truth)
    assert found.good
    assert (found.frames, found.labels, found.days) == (len(truth.frames), len(truth.labels), len(truth.days))


@pytest.mark.parametrize(
    ("named", "have"),
    [
        ("frames_missing", lambda it: replace(it, frames=dict([*it.frames.items()][1:]))),
        ("frames_wrong", lambda it: replace(it, frames=it.frames | {("cam", "x"): next(iter(it.frames.values()))})),
        ("frames_wrong", lambda it: replace(it, frames=first(it.frames, lambda one: replace(one, path="other")))),
        ("frames_wrong", lambda it: replace(it, frames=first(it.frames, lambda one: replace(one, features=b"ab")))),
        ("frames_wrong", lambda it: replace(it, frames=first(it.frames, lambda one: replace(one, scores=None)))),
        ("labels_wrong", lambda it: replace(it, labels=dict([*it.labels.items()][1:]))),
        ("labels_wrong", lambda it: replace(it, labels=it.labels | {("cam", "x"): next(iter(it.labels.values()))})),
        ("labels_wrong", lambda it: replace(it, labels=first(it.labels, lambda one: replace(one, label="yeti")))),
        ("labels_wrong", lambda it: replace(it, labels=first(it.labels, lambda one: replace(one, probability=0.1)))),
        ("labels_wrong", lambda it: replace(it, labels=first(it.labels, lambda one: replace(one, frames=())))),
        ("days_unsettled", lambda it: replace(it, days=frozenset([*it.days][1:]))),
    ],
)
def test_what_lacks_or_differs_is_counted(truth: Truth, named: str, have: Callable[[Truth], Truth]) -> None:
    found = compared(truth, have(truth))
    assert not found.good
    assert {
        name for name, number in found.numbers().items() if number and name not in ("frames", "labels", "days")
    } == {named}
    assert found.numbers()[named] == 1


def test_a_millionth_more_is_no_difference(truth: Truth) -> None:
    more = first(dict(truth.labels), lambda one: replace(one, probability=(one.probability or 0) + 5e-7))
    assert compared(truth, replace(truth, labels=more)).good


def test_what_the_steps_leave_in_the_tables_is_the_truth(truth: Truth) -> None:
    store: Any = MemoryStore()
    for frame in truth.frames.values():
        store.write_frame(frame, "")
        note_due(store, frame.camera, frame.day, NOW)
    assert compared(truth, stored(store)).days_unsettled == len(truth.days)
    head = Head(small.head(Featurizer(Backbone(small.backbone(), 1))))
    for camera, day in sorted(truth.days):
        body = Ask(camera, day).encode().encode()
        finalize.run(body, store=store, head=lambda: head, limits=Limits(), settle=timedelta(0), now=lambda: NOW)
    assert compared(truth, stored(store)).good
