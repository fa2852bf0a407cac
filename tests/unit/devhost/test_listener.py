"""A listener goes on whatever storage answers."""

from __future__ import annotations

import base64
import subprocess
import sys
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest
from azure.core.exceptions import ServiceResponseError
from urllib3.exceptions import ProtocolError

from devhost.delivery import Policy
from devhost.lease import Lease
from devhost.listener import Listener

POLICY = Policy(batch_size=4, new_batch_threshold=0, longest_pause=0.01, retry_after=0, max_dequeue_count=5, lease=2)
# What was seen of answers that are late, cut within their headers or within their bodies.
UNREADABLE = [
    ServiceResponseError("the connection was reset"),
    ProtocolError("the connection was reset"),
    ConnectionResetError(),
    TypeError("'NoneType' object is not subscriptable"),
    ValueError("pop_receipt must be present"),
    SyntaxError("no element found"),
]


class Queue:
    """A queue with one message; its first answers cannot be read."""

    def __init__(self, *errors: Exception) -> None:
        self.queue_name = "frames"
        self.deleted = Event()
        self._errors = [*errors]
        self._left = [
            SimpleNamespace(id="1", pop_receipt="a", dequeue_count=1, content=base64.b64encode(b"m").decode())
        ]

    def receive_messages(self, **_: int) -> list[Any]:
        self._fail()
        return [self._left.pop()] if self._left else []

    def update_message(self, *_: Any, **__: Any) -> Any:
        self._fail()
        return SimpleNamespace(pop_receipt=None)  # its header was cut off

    def delete_message(self, _: str, receipt: str | None) -> None:
        if receipt is None:
            raise ValueError("pop_receipt must be present")
        self.deleted.set()

    def _fail(self) -> None:
        if self._errors:
            raise self._errors.pop()


@pytest.mark.parametrize("error", UNREADABLE, ids=lambda error: type(error).__name__)
def test_an_answer_that_cannot_be_read_does_not_end_listening(error: Exception) -> None:
    queue: Any = Queue(error, error)
    listener = Listener(queue, POLICY, lambda message, body: body == b"m", lambda queue, body: None, poison=None)
    listener.start()
    assert queue.deleted.wait(5)
    listener.stop()


@pytest.mark.parametrize("error", UNREADABLE, ids=lambda error: type(error).__name__)
def test_a_lease_whose_renewal_is_not_answered_is_renewed_again(error: Exception) -> None:
    queue: Any = Queue(error)
    lease = Lease(queue, queue._left[0], 2)
    lease.renew()
    lease.delete()
    assert queue.deleted.is_set()


def test_a_message_whose_new_receipt_was_cut_off_comes_back_by_itself() -> None:
    queue: Any = Queue()
    lease = Lease(queue, queue._left[0], 2)
    lease.renew()
    lease.delete()
    assert not queue.deleted.is_set()


def test_a_host_ends_with_any_thread_that_does() -> None:
    code = "import threading, time, devhost.__main__ as host\nthreading.excepthook = host._leave\n"
    code += "threading.Thread(target=lambda: 1 / 0).start()\ntime.sleep(20)"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=20, check=False)
    assert (ended.returncode, "ZeroDivisionError" in ended.stderr) == (1, True)
