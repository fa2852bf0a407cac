"""What the host gave up on, and when it is sent again."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.attempt import tried
from shared.day import Ask
from shared.errors import BadMessage
from shared.failure import NO_REASON, NOT_OURS, Failure, buried, carried
from shared.message import key_of

NOW = datetime(2026, 2, 1, 8, tzinfo=UTC)
LATER = NOW + timedelta(minutes=3)
BODY = Ask("cam", "20260131").encode().encode()
CONTENT = base64.b64encode(BODY).decode()
KNOWN = replace(tried(None, "sequences", key_of(BODY), OSError("down"), NOW), number=5, sent_again=1)


def test_a_failure_has_what_was_noted_of_its_attempts() -> None:
    one = buried("sequences", CONTENT, LATER, KNOWN, None, LATER)
    assert (one.key, one.body, one.plain) == (key_of(BODY), BODY, False)
    assert (one.what, one.why) == ('camera-day "cam", 31 January 2026', "OSError: down")
    assert (one.attempts, one.first_at, one.last_at, one.buried_at, one.sent_again) == (5, NOW, NOW, LATER, 1)


def test_a_failure_without_a_note_says_so_and_is_as_old_as_its_message() -> None:
    one = buried("sequences", CONTENT, NOW, None, None, LATER)
    assert (one.why, one.attempts, one.first_at, one.last_at) == (NO_REASON, 0, NOW, NOW)
    assert one.due == LATER + timedelta(minutes=10)


def test_a_message_that_comes_twice_keeps_the_reason_it_had() -> None:
    one = buried("sequences", CONTENT, NOW, KNOWN, None, NOW)
    assert replace(buried("sequences", CONTENT, LATER, None, one, LATER), buried_at=NOW) == one


@pytest.mark.parametrize("content", ["hello", base64.b64encode(b"hello").decode(), "барс", ""])
def test_a_strangers_message_is_kept_as_it_was_and_waits_for_a_person(content: str) -> None:
    one = buried("sequences", content, NOW, None, None, NOW)
    assert (one.content, one.what, one.due) == (content, NOT_OURS, None)


@pytest.mark.parametrize(
    ("sent_again", "after"),
    [(0, timedelta(minutes=10)), (1, timedelta(hours=1)), (2, timedelta(hours=6)), (3, None), (4, None)],
)
def test_a_failure_is_sent_again_by_itself_three_times(sent_again: int, after: timedelta | None) -> None:
    one = buried("sequences", CONTENT, NOW, replace(KNOWN, sent_again=sent_again), None, NOW)
    assert one.due == (after and NOW + after)


def test_a_failure_for_a_person_is_not_sent_again_by_itself() -> None:
    known = tried(None, "sequences", key_of(BODY), BadMessage("of version 2"), NOW)
    assert buried("sequences", CONTENT, NOW, known, None, NOW).due is None


def test_what_is_sent_again_and_fails_again_is_the_same_failure_once_more() -> None:
    one: Failure = buried("sequences", CONTENT, NOW, KNOWN, None, NOW)
    again = tried(carried(one, one.sent_again + 1, LATER), "sequences", one.key, OSError("down"), LATER)
    two = buried("sequences", CONTENT, LATER, again, None, LATER)
    assert (two.attempts, two.first_at, two.last_at, two.sent_again) == (6, NOW, LATER, 2)
