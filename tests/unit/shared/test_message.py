"""Any message has a name and, where Uncia sends such, words; no message breaks them."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.alert import Errand
from shared.day import Ask
from shared.message import LONGEST, POISON, about, body_of, content_of, key_of, key_of_body, key_of_image
from shared.retraining import Retraining
from tests.unit.shared.making import NOON, seen

NOW = datetime(2026, 2, 1, 8, tzinfo=UTC)
NESTED = b"[" * 60_000


def announced(**said: Any) -> bytes:
    told = {"Type": "BlobTrigger", "ContainerName": "images", "BlobName": "Ridge 1/IMG_0001.JPG", "ETag": '"0x8D"'}
    return json.dumps(told | said).encode()


def framed(**said: Any) -> bytes:
    """A frame's message with something else in it."""
    message = json.loads(seen().encode())
    return json.dumps(message | {"frame": message["frame"] | said}).encode()


@pytest.mark.parametrize(
    ("queue", "body", "words"),
    [
        ("images", announced(), 'image "Ridge 1/IMG_0001.JPG"'),
        ("frames", seen(path="Ridge 1/a.JPG").encode().encode(), 'frame of image "Ridge 1/a.JPG"'),
        ("sequences", Ask("Ridge 1", "20260131").encode().encode(), 'camera-day "Ridge 1", 31 January 2026'),
        ("sequences", Ask("Ridge 1", "undated").encode().encode(), 'undated frames of camera "Ridge 1"'),
        ("retrain", Retraining(by="Ana").encode().encode(), "retraining asked for by Ana"),
        ("retrain", b"{}", "retraining"),
        ("notify", Errand("Ridge 1", seen(NOON).row_key + "~0").encode().encode(),
         'alert about camera "Ridge 1", 31 January 2026, 12:00'),
        ("notify", Errand("Ridge 1", seen(None).row_key + "~0").encode().encode(), 'alert about camera "Ridge 1"'),
        ("sequences", b'{"camera": "a\\u001b[2Jb", "day": "undated"}', 'undated frames of camera "a�[2Jb"'),
    ],
)  # fmt: skip
def test_what_uncia_sends_is_said_in_words(queue: str, body: bytes, words: str) -> None:
    assert about(queue, body) == words


@pytest.mark.parametrize("queue", POISON)
@pytest.mark.parametrize(
    "body",
    [
        b"", b"hello", b"\xff\xfe", b"null", b"[]", b"1" * 5_000, NESTED, b'{"a":' * 9_000, b'{"camera": 1, "day": 2}',
        b'{"camera": "a\\ud800", "day": "undated"}',
        b'{"camera": "a", "day": "20260132", "alert": "x", "uncia": 2, "frame": {}, "BlobName": ""}',
        announced(ContainerName="other"), announced(BlobName=["a"]), announced(BlobName="../models/a"),
        announced(BlobName="\ud800"), announced(BlobName="a" * 1_025), framed(features="AAAA"), framed(size=None),
        framed(scores={"a": 10**400}), framed(verdict="leopard"), b'{"uncia": 1, "frame": "' + b"x" * 60_000 + b'"}',
    ],
)  # fmt: skip
def test_what_uncia_does_not_send_has_no_words(queue: str, body: bytes) -> None:
    assert about(queue, body) == ""


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
)
SAID = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("camera", "day", "alert", "by", "BlobName", "uncia", "frame", "trace"), ANYTHING)
)


@given(st.sampled_from([*POISON]), st.binary(max_size=99) | (ANYTHING | SAID).map(lambda one: json.dumps(one).encode()))
def test_no_message_breaks_the_words(queue: str, body: bytes) -> None:
    assert about(queue, body).isprintable()
    assert len(key_of_body(queue, body)) == 32


@given(st.sampled_from(["frames"]), st.dictionaries(st.sampled_from([*json.loads(seen().encode())["frame"]]), ANYTHING))
def test_no_frame_breaks_the_words(queue: str, said: dict[str, Any]) -> None:
    assert about(queue, framed(**said)).isprintable()


def test_words_as_long_as_a_message_are_cut() -> None:
    assert len(about("sequences", Ask("x" * 40_000, "undated").encode().encode())) == LONGEST


@given(st.binary(max_size=200) | st.text(max_size=50).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_a_message_in_base64_comes_back_as_it_was(body: bytes) -> None:
    content = base64.b64encode(body).decode()
    assert body_of(content) == (body, False)
    assert content_of(body, plain=False) == content


@given(st.text(max_size=50) | st.sampled_from(["hello", "aGVsbG8", "aGVsbG9=", "a\nb", "", "барс", "aGVs bG8="]))
def test_whatever_is_on_a_queue_can_be_put_there_again(content: str) -> None:
    body, plain = body_of(content)
    assert content_of(body, plain=plain) == content


def test_an_image_is_named_alike_by_its_trigger_and_by_its_message() -> None:
    assert key_of_body("images", announced()) == key_of_image("images/Ridge 1/IMG_0001.JPG")
    assert key_of_body("images", announced(ETag="another")) == key_of_body("images", announced())
    assert key_of_body("images", b"hello") == key_of(b"hello") == key_of_body("frames", b"hello")
