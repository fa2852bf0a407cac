"""Labels that a rule asks for become alerts: noted before the labels are written, and sent after."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from functions import telemetry
from shared.alert import Alert, State, due, noted, overdue
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
    return partial(send, kept, outbox=outbox, now=now)


def note(new: Alert, outbox: Outbox) -> Alert:
    """Keeps an alert, unless there is one of the same sequence and class; the one that stands."""
    while True:
        turn = outbox.turn(new.camera)
        known = outbox.like(new)
        stands = noted(new, known)
        if stands in known or outbox.note(stands, turn):
            return stands


def send(alerts: Iterable[Alert], *, outbox: Outbox, now: Callable[[], datetime]) -> None:
    """Puts alerts on the queues that are not there yet, and notes it."""
    for alert in alerts:
        if waiting(alert, outbox):
            outbox.send(alert, telemetry.here())
            telemetry.count_alert()
        while there := waiting(alert, outbox):
            outbox.mark(there, State.QUEUED, now())


def again(*, outbox: Outbox, now: Callable[[], datetime]) -> None:
    """Sends what was noted long ago and is on no queue. `now` is UTC."""
    send([one for one in outbox.pending() if overdue(one, now())], outbox=outbox, now=now)


def waiting(alert: Alert, outbox: Outbox) -> Alert | None:
    """The alert as it is kept, while it is on no queue."""
    kept = outbox.read(alert.camera, alert.key)
    return kept if kept and kept.state is State.PENDING else None
