"""What is lost or wrong in storage is counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bench import complete
from shared.day import Ask
from shared.label import Stored, changes
from shared.sequence import Limits
from tests.memory import MemoryStore
from tests.unit.functions.test_finalize import HEAD, finalized, holding
from tests.unit.shared.making import note_due, seen

NOW = datetime(2026, 2, 1, 8, tzinfo=UTC)
WELL = {"frames_lost": 0, "scores_wrong": 0, "labels_wrong": 0, "days_unsettled": 0, "failures": 0}


def settled() -> Any:
    # Read as `featurize` stores them: scores are those of the features.
    store = holding(*(replace(seen(at, 0.5), camera="cam") for at in (0, 1, 100)))
    finalized(store)
    return store


def found(store: Any) -> dict[str, Any]:
    told = complete.checked(store, HEAD, Limits(), 3, 0)  # type: ignore[arg-type]
    return {name: told[name] for name in WELL}


def lose(store: MemoryStore) -> None:
    store.delete_frame("cam", seen(100, 0.5).row_key)


def mislabel(store: MemoryStore) -> None:
    one = store.read_labels("cam", "", "~")[0]
    store.apply(changes([replace(one.label, label="yeti")], [Stored(one.label, one.etag)]), NOW)


def open_again(store: MemoryStore) -> None:
    note_due(store, "cam", Ask("cam", "20260131").day, NOW + timedelta(seconds=30))


def test_a_run_that_lost_nothing_is_all_noughts() -> None:
    assert found(settled()) == WELL


@pytest.mark.parametrize(
    ("harm", "counted"),
    [
        (lose, {"frames_lost": 1, "labels_wrong": 1}),
        (mislabel, {"labels_wrong": 2}),
        (open_again, {"days_unsettled": 1}),
    ],
)
def test_each_kind_of_harm_is_counted_and_told(harm: Any, counted: dict[str, int]) -> None:
    harm(store := settled())
    assert found(store) == WELL | counted
    assert complete.wrong({**found(store), "steady": "yes"}).startswith(str(next(iter(counted.values()))))
