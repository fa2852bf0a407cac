"""A frame is kept, and its day asked for."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from functions import telemetry
from shared import keeping
from shared.day import Ask, Day, asked, pause
from shared.frame import Frame
from shared.opening import open_day
from shared.trace import Trace

if TYPE_CHECKING:
    from azure.storage.queue import QueueClient

    from shared.remembered import Remembered
    from shared.store import Store

NOWHERE = Trace()  # of a day that no upload asked for


def run(
    body: bytes,
    *,
    store: Store,
    sequences: QueueClient,
    settle: timedelta,
    now: Callable[[], datetime],
    remembered: Remembered,
) -> None:
    """Stores the frame in a message and sees to it that its day is finalized after `settle`, or the day's own pause.

    `now` is in UTC.

    Safe to run again at any point: the frame's row is named by its content, and a second message does no harm.
    """
    with telemetry.step("aggregate", Trace.of(body)) as here:
        frame = Frame.decode(body)
        new = keep(frame, store)
        # The time is read after the frame is written: a message due before that may have been answered without it.
        day = Ask(frame.camera, frame.day)
        first = see_to(
            day, store=store, sequences=sequences, settle=settle, now=now, remembered=remembered, trace=here
        )  # fmt: skip
        telemetry.tell("a frame is kept", frame=frame.row_key, new=new, asked=first)


def keep(frame: Frame, store: Store) -> bool:
    """Merges a frame into what is stored of it; whether there was nothing."""
    if new := keeping.keep(frame, store):
        telemetry.count_frame(frame)
    return new


def see_to(
    day: Ask,
    *,
    store: Store,
    sequences: QueueClient,
    settle: timedelta,
    now: Callable[[], datetime],
    remembered: Remembered,
    trace: Trace = NOWHERE,
) -> bool:
    """Asks for a camera's day unless a message is on its way that will see what is stored now; whether it asked.

    The day's row is read only where what is remembered of it does not say so.
    """
    with remembered.alone:
        if asked(remembered.recall(day), now(), settle):
            return False
        row = store.read_day(day.camera, day.day)
        if first := not asked(row, moment := now(), settle):
            row = ask(day, row, store=store, sequences=sequences, settle=pause(row, settle), now=moment, trace=trace)
        remembered.note(day, row)
        return first


def ask(
    day: Ask,
    row: Day | None,
    *,
    store: Store,
    sequences: QueueClient,
    settle: timedelta,
    now: datetime,
    trace: Trace = NOWHERE,
) -> Day:
    """Sends a camera's day to be finalized, then notes when; a crash in between costs one message more, not a day.

    `row` is the day's as it was read; the day's as it is now.
    """
    sequences.send_message(trace.beside(day.encode()), visibility_timeout=math.ceil(settle.total_seconds()))
    return open_day(day, row, now + settle, store)
