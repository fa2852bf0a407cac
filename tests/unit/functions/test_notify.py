"""A real webhook is told until it takes it, within the time that the host leaves for it."""

from __future__ import annotations

import json
import time
import traceback
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from functions import notify
from shared import webhook
from shared.alert import ATTEMPT, Alert, Errand, State
from shared.errors import BadMessage, NotTaken
from shared.webhook import Webhook, signature
from tests.hooks import hook
from tests.memory import MemoryOutbox

NOW = datetime(2026, 1, 31, 13, tzinfo=UTC)
ALERT = Alert(
    camera="cam", label="leopard", sequence_id="1", first="1", last="2", message="{}", state=State.QUEUED, since=NOW
)
BODY = Errand("cam", ALERT.key).encode().encode()


@pytest.fixture
def outbox() -> Any:
    made = MemoryOutbox()
    made.note(ALERT, "")
    return made


def state(outbox: MemoryOutbox) -> State:
    (only,) = outbox.all()
    return only.state


def test_a_webhook_that_answers_500_is_told_the_same_again(outbox: Any) -> None:
    with hook(b"HTTP/1.1 500 Oh no\r\n\r\n") as there:
        with pytest.raises(NotTaken):
            notify.run(BODY, outbox=outbox, webhook=Webhook(there.url, "hush"), now=lambda: NOW)
        assert state(outbox) is State.TRYING
        later = NOW + timedelta(seconds=30)
        for _ in range(2):
            notify.run(BODY, outbox=outbox, webhook=Webhook(there.url, "hush"), now=lambda: later)
    first, second = there.taken
    assert (first.body, first.headers["uncia-id"]) == (second.body, second.headers["uncia-id"]) == (b"{}", ALERT.id)
    assert second.headers["uncia-signature"] == signature("hush", b"{}", later)
    assert state(outbox) is State.SENT


def test_a_webhook_that_hangs_holds_nobody(outbox: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "SECONDS", 0.1)
    with hook(lambda connection: time.sleep(0.2)) as there, pytest.raises(NotTaken):
        notify.run(BODY, outbox=outbox, webhook=Webhook(there.url), now=lambda: NOW)
    assert state(outbox) is State.TRYING


def test_a_webhook_that_fails_is_named_in_no_log(outbox: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    with hook(b"HTTP/1.1 500 hush\r\n\r\n") as there, pytest.raises(NotTaken) as failed:
        notify.run(BODY, outbox=outbox, webhook=Webhook(f"{there.url}&hush", "hush"), now=lambda: NOW)
    told = "".join(traceback.format_exception(failed.value))
    assert "hush" not in caplog.text + str(failed.value) + repr(failed.value)
    assert there.url not in caplog.text + told


def test_a_message_that_names_no_alert_is_told_so(outbox: Any) -> None:
    with pytest.raises(BadMessage):
        notify.run(b"{}", outbox=outbox, webhook=None, now=lambda: NOW)


def test_an_attempt_is_over_before_another_may_begin_and_the_host_waits_longer() -> None:
    host = json.loads((Path(__file__).parents[3] / "host.json").read_text("utf-8"))
    hours, minutes, seconds = map(int, host["extensions"]["queues"]["visibilityTimeout"].split(":"))
    pause = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    assert timedelta(seconds=webhook.SECONDS) < ATTEMPT < pause
