"""What queue functions are told, and what they put out."""

from __future__ import annotations

import json
from typing import Any

import pytest
from azure.storage.queue import QueueMessage

from devhost.invocation import bodies
from devhost.queues import trigger_metadata
from devhost.runtime import Datum
from devhost.storage import decode, encode


def told(body: bytes) -> dict[str, tuple[str, Any]]:
    message = QueueMessage(content="")
    message.id, message.dequeue_count = "7", 2
    return {name: (datum.type, datum.value) for name, datum in trigger_metadata(message, body).items()}


def test_the_fields_of_a_json_body_are_told_except_lists() -> None:
    metadata = told(b'{"camera": "K1", "frames": 3, "place": {"x": 1}, "files": []}')
    assert metadata["camera"] == ("string", "K1")
    assert metadata["frames"] == ("json", "3")
    assert json.loads(metadata["place"][1]) == {"x": 1}
    assert "files" not in metadata


@pytest.mark.parametrize("body", [b"text", b"[1]", b"[" * 60_000, b"1" * 5_000])
def test_a_body_that_is_no_object_has_no_fields_to_tell(body: bytes) -> None:
    assert told(body).keys() == {*told(b""), "QueueTrigger"}


def test_a_field_of_the_body_wins_over_what_the_host_tells() -> None:
    assert told(b"x")["DequeueCount"] == ("json", "2")
    assert told(b'{"DequeueCount": "mine"}')["DequeueCount"] == ("string", "mine")


def test_a_body_that_is_not_text_is_not_told_as_text() -> None:
    assert told(b"text")["QueueTrigger"] == ("string", "text")
    assert "QueueTrigger" not in told(b"\xff\xfe")


@pytest.mark.parametrize(
    ("datum", "messages"),
    [
        (Datum("one", "string"), [b"one"]),
        (Datum(b"\xff", "bytes"), [b"\xff"]),
        (Datum('["one", "two"]', "json"), [b"one", b"two"]),
        (Datum(["one", {"a": 1}], "list"), [b"one", b'{"a": 1}']),
        (Datum('{"a": 1}', "json"), [b'{"a": 1}']),
        (Datum([], "list"), []),
    ],
)
def test_a_list_put_out_is_several_messages(datum: Datum, messages: list[bytes]) -> None:
    assert bodies(datum) == messages


@pytest.mark.parametrize("body", [b"", b"plain", "Ñ".encode()])
@pytest.mark.parametrize("encoding", ["base64", "none"])
def test_a_body_comes_back_from_the_queue_as_it_went(body: bytes, encoding: str) -> None:
    assert decode(encode(body, encoding), encoding) == body


def test_what_is_not_base64_is_told_apart() -> None:
    assert decode("{not base64}", "base64") is None
