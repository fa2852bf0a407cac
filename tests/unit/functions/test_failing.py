"""What an attempt raises is noted and goes on; nothing that goes wrong with the note stands before it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import azure.functions as func
import pytest
from azure.core.exceptions import AzureError
from azure.functions.blob import InputStream

from functions.failing import Noting
from shared.errors import UnciaError
from shared.message import key_of, key_of_image
from tests.memory import MemoryFailures

NOW = datetime(2026, 2, 1, 8, tzinfo=UTC)


class Message(func.QueueMessage):
    """A message that was received so often."""

    def __init__(self, body: bytes, count: int) -> None:
        super().__init__(id="1", body=body)
        self._count = count

    @property
    def dequeue_count(self) -> int:
        return self._count


def attempt(failures: Any, count: int = 1, error: BaseException | None = None, came: Any = None) -> None:
    """One attempt by the host, a minute after the one before."""
    message: Any = came or Message(b"x", count)
    with Noting("frames", message, failures=lambda: failures, now=lambda: NOW + timedelta(minutes=count)):
        if error:
            raise error


def test_each_attempt_that_raises_is_noted_and_raises() -> None:
    failures = MemoryFailures()
    for count in (1, 2, 3):
        with pytest.raises(ValueError, match="odd"):
            attempt(failures, count, ValueError("odd"))
    noted = failures.attempts("frames", key_of(b"x"))
    assert noted is not None
    assert (noted.number, noted.error) == (3, "ValueError: odd")
    assert noted.last_at - noted.first_at == timedelta(minutes=2)


def test_a_message_that_succeeds_at_last_is_no_longer_noted() -> None:
    failures = MemoryFailures()
    with pytest.raises(ValueError, match="odd"):
        attempt(failures, 1, ValueError("odd"))
    attempt(failures, 2)
    assert failures.attempts("frames", key_of(b"x")) is None


def nowhere() -> MemoryFailures:
    raise AssertionError("nothing was to be noted")


def test_what_succeeds_at_once_costs_nothing() -> None:
    message: Any = Message(b"x", 1)
    with Noting("frames", message, failures=nowhere, now=lambda: NOW):  # type: ignore[arg-type]
        pass


def test_an_image_is_noted_by_its_name() -> None:
    failures, blob = MemoryFailures(), InputStream(data=b"", name="images/Ridge 1/a.jpg")
    with pytest.raises(MemoryError):
        attempt(failures, error=MemoryError(), came=blob)
    assert failures.attempts("frames", key_of_image("images/Ridge 1/a.jpg")) is not None


def down() -> MemoryFailures:
    raise AzureError("the table service is down")


def unset() -> MemoryFailures:
    raise UnciaError("no storage")


@pytest.mark.parametrize("opened", [down, unset])
def test_an_error_that_cannot_be_noted_is_raised_all_the_same(opened: Callable[[], Any]) -> None:
    message: Any = Message(b"x", 1)
    with (
        pytest.raises(ValueError, match="odd"),
        Noting("frames", message, failures=opened, now=lambda: NOW),
    ):
        raise ValueError("odd")


def test_a_success_whose_note_cannot_be_deleted_is_a_success() -> None:
    message: Any = Message(b"x", 2)
    with Noting("frames", message, failures=down, now=lambda: NOW):  # type: ignore[arg-type]
        pass
