"""A day's frames become labels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from shared.day import Ask, after, before, counts, reach, start, tail
from shared.frame import Frame
from shared.label import changes, labels, stale
from shared.sequence import Limits

if TYPE_CHECKING:
    from shared.head import Head
    from shared.store import Store

# Each look finds what the one before wrote, unless others write at the same time; so many in a row is no accident.
LOOKS = 20


class NeverQuiet(RuntimeError):
    """The labels of a day changed at every look; the host tries again later."""


def run(body: bytes, *, store: Store, head: Head | None, limits: Limits, now: Callable[[], datetime]) -> None:
    """Makes the labels of a camera's day what its stored frames say, and marks the day settled.

    Looks again after every write: another instance may have read frames of the same sequence meanwhile.
    """
    ask = Ask.decode(body)
    day = store.read_day(ask.camera, ask.day)
    for _ in range(LOOKS):
        frames = rescored(around(store, ask, limits), store, head)
        keys = reach(ask.day, frames)
        change = changes(labels(frames, limits, head), store.read_labels(ask.camera, *keys))
        if not change:
            break
        store.apply(change, now())
    else:
        raise NeverQuiet(f"camera {ask.camera!r}, day {ask.day}")
    if day:
        store.settle(day, counts(ask.day, frames), now())


def around(store: Store, ask: Ask, limits: Limits) -> list[Frame]:
    """The frames of a day, and those of the days before and after that belong with its first and last."""
    frames = store.read_frames(ask.camera, ask.day)
    day = ask.day
    while day := before(frames, day, limits.gap):
        frames = tail(store.read_frames(ask.camera, day), frames[0], limits.gap) + frames
    day = ask.day
    while day := after(frames, day, limits.gap):
        frames = frames + start(store.read_frames(ask.camera, day), frames[-1], limits.gap)
    return frames


def rescored(frames: list[Frame], store: Store, head: Head | None) -> list[Frame]:
    """The frames with this head's scores, from their stored features where they have another's."""
    old = stale(frames, head, str(head.recipe) if head else "")
    if not head or not old:
        return frames
    import numpy as np

    stored = store.read_features(old[0].camera, old[0].row_key, old[-1].row_key)
    features = np.stack([np.frombuffer(stored[frame.row_key], "<f2") for frame in old])
    scores = dict(zip((frame.row_key for frame in old), head.scores(features), strict=True))
    return [
        replace(frame, scores=scores[frame.row_key], head=head.version) if frame.row_key in scores else frame
        for frame in frames
    ]
