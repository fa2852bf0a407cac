"""A request is told by its first line: what it does, to what, and whether the pipeline asks it on Azure too."""

from __future__ import annotations

from collections import Counter

import pytest

from bench.chaos.message import Message
from bench.requests import Counted, apart, by_bill, by_step, kind

FULL = b"<QueueMessagesList><QueueMessage></QueueMessage></QueueMessagesList>"
EMPTY = b"<QueueMessagesList></QueueMessagesList>"


def asked(line: str) -> Message:
    return Message(f"{line} HTTP/1.1\r\n\r\n".encode(), b"")


@pytest.mark.parametrize(
    ("service", "line", "answer", "said"),
    [
        ("Queue", "POST /dev/frames/messages?visibilitytimeout=0", b"", "put message frames"),
        ("Queue", "GET /dev/frames/messages?numofmessages=4", FULL, "get messages frames"),
        ("Queue", "GET /dev/frames/messages?numofmessages=4", EMPTY, "empty look frames"),
        ("Queue", "GET /dev/frames-poison/messages?peekonly=true", EMPTY, "peek message frames-poison"),
        ("Queue", "DELETE /dev/sequences/messages/1?popreceipt=2", b"", "delete message sequences"),
        ("Queue", "PUT /dev/frames/messages/1?popreceipt=2", b"", "update message frames"),
        ("Queue", "GET /dev/frames?comp=metadata", b"", "local look at frames"),
        ("Queue", "POST /dev/azure-webjobs-blobtrigger-devhost/messages", b"", "put message images"),
        ("Table", "GET /dev/frames(PartitionKey='a',RowKey='b')", b"", "read row frames"),
        ("Table", "GET /dev/frames()?$filter=x", b"", "query frames"),
        ("Table", "POST /dev/frames", b"", "insert row frames"),
        ("Table", "PATCH /dev/days(PartitionKey='a',RowKey='b')", b"", "write row days"),
        ("Table", "DELETE /dev/labels(PartitionKey='a',RowKey='b')", b"", "delete row labels"),
        ("Table", "POST /dev/$batch", b"", "transaction labels"),
        ("Table", "POST /dev/Tables", b"", "local make table"),
        ("Blob", "GET /dev/images/a/b.jpg", b"", "read blob images"),
        ("Blob", "HEAD /dev/images/a/b.jpg", b"", "look at blob images"),
        ("Blob", "PUT /dev/images/a/b.jpg", b"", "write blob images"),
        ("Blob", "GET /dev/images?comp=list", b"", "local list images"),
        ("Blob", "HEAD /dev/azure-webjobs-hosts/x", b"", "local receipt azure-webjobs-hosts"),
    ],
)
def test_a_request_is_told_by_its_first_line(service: str, line: str, answer: bytes, said: str) -> None:
    assert kind(service, asked(line), Message(b"", answer)) == said


def test_requests_are_counted_by_kind() -> None:
    counted = Counted()
    for _ in range(3):
        counted.heard("Table", asked("POST /dev/frames"), Message(b"", b""))
    assert counted.so_far() == {"insert row frames": 3}


# Two images of one day: what each step asked, and what only the local stack does.
KINDS = Counter({
    "write blob images": 2, "local list images": 9, "empty look frames": 5,
    "put message images": 2, "get messages images": 1, "delete message images": 2, "read blob images": 2,
    "put message frames": 2, "get messages frames": 2, "delete message frames": 2,
    "read row frames": 2, "insert row frames": 2, "read row days": 3, "put message sequences": 1, "write row days": 3,
    "get messages sequences": 1, "delete message sequences": 1,
    "query frames": 2, "query labels": 2, "transaction labels": 1, "read blob models": 2,
})  # fmt: skip


def test_the_upload_and_what_only_the_local_stack_asks_are_apart() -> None:
    assert [kind for kind in KINDS if apart(kind)] == ["write blob images", "local list images", "empty look frames"]


def test_each_request_of_the_pipeline_is_in_one_bill() -> None:
    assert by_bill(KINDS) == {"queue": 14, "table": 15, "blob": 4}


def test_each_request_that_a_step_waits_for_is_in_one_step() -> None:
    # Aggregate: 2 reads and 2 writes of frames, one read of the day, its message and its note. Finalize: the other 9 of
    # tables, and 2 reads of the head.
    assert by_step(KINDS, 2) == {"featurize": 2.0, "aggregate": 3.5, "finalize": 11.0}
