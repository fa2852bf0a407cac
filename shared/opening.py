"""A day is opened: it is noted when it is due."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from shared.day import Ask, Day, opened

if TYPE_CHECKING:
    from shared.store import Store


def open_day(ask: Ask, row: Day | None, due: datetime, store: Store) -> Day:
    """Notes that a day is not settled, and due at this time (UTC), or later where another message is on its way.

    `row` is the day's as it was read, or none; what it is then. Another instance that was faster is read again.
    """
    while not store.open_day(day := opened(ask, row, due)):
        row = store.read_day(ask.camera, ask.day)
    return day
