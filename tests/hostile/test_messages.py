"""A message from anybody is refused at once, or harmless: it never keeps a day from its labels."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from functions import aggregate, finalize
from shared.errors import BadMessage, LimitExceeded
from shared.frame import Frame
from shared.head import Head
from shared.remembered import Remembered
from shared.sequence import Limits
from tests.memory import MemoryStore
from tests.unit.shared.making import frame, head

NOW = datetime(2026, 2, 1, 8, tzinfo=UTC)
JUDGE = Head(head())
GOOD = np.array([0, 1, 0, 0], "<f2").tobytes()
SETTLE, LIMITS = timedelta(seconds=30), Limits(timedelta(minutes=1), timedelta(minutes=15))


def decoded(at: float, features: bytes = GOOD, **said: Any) -> Frame:
    """A frame of the head's recipe that another head scored, or none."""
    return replace(frame(at), features=features, recipe=str(JUDGE.recipe), **said)


STRANGERS = {
    "features of another length": decoded(5, GOOD[:6]),
    "features of one number": decoded(5, GOOD[:2]),
    "features that are no numbers": decoded(5, np.full(4, np.nan, "<f2").tobytes()),
    "features without end": decoded(5, np.full(4, np.inf, "<f2").tobytes()),
    "scores of other classes": decoded(5, scores={"wolf": 1.0}, head=JUDGE.version),
    "scores of no class": decoded(5, scores={}, head=JUDGE.version),
    "scores of a class more": decoded(5, scores={"blank": 0.1, "leopard": 0.9, "x": 0}, head=JUDGE.version),
    "another recipe": replace(decoded(5), recipe="~" * 9_000),
    "a preview that is none": decoded(5, preview=b"<script>"),
    "the longest names": decoded(5, path="\x01" * 1_024),
}


def kept(*frames: Frame) -> tuple[Any, list[str]]:
    """A store to which these came, and the days that were asked for."""
    store: Any = MemoryStore()
    asked = list[str]()
    queue: Any = SimpleNamespace(send_message=lambda text, **_: asked.append(text))
    for one in frames:
        body = one.encode().encode()
        aggregate.run(body, store=store, sequences=queue, settle=SETTLE, now=lambda: NOW, remembered=Remembered())
    return store, asked


@pytest.mark.parametrize("stranger", STRANGERS)
def test_a_strange_frame_does_not_keep_its_day_from_its_labels(stranger: str) -> None:
    store, asked = kept(decoded(0), STRANGERS[stranger], decoded(10), decoded(900))
    known: Any = {"store": store, "head": lambda: JUDGE, "limits": LIMITS, "settle": SETTLE}
    for day in asked:
        finalize.run(day.encode(), **known, now=lambda: NOW + timedelta(hours=1))
    found = list(store.all_labels())
    assert [label.n_frames for label in found] == [3, 1]
    assert [label.label for label in found] == [found[1].label] * 2
    assert all(day.settled for day in store.read_days())


def body(**said: Any) -> bytes:
    """A frame's message with other fields."""
    whole = json.loads(decoded(0).encode())
    return json.dumps(whole | {"frame": whole["frame"] | said}).encode()


REFUSED = {
    "no JSON": b"\x89PNG", "half of UTF-8": b'{"uncia":1,"frame":{"camera":"\xff"}}', "UTF-16": "[]".encode("utf-16"),
    "deep lists": b"[" * 40_000, "deep objects": b'{"a":' * 9_000, "a number of 40,000 digits": b"9" * 40_000,
    "another version": decoded(0).encode().replace('"uncia":1', '"uncia":2').encode(),
    "an odd number of bytes": body(features="AAAA"), "a size beyond 64 bits": body(size=2**64),
    "the year 0": body(captured_at="0000-01-01T00:00:00"), "the last day of all": body(captured_at="9999-12-31"),
    "the first day of all": body(captured_at="0001-01-01"), "no camera": body(camera=""),
    "a camera of 40,000 letters": body(camera="x" * 40_000), "half a letter": body(etag="\ud800"),
    "scores of a googol": body(scores={"a": 10**100}, head="h"),
    "scores of ten to the 400th": body(scores={"a": 10**400}, head="h"),
}  # fmt: skip


@pytest.mark.parametrize("message", REFUSED)
def test_what_no_row_takes_or_no_day_survives_is_refused_before_anything_is_written(message: str) -> None:
    store: Any = MemoryStore()
    with pytest.raises(BadMessage):
        aggregate.run(
            REFUSED[message],
            store=store,
            sequences=SimpleNamespace(),
            settle=SETTLE,
            now=lambda: NOW,
            remembered=Remembered(),
        )  # type: ignore[arg-type]
    assert not [*store.frame_keys(), *store.read_days()]


def test_the_last_of_two_equal_names_counts_and_does_no_harm() -> None:
    twice = decoded(0).encode().replace('"size":0', '"size":-1,"size":7')
    assert Frame.decode(twice.encode()).size == 7


def test_a_text_that_a_row_cannot_hold_is_a_failure_with_a_name() -> None:
    with pytest.raises(LimitExceeded, match=r"etag has 80,000 bytes; table storage takes 65,536$"):
        kept(decoded(0, etag="x" * 40_000))
