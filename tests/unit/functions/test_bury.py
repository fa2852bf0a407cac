"""What the host gave up on can be seen, is sent again by itself, and is never lost."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from azure.core.exceptions import AzureError, HttpResponseError, ResourceNotFoundError
from hypothesis import given
from hypothesis import strategies as st

from functions import bury, redrive
from functions.redrive import Outcome
from shared.attempt import KEPT, tried
from shared.day import Ask
from shared.errors import BadMessage
from shared.failure import NO_REASON, Failure
from shared.message import POISON, key_of, key_of_body
from tests.memory import MemoryFailures, MemoryPoison, MemoryQueue
from tests.unit.shared.test_message import announced

NOW = datetime(2026, 2, 1, 8, tzinfo=UTC)
DAY = Ask("cam", "20260131").encode().encode()
IMAGE = announced(BlobName="a.jpg")


class Images:
    """A container where these images are; what is announced is noted."""

    def __init__(self, *names: str) -> None:
        self.names, self.announced, self.refuses = names, list[str](), False

    def get_blob_client(self, name: str) -> SimpleNamespace:
        def properties() -> SimpleNamespace:
            if name not in self.names:
                raise ResourceNotFoundError("no such blob")
            return SimpleNamespace(etag="0x8D")

        def copy(url: str, **_: object) -> dict[str, str]:
            if self.refuses:
                raise HttpResponseError("BlobArchived")
            self.announced.append(name)
            return {"etag": "0x8E"}

        return SimpleNamespace(url=name, get_blob_properties=properties, start_copy_from_url=copy)


class Site:
    """Everything that failures pass through, and a clock."""

    def __init__(self, *images: str) -> None:
        self.now = NOW
        self.failures: Any = MemoryFailures()
        self.poison: Any = {queue: MemoryPoison() for queue in POISON}
        self.queues: Any = {queue: MemoryQueue() for queue in POISON if queue != "images"}
        self.images: Any = Images(*images)

    def give_up(self, queue: str, body: bytes, *errors: Exception) -> None:
        """What the host does: an attempt for each error, then the poison queue."""
        key = key_of_body(queue, body)
        for error in errors:
            self.failures.note(tried(self.failures.attempts(queue, key), queue, key, error, self.now))
        self.poison[queue].put(base64.b64encode(body).decode(), self.now)

    def pass_on(self, **after: float) -> None:
        """The timer, so much later."""
        self.now += timedelta(**after)
        bury.run(failures=self.failures, poison=self.poison, redrive=self.redrive, now=lambda: self.now)

    def redrive(self, failure: Failure, *, by_hand: bool = False) -> Outcome:
        return redrive.run(
            failure, failures=self.failures, queues=self.queues, images=self.images, now=lambda: self.now,
            by_hand=by_hand,
        )  # fmt: skip

    def buried(self) -> list[Failure]:
        return [*self.failures.all(bodies=True)]


@pytest.mark.parametrize("queue", POISON)
@pytest.mark.parametrize("body", [b"", b"\xff\xfe", "барс".encode(), b"x" * 49_152, DAY, IMAGE])
def test_a_failed_message_is_kept_as_it_was_with_its_reason(queue: str, body: bytes) -> None:
    site = Site()
    site.give_up(queue, body, ValueError("a"), OSError("b"))
    site.pass_on(minutes=1)
    (kept,) = site.buried()
    assert (kept.queue, kept.body, kept.why, kept.attempts) == (queue, body, "OSError: b", 2)
    assert (kept.first_at, kept.buried_at) == (NOW, NOW + timedelta(minutes=1))
    assert site.poison[queue].kept == []
    assert site.failures.attempts(queue, kept.key) is None


def test_a_message_without_base64_is_kept_and_sent_as_it_was() -> None:
    site = Site()
    site.poison["frames"].put("not base64", NOW)
    site.pass_on()
    (kept,) = site.buried()
    assert (kept.body, kept.plain, kept.due) == (b"not base64", True, None)
    assert site.redrive(kept, by_hand=True) is Outcome.SENT
    assert site.queues["frames"].sent == [("not base64", 0)]


def test_a_failed_message_that_arrives_twice_is_one_failure_with_its_reason() -> None:
    site = Site()
    site.give_up("frames", DAY, ValueError("a"))
    for queue in ("frames", "frames", "sequences"):
        site.give_up(queue, DAY)
    site.pass_on()
    assert [(one.queue, one.why) for one in site.buried()] == [("frames", "ValueError: a"), ("sequences", NO_REASON)]


class Missing:
    """A queue that the host has not made yet."""

    def receive_messages(self, **_: object) -> Iterator[SimpleNamespace]:
        raise ResourceNotFoundError("QueueNotFound")
        yield


def test_a_poison_queue_that_is_not_there_is_empty() -> None:
    site = Site()
    site.poison["images"] = Missing()
    site.give_up("notify", b"x")
    site.pass_on()
    assert len(site.buried()) == 1


def test_a_run_that_takes_too_long_goes_on_the_next_time() -> None:
    site = Site()
    for number in range(3):
        site.give_up("frames", b"%d" % number)
    times = iter([NOW, NOW, NOW, NOW, NOW + timedelta(minutes=1)])
    bury.run(failures=site.failures, poison=site.poison, redrive=site.redrive, now=lambda: next(times))
    assert (len(site.buried()), len(site.poison["frames"].kept)) == (2, 1)


def test_a_failure_is_sent_again_three_times_and_then_waits() -> None:
    site, sent = Site(), []
    for _ in range(4):
        site.give_up("sequences", DAY, OSError("down"))
        for _ in range(7 * 60):
            site.pass_on(minutes=1)
            if site.queues["sequences"].sent:
                sent.append(site.queues["sequences"].sent.pop()[0])
                break
    assert sent == [base64.b64encode(DAY).decode()] * 3
    (kept,) = site.buried()
    assert (kept.due, kept.attempts, kept.first_at, kept.sent_again) == (None, 4, NOW, 3)
    site.redrive(kept, by_hand=True)
    site.give_up("sequences", DAY, OSError("down"))
    site.pass_on()
    assert site.buried()[0].due == site.now + timedelta(minutes=10)


def test_what_a_person_has_to_mend_is_not_sent_again_by_itself() -> None:
    site = Site()
    site.give_up("sequences", DAY, BadMessage("of version 2"))
    for _ in range(10):
        site.pass_on(hours=1)
    assert (len(site.buried()), site.queues["sequences"].sent) == (1, [])


def test_an_image_is_announced_again() -> None:
    site = Site("a.jpg")
    site.give_up("images", IMAGE, MemoryError())
    site.pass_on()
    site.pass_on(minutes=10)
    assert (site.images.announced, site.buried()) == (["a.jpg"], [])
    assert site.failures.attempts("images", key_of_body("images", IMAGE)).sent_again == 1


def test_the_failure_of_an_image_that_is_gone_goes_too() -> None:
    site = Site()
    site.give_up("images", IMAGE, MemoryError())
    site.pass_on()
    assert site.redrive(site.buried()[0], by_hand=True) is Outcome.GONE
    assert (site.buried(), site.failures.attempts("images", key_of_body("images", IMAGE))) == ([], None)


def test_a_message_of_the_blob_trigger_that_names_no_image_stays() -> None:
    site = Site()
    site.give_up("images", b"hello")
    site.pass_on()
    assert site.redrive(site.buried()[0], by_hand=True) is Outcome.STAYS
    assert len(site.buried()) == 1


def test_what_storage_refuses_to_send_keeps_nothing_else_waiting_and_waits_for_a_person_at_last() -> None:
    site = Site("a.jpg")
    site.images.refuses = True
    site.give_up("images", IMAGE, MemoryError())
    site.give_up("sequences", DAY, OSError("down"))
    site.pass_on()
    for _ in range(8):
        site.pass_on(hours=1)
    (kept,) = site.buried()
    assert (kept.queue, kept.due, kept.sent_again) == ("images", None, 3)
    assert kept.why == "could not be sent again: HttpResponseError: BlobArchived"
    assert len(site.queues["sequences"].sent) == 1


def test_a_failure_that_failed_again_while_it_was_sent_stays() -> None:
    site = Site()
    site.give_up("sequences", DAY)
    site.pass_on()
    (read,) = site.buried()
    site.give_up("sequences", DAY)
    site.pass_on()
    site.redrive(read)
    assert len(site.buried()) == 1


def test_attempts_that_ended_in_nothing_are_forgotten_after_eight_days() -> None:
    site = Site()
    site.failures.note(tried(None, "images", "k", MemoryError(), NOW))
    site.pass_on(days=KEPT.days)
    assert site.failures.attempts("images", "k") is not None
    site.pass_on(minutes=1)
    assert site.failures.attempts("images", "k") is None


def test_what_cannot_be_sent_again_keeps_nothing_else_waiting() -> None:
    site = Site("a.jpg")
    for name in ("\ud800.jpg", "../models/a.jpg"):
        site.give_up("images", announced(BlobName=name), MemoryError())
    site.give_up("sequences", DAY, OSError("down"))
    site.pass_on()
    (day,) = (one for one in site.buried() if one.queue == "sequences")
    site.failures.bury(replace(day, queue="a queue of another version"))
    site.pass_on(minutes=10)
    assert len(site.queues["sequences"].sent) == 1
    assert [one.queue for one in site.buried()] == ["a queue of another version", "images", "images"]


class Crash(Exception):
    """The instance was killed."""


class Interrupted:
    """Something at whose calls the instance may be killed, before or after what they do."""

    def __init__(self, inner: Any, maybe: Callable[[], None]) -> None:
        self._inner, self._maybe = inner, maybe

    def __getattr__(self, name: str) -> Any:
        def call(*said: Any, **named: Any) -> Any:
            self._maybe()
            done = getattr(self._inner, name)(*said, **named)
            self._maybe()
            return done

        return call


@given(st.sets(st.integers(0, 120), max_size=12), st.lists(st.sampled_from([DAY, b"hello", b"x"]), max_size=4))
def test_crashes_at_any_point_lose_nothing_and_send_no_more_than_three_times_and_once_a_crash(
    crashes: set[int], bodies: list[bytes]
) -> None:
    site, calls, seen = Site("a.jpg"), iter(range(1_000_000)), 0

    def maybe() -> None:
        if next(calls) in crashes:
            raise Crash

    for body in [DAY, *bodies]:
        site.give_up("sequences", body, OSError("down"))
    site.give_up("images", IMAGE, MemoryError())
    plain, site.failures = site.failures, Interrupted(site.failures, maybe)
    site.poison = {queue: Interrupted(one, maybe) for queue, one in site.poison.items()}
    site.queues = {queue: Interrupted(one, maybe) for queue, one in site.queues.items()}
    for _ in range(60):
        try:
            site.pass_on(minutes=1)
        except Crash:
            seen += 1
    sent = [text for text, _ in site.queues["sequences"]._inner.sent]
    assert set(sent) == {base64.b64encode(DAY).decode()}
    assert 1 <= len(sent) <= 1 + seen
    assert {one.key for one in plain.all()} == {key_of(body) for body in bodies} - {key_of(DAY)}
    assert "a.jpg" in site.images.announced


class Outage:
    """A service that answers nothing for some time."""

    def __init__(self, inner: Any, is_down: Callable[[], bool]) -> None:
        self._inner, self._is_down = inner, is_down

    def __getattr__(self, name: str) -> Any:
        if self._is_down():
            raise AzureError("the service is down")
        return getattr(self._inner, name)


@pytest.mark.parametrize("tables_too", [True, False])
def test_an_outage_of_ten_minutes_ends_in_recovery_without_a_hand(tables_too: bool) -> None:
    site, done = Site("a.jpg"), set[str]()
    up_again, tables = NOW + timedelta(minutes=10), site.failures
    if tables_too:
        site.failures = Outage(tables, lambda: site.now < up_again)
    for minute in range(30):
        queued = [text for text, _ in site.queues["sequences"].sent] + site.images.announced
        if site.now >= up_again:
            done |= {*queued}
        elif minute == 0:  # the host has given up: four retries of a day, five of an image at once
            for queue, body in (("sequences", DAY), ("images", IMAGE)):
                site.poison[queue].put(base64.b64encode(body).decode(), site.now)
        try:
            site.pass_on(minutes=1)
        except AzureError:
            assert site.now < up_again
    assert done == {base64.b64encode(DAY).decode(), "a.jpg"}
    assert (site.buried(), {len(one.kept) for one in site.poison.values()}) == ([], {0})


def test_only_what_waits_for_a_person_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[int] = []
    monkeypatch.setattr("functions.telemetry.count_failure", lambda: counted.append(1))
    site = Site()
    site.give_up("sequences", DAY, OSError("down"))
    site.pass_on()
    assert counted == []
    site.give_up("sequences", b"hello")
    site.pass_on()
    assert counted == [1]
