"""What the steps expect of the outbox, asked of the real one (Azurite) and of the one in memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from azure.storage.queue import QueueClient

from shared import connect
from shared.alert import Alert, State
from shared.outbox import Outbox
from shared.rulebook import Rulebook
from shared.store import Store
from shared.trace import Trace
from tests.memory import MemoryOutbox

NOW = datetime(2026, 2, 1, 8, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)


@dataclass
class Real:
    """An outbox with its queues, and the tables beside it."""

    outbox: Outbox
    work: QueueClient
    others: QueueClient
    tables: Store
    storage: dict[str, str]


@pytest.fixture(scope="module")
def real(account: dict[str, str]) -> Iterator[Real]:
    with connect.tables(account) as service:
        work, others = (connect.outlet(account, name) for name in ("notify", connect.ALERTS))
        yield Real(Outbox(service, work, others), work, others, Store(service), account)


@pytest.fixture(params=["memory", "azurite"])
def outbox(request: pytest.FixtureRequest) -> Any:
    return MemoryOutbox() if request.param == "memory" else request.getfixturevalue("real").outbox


@pytest.fixture
def camera() -> str:
    return f"Кам #{uuid4()}/%"


def alert(camera: str, first: str = "20260131T1", last: str = "20260131T2~~", label: str = "барс O'Brien/#") -> Alert:
    return Alert(
        camera=camera, label=label, sequence_id=first, first=first, last=last, message='{"id": "ä"}',
        state=State.PENDING, since=NOW,
    )  # fmt: skip


def bare(one: Alert | None) -> Alert | None:
    return replace(one, etag="") if one else None


def test_an_alert_that_is_noted_can_be_read(outbox: Any, camera: str) -> None:
    made = alert(camera)
    assert outbox.read(camera, made.key) is None
    assert outbox.turn(camera) == ""
    assert outbox.note(made, "")
    kept = outbox.read(camera, made.key)
    assert bare(kept) == made
    assert kept.etag
    assert [bare(one) for one in outbox.all() if one.camera == camera] == [made]


def test_of_two_that_decide_at_once_one_has_to_look_again(outbox: Any, camera: str) -> None:
    first = outbox.turn(camera)
    assert outbox.note(alert(camera, "20260131T5", "20260131T6"), first)
    assert not outbox.note(alert(camera), first)
    second = outbox.turn(camera)
    assert outbox.note(alert(camera), second)
    assert not outbox.note(alert(camera, "20260131T7", "20260131T8"), second)
    assert not outbox.note(alert(camera), outbox.turn(camera))  # it is there already
    assert len([one for one in outbox.all() if one.camera == camera]) == 2


def test_alerts_alike_are_those_of_the_class_that_overlap(outbox: Any, camera: str) -> None:
    for first, last, label in (("2", "4", "a"), ("6", "8", "a"), ("3", "7", "b"), ("9", "9", "a")):
        assert outbox.note(alert(camera, first, last, label), outbox.turn(camera))
    found = [outbox.like(alert(camera, *span, "a")) for span in (("4", "6"), ("5", "5"), ("0", "99"))]
    assert [sorted(one.first for one in each) for each in found] == [["2", "6"], [], ["2", "6", "9"]]
    assert outbox.like(alert("another", "0", "99", "a")) == []


def test_what_an_alert_covers_grows_whatever_its_state_has_become(outbox: Any, camera: str) -> None:
    made = alert(camera)
    outbox.note(made, "")
    seen = outbox.read(camera, made.key)
    assert outbox.mark(seen, State.SENT, LATER)
    assert outbox.note(replace(seen, first="2025"), outbox.turn(camera))
    kept = outbox.read(camera, made.key)
    assert (kept.first, kept.state, kept.since) == ("2025", State.SENT, LATER)
    assert [one.key for one in outbox.like(alert(camera, "2025", "2025"))] == [made.key]


def test_a_state_is_written_over_the_one_that_was_read(outbox: Any, camera: str) -> None:
    made = alert(camera)
    outbox.note(made, "")
    kept = outbox.read(camera, made.key)
    assert outbox.mark(kept, State.QUEUED, LATER)
    assert not outbox.mark(kept, State.TRYING, LATER)
    assert outbox.read(camera, made.key).state is State.QUEUED
    assert not outbox.mark(replace(alert("nobody"), etag=kept.etag), State.SENT, LATER)


def test_only_what_is_on_no_queue_is_pending(outbox: Any, camera: str) -> None:
    for first in ("1", "2"):
        outbox.note(alert(camera, first, first), outbox.turn(camera))
    outbox.mark(outbox.read(camera, alert(camera, "1").key), State.QUEUED, LATER)
    assert [one.first for one in outbox.pending() if one.camera == camera] == ["2"]
    outbox.mark(outbox.read(camera, alert(camera, "2").key), State.SENDING, LATER)
    assert [one.first for one in outbox.pending() if one.camera == camera] == ["2"]


def test_an_alert_goes_to_others_whole_and_to_us_by_name(real: Real, camera: str) -> None:
    made = alert(camera)
    real.outbox.send(made, Trace("00-" + "1" * 32 + "-" + "2" * 16 + "-01"))
    (theirs,), (ours,) = real.others.receive_messages(), real.work.receive_messages()
    assert theirs.content == made.message
    assert theirs.expires_on - theirs.inserted_on == timedelta(days=7)
    said = json.loads(ours.content)
    assert (said["camera"], said["alert"]) == (camera, made.key)
    assert said["trace"]["parent"].startswith("00-1")


def test_a_camera_that_is_forgotten_has_no_alerts(real: Real, camera: str) -> None:
    real.outbox.note(alert(camera), "")
    assert real.tables.forget(camera) == 2
    assert (real.outbox.turn(camera), real.outbox.read(camera, alert(camera).key)) == ("", None)


def test_rules_are_kept_beside_the_heads(real: Real) -> None:
    container = connect.blobs(real.storage).get_container_client("models")
    book = Rulebook(container)
    assert (book.read(), book.current()) == (("", ""), ())
    book.write('[[rule]]\nname = "барс"', "")
    assert [rule.name for rule in Rulebook(container).current()] == ["барс"]
    book.write("", book.read()[1])
    assert Rulebook(container).current() == ()
