"""Labels that a rule asks for become alerts: noted before the labels are written, and sent after."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from functions import telemetry
from shared.alert import Alert, State, due, noted, overdue, pending
from shared.label import Changes, Stored

if TYPE_CHECKING:
    from shared.deployment import Clocks
    from shared.outbox import Outbox
    from shared.rule import Rule


def run(
    change: Changes,
    stored: Sequence[Stored],
    *,
    outbox: Outbox,
    rules: Callable[[], Sequence[Rule]],
    clocks: Callable[[], Clocks],
    now: Callable[[], datetime],
) -> Callable[[], None]:
    """Notes the alerts that a change of labels asks for; what it gives back sends them, once the labels are written.

    Killed in between, the alerts are there: whoever finalizes the day again finds them, or `again` does. `now` is UTC.
    """
    kept = [note(one, outbox) for one in due(rules(), change, stored, now(), clocks())]
    return partial(send, kept, pending, outbox=outbox, now=now)


def note(new: Alert, outbox: Outbox) -> Alert:
    """Keeps an alert, unless there is one of the same sequence and class; the one that stands."""
    while True:
        turn = outbox.turn(new.camera)
        known = outbox.like(new)
        stands = noted(new, known)
        if stands in known or outbox.note(stands, turn):
            return stands


def send(
    alerts: Iterable[Alert], ready: Callable[[Alert], bool], *, outbox: Outbox, now: Callable[[], datetime]
) -> None:
    """Puts alerts on the queues, those that are ready for it; of two who would do so at once, one does."""
    for alert in alerts:
        if mine := claimed(alert, ready, outbox=outbox, now=now):
            outbox.send(mine, telemetry.here())
            telemetry.count_alert()
            queued(mine, outbox=outbox, now=now)


def claimed(
    alert: Alert, ready: Callable[[Alert], bool], *, outbox: Outbox, now: Callable[[], datetime]
) -> Alert | None:
    """The alert, which nobody else will send meanwhile; None where it is not ready, or somebody is sending it."""
    while (kept := outbox.read(alert.camera, alert.key)) and ready(kept):
        if outbox.mark(kept, State.SENDING, now()):
            return kept
    return None


def queued(alert: Alert, *, outbox: Outbox, now: Callable[[], datetime]) -> None:
    """Notes that an alert is on the queues, unless the webhook was told already."""
    while (kept := outbox.read(alert.camera, alert.key)) and kept.state is State.SENDING:
        outbox.mark(kept, State.QUEUED, now())


def again(*, outbox: Outbox, now: Callable[[], datetime]) -> None:
    """Sends what was noted long ago and is on no queue, as far as anybody knows. `now` is UTC."""
    send([*outbox.pending()], lambda one: overdue(one, now()), outbox=outbox, now=now)
