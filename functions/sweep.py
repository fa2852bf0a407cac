"""Days whose message was lost are asked for again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from functions import telemetry
from functions.aggregate import ask
from shared.day import overdue

if TYPE_CHECKING:
    from azure.storage.queue import QueueClient

    from shared.store import Store


def run(*, store: Store, sequences: QueueClient, settle: timedelta, now: datetime) -> None:
    """Sends again every day that is long due and not settled. `now` is UTC."""
    days = overdue(store.read_days(unsettled=True), now)
    telemetry.count_overdue(len(days))
    for day in days:
        ask(day.ask, day, store=store, sequences=sequences, settle=settle, now=now)
