"""What the tables hold when storage acts and says that it did not, asked through a proxy that lies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from bench.chaos.faults import Fault
from bench.chaos.proxy import Proxy
from bench.chaos.stage import ports_of, through_proxy
from shared import connect
from shared.brief import Brief
from shared.day import Day, Settled
from shared.frame import merged
from shared.label import labels
from shared.sequence import Limits
from shared.store import Store
from tests.unit.shared.making import FakeHead, note_due, seen

NOW = datetime(2026, 2, 1, 8, tzinfo=UTC)
DAY = "20260131"


class Once:
    """The next request is lied about, if that is asked for."""

    def __init__(self) -> None:
        self.lie = False

    def draw(self) -> Fault | None:
        lie, self.lie = self.lie, False
        return Fault.LIED if lie else None


@pytest.fixture
def once() -> Once:
    return Once()


@pytest.fixture
def store(account: dict[str, str], once: Once) -> Iterator[Store]:
    direct = account["connection"]
    proxy = Proxy(ports_of(direct), once, hang=0.0, seed=1)  # type: ignore[arg-type]
    proxy.start()
    with connect.tables({"connection": through_proxy(direct, proxy)}) as tables:
        yield Store(tables)
    proxy.stop()


@pytest.fixture
def day(store: Store) -> Day:
    """A day that is due, as it was read."""
    camera = f"camera {uuid4()}"
    note_due(store, camera, DAY, NOW)
    found = store.read_day(camera, DAY)
    assert found
    return found


def briefs(day: Day) -> list[Brief]:
    return [Brief.of(label) for label in labels([replace(seen(0), camera=day.camera)], Limits(), FakeHead())]


@pytest.mark.parametrize("settled", [None, Settled("", 1, 0, NOW)])
def test_a_day_that_was_told_is_told(store: Store, once: Once, day: Day, settled: Settled | None) -> None:
    once.lie = True
    assert store.tell(day, briefs(day), 1, settled)
    row = store.read_day(day.camera, day.day)
    assert row
    assert (row.seen, row.settled, [*store.briefs(day.camera)]) == (1, settled is not None, briefs(day))


@pytest.mark.parametrize("known", [True, False])
def test_a_frame_that_was_written_is_found_when_it_is_looked_for_again(store: Store, once: Once, known: bool) -> None:
    frame = replace(seen(0), camera=f"camera {uuid4()}")
    if known:
        store.write_frame(frame, "")
    stored, etag = store.read_frame(frame.camera, frame.row_key)
    once.lie = True
    assert not store.write_frame(merged(stored, frame), etag)
    assert store.read_frame(frame.camera, frame.row_key)[0] == frame
