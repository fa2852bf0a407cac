"""Frames of cameras that people judged, whose features tell the classes apart more or less well."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from shared.frame import Frame
from shared.label import Changes, labels
from shared.recipe import Recipe
from shared.sequence import Limits
from shared.verdict import Verdict
from tests.memory import MemoryStore
from tests.unit.shared.making import NOON, frame, say

RECIPE = Recipe("sha")
SAID_AT = datetime(2026, 2, 1, 8, tzinfo=UTC)
SPECIES = ("blank", "leopard")


def judged(
    store: MemoryStore, cameras: str = "abcdefgh", bursts: int = 6, blur: float = 0.3, **said: Any
) -> list[Frame]:
    """Writes bursts of two frames on each camera, alternately of two species, with labels and the verdicts on them."""
    rng = np.random.default_rng(0)
    frames = []
    for camera in cameras:
        own = []
        for shot in range(2 * bursts):
            sign = 1 if shot // 2 % 2 else -1
            features = rng.normal([sign, -sign, 0, 0], blur).astype("<f2").tobytes()
            at = NOON + timedelta(minutes=10 * (shot // 2), seconds=shot % 2)
            known = {"camera": camera, "recipe": str(RECIPE), "backbone": "tiny-sha", "features": features}
            own.append(frame(at, **known | said))
        store.apply(Changes(tuple(labels(own, Limits(), None)), (), ()), SAID_AT)
        frames += own
    for one in frames:
        store.write_frame(one, "")
    say(store, [verdict(one, SPECIES[place // 2 % 2]) for place, one in enumerate(frames)])
    return frames


def verdict(one: Frame, said: str) -> Verdict:
    """What Ana said of a frame."""
    return Verdict(camera=one.camera, row_key=one.row_key, said=said, by="Ana", at=SAID_AT)
