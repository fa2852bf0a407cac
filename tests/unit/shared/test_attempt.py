"""What is noted of an attempt that raised."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from azure.core.exceptions import ServiceRequestError

from shared.attempt import FRESH, LONGEST, reason, tried
from shared.errors import BadMessage, HeadRefused, NotTaken, UnciaError

NOW = datetime(2026, 2, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (BadMessage("the message is no frame: 'x'"), "the message is no frame: 'x'"),
        (ValueError("one line\nand details"), "ValueError: one line"),
        (ServiceRequestError("\n no such host\nCode: 7"), "ServiceRequestError: no such host"),
        (MemoryError(), "MemoryError"),
        (UnciaError(""), "UnciaError"),
        (OSError("a\x1b[2Jb\ud800"), "OSError: a�[2Jb�"),
        (OSError("/frames?sv=1&sig=abc%2F&se=2 refused"), "OSError: /frames?sv=1&sig=…&se=2 refused"),
        (OSError("AccountName=a;AccountKey=bm90IGE=;x"), "OSError: AccountName=a;AccountKey=…;x"),
        (OSError("Authorization: Bearer eyJ.0-9 was refused"), "OSError: Authorization: Bearer … was refused"),
        (OSError("design=fine"), "OSError: design=fine"),
    ],
)
def test_the_reason_is_one_line_without_secrets(error: Exception, said: str) -> None:
    assert reason(error) == said


def test_a_long_reason_is_cut() -> None:
    assert len(reason(ValueError("x" * 70_000))) == LONGEST


def test_attempts_are_counted_from_the_first_and_the_last_reason_stays() -> None:
    one = tried(None, "frames", "k", ValueError("a"), NOW)
    assert (one.number, one.first_at, one.last_at, one.error) == (1, NOW, NOW, "ValueError: a")
    later = NOW + timedelta(seconds=30)
    two = tried(replace(one, sent_again=2), "frames", "k", OSError("b"), later)
    assert (two.number, two.first_at, two.last_at, two.error, two.sent_again) == (2, NOW, later, "OSError: b", 2)


def test_what_raises_a_day_later_is_counted_anew() -> None:
    one = replace(tried(None, "frames", "k", ValueError("a"), NOW), sent_again=3, number=5)
    later = NOW + FRESH + timedelta(seconds=1)
    two = tried(one, "frames", "k", ValueError("a"), later)
    assert (two.number, two.first_at, two.sent_again) == (1, later, 0)


@pytest.mark.parametrize(
    ("error", "waits"),
    [(BadMessage("x"), True), (HeadRefused("x"), True), (UnciaError("x"), True), (NotTaken("503"), False),
     (ValueError("x"), False), (ServiceRequestError("x"), False), (MemoryError(), False)],
)  # fmt: skip
def test_what_a_person_has_to_mend_is_not_sent_again_by_itself(error: Exception, waits: bool) -> None:
    assert tried(None, "frames", "k", error, NOW).for_person is waits
