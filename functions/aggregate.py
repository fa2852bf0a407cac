"""A frame is kept, and its day asked for."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from shared.day import Ask, asked
from shared.frame import Frame, merged

if TYPE_CHECKING:
    from azure.storage.queue import QueueClient

    from shared.store import Store


def run(body: bytes, *, store: Store, sequences: QueueClient, settle: timedelta, now: Callable[[], datetime]) -> None:
    """Stores the frame in a message and sees to it that its day is finalized after `settle`; `now` is in UTC.

    Safe to run again at any point: the frame's row is named by its content, and a second message does no harm.
    """
    frame = Frame.decode(body)
    stored, etag = store.read_frame(frame.camera, frame.row_key)
    while not store.write_frame(merged(stored, frame), etag):
        stored, etag = store.read_frame(frame.camera, frame.row_key)
    # The time is read after the frame is written: a message due before that may have been answered without it.
    if not asked(store.read_day(frame.camera, frame.day), moment := now(), settle):
        ask(Ask(frame.camera, frame.day), store=store, sequences=sequences, settle=settle, now=moment)


def ask(day: Ask, *, store: Store, sequences: QueueClient, settle: timedelta, now: datetime) -> None:
    """Sends a camera's day to be finalized, then notes when; a crash in between costs one message more, not a day."""
    sequences.send_message(day.encode(), visibility_timeout=math.ceil(settle.total_seconds()))
    store.write_due(day.camera, day.day, now + settle)
