"""A webhook is told of an alert."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from functions import telemetry
from shared.alert import Alert, Errand, State, Turn, turn
from shared.trace import Trace

if TYPE_CHECKING:
    from shared.outbox import Outbox
    from shared.webhook import Webhook


class BeingSent(RuntimeError):
    """Another instance is telling the webhook; the host looks again later whether it came through."""


def run(body: bytes, *, outbox: Outbox, webhook: Webhook | None, now: Callable[[], datetime]) -> None:
    """Tells the webhook of the alert in a message, if there is one and it has not been told; `now` is UTC.

    Raises NotTaken where it does not take it: the host tries again. A message that comes twice sends nothing twice,
    unless this is killed between the webhook's answer and the note of it: the alert's id tells the receiver.
    """
    with telemetry.step("notify", Trace.of(body)):
        errand = Errand.decode(body)
        alert = claimed(errand, outbox=outbox, hooked=webhook is not None, now=now)
        if alert and webhook:
            webhook.post(alert.message, alert.id, now())
            while (kept := outbox.read(errand.camera, errand.key)) and kept.state is not State.SENT:
                outbox.mark(kept, State.SENT, now())
        telemetry.tell("an alert is looked at", sent=bool(alert))


def claimed(errand: Errand, *, outbox: Outbox, hooked: bool, now: Callable[[], datetime]) -> Alert | None:
    """The alert to be sent, which nobody else will send meanwhile; None where there is nothing to do."""
    while True:
        alert = outbox.read(errand.camera, errand.key)
        whose = turn(alert, hooked=hooked, now=now())
        if whose is Turn.WAIT:
            raise BeingSent
        if whose is Turn.NOTHING or alert is None:
            return None
        if outbox.mark(alert, State.TRYING, now()):
            return alert
