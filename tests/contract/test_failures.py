"""What the steps expect of the tables of failures, and of poison queues, asked of the real ones (Azurite)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from functions import bury, redrive
from functions.redrive import Outcome
from shared import connect
from shared.attempt import Attempts
from shared.failure import Failure
from shared.failures import Failures
from shared.message import POISON, content_of, key_of
from tests.memory import MemoryFailures
from tests.unit.shared.test_message import announced

NOW = datetime(2026, 2, 1, 8, tzinfo=UTC)
LATER = NOW + timedelta(minutes=10)
IMAGE = announced(BlobName="Ridge 1/Ñ #1.jpg")


@pytest.fixture(scope="module")
def real(account: dict[str, str]) -> Iterator[Failures]:
    with connect.tables(account) as service:
        yield Failures(service)


@pytest.fixture(params=["memory", "azurite"])
def failures(request: pytest.FixtureRequest) -> Any:
    return MemoryFailures() if request.param == "memory" else request.getfixturevalue("real")


@pytest.fixture
def key() -> str:
    return key_of(str(uuid4()).encode())


def failure(key: str, **said: Any) -> Failure:
    made = Failure(
        queue="frames", key=key, body=b'{"\xff": 1}', plain=False, about='image "Ñ/барс.jpg"', error="OSError: down",
        for_person=False, attempts=5, first_at=NOW, last_at=LATER, buried_at=LATER, sent_again=0,
    )  # fmt: skip
    return replace(made, **said)


def attempts(key: str, **said: Any) -> Attempts:
    made = Attempts(
        queue="frames", key=key, error="OSError: down", for_person=False, number=5, first_at=NOW, last_at=LATER,
        touched_at=LATER,
    )  # fmt: skip
    return replace(made, **said)


def all_of(failures: Any, key: str, **said: Any) -> list[Failure]:
    return [one for one in failures.all(**said) if one.key == key]


def test_attempts_come_back_as_they_were_noted_last(failures: Any, key: str) -> None:
    assert failures.attempts("frames", key) is None
    for noted in (attempts(key), attempts(key, error="", for_person=True, number=0, sent_again=2)):
        failures.note(noted)
        assert failures.attempts("frames", key) == noted
    assert failures.attempts("sequences", key) is None


def test_attempts_are_cleared_whether_they_were_there_or_not(failures: Any, key: str) -> None:
    failures.note(attempts(key))
    for _ in range(2):
        failures.clear("frames", key)
    assert failures.attempts("frames", key) is None


def test_attempts_that_nobody_touched_since_are_cleared(failures: Any, key: str) -> None:
    failures.note(attempts(key))
    failures.clear_untouched(LATER)
    assert failures.attempts("frames", key) is not None
    failures.clear_untouched(LATER + timedelta(seconds=1))
    assert failures.attempts("frames", key) is None


@pytest.mark.parametrize("body", [b"", b'{"\xff": 1}', b"x" * 65_536])
def test_a_failure_comes_back_whole_and_without_its_body_in_lists(failures: Any, key: str, body: bytes) -> None:
    kept = failure(key, body=body, plain=not body, about="", error="")
    failures.bury(kept)
    assert replace(failures.read("frames", key), etag="") == kept
    assert [replace(one, etag="") for one in all_of(failures, key, bodies=True)] == [kept]
    assert [replace(one, etag="") for one in all_of(failures, key)] == [replace(kept, body=b"")]


def test_failures_are_read_by_queue(failures: Any, key: str) -> None:
    failures.bury(failure(key))
    failures.bury(failure(key, queue="sequences"))
    assert [one.queue for one in all_of(failures, key, queue="sequences")] == ["sequences"]
    assert [one.queue for one in all_of(failures, key)] == ["frames", "sequences"]
    assert failures.read("retrain", key) is None


def test_failures_are_found_when_they_are_due_and_not_where_they_wait(failures: Any, key: str) -> None:
    def due(moment: datetime) -> list[str]:
        return [one.queue for one in failures.due(moment) if one.key == key]

    failures.bury(failure(key))
    assert (due(LATER), due(LATER + timedelta(minutes=10))) == ([], ["frames"])
    failures.bury(failure(key, sent_again=3))
    assert due(LATER + timedelta(days=1)) == []


def test_a_failure_is_unburied_once(failures: Any, key: str) -> None:
    failures.bury(failure(key))
    read = failures.read("frames", key)
    assert failures.unbury(read)
    assert failures.unbury(read)
    assert all_of(failures, key) == []


def test_a_failure_that_failed_again_meanwhile_is_not_unburied(failures: Any, key: str) -> None:
    failures.bury(failure(key))
    read = failures.read("frames", key)
    failures.bury(failure(key, attempts=10))
    assert not failures.unbury(read)
    assert [one.attempts for one in all_of(failures, key)] == [10]


def now() -> datetime:
    return datetime.now(UTC)


def test_poison_queues_are_emptied_and_what_was_in_them_is_sent_as_it_was(
    real: Failures, account: dict[str, str]
) -> None:
    for one in real.all():
        real.unbury(one)
    poison = {queue: connect.plain(account, name) for queue, name in POISON.items()}
    images = connect.blobs(account).get_container_client("images")
    blob = images.upload_blob("Ridge 1/Ñ #1.jpg", b"12345", metadata={"camera": "K"})
    etag = blob.get_blob_properties().etag
    connect.outlet(account, "frames")
    for queue, content in {"frames": "no base64 & <xml>", "images": content_of(IMAGE, plain=False)}.items():
        poison[queue].create_queue()
        poison[queue].send_message(content)
    queues = {"frames": connect.plain(account, "frames")}
    again = partial(redrive.run, failures=real, queues=queues, images=images, now=now)
    bury.run(failures=real, poison=poison, redrive=again, now=now)
    assert [poison[queue].peek_messages(1) for queue in ("frames", "images")] == [[], []]
    assert [again(one, by_hand=True) for one in real.all(bodies=True)] == [Outcome.SENT, Outcome.SENT]
    assert [one.content for one in queues["frames"].peek_messages(2)] == ["no base64 & <xml>"]
    assert (blob.get_blob_properties().etag != etag, blob.get_blob_properties().metadata) == (True, {"camera": "K"})
    assert [*real.all()] == []
