"""Waiting for work that the functions do elsewhere, with an end to it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from shared.errors import UnciaError

POLL_SECONDS = 0.5
# A message that fails is given up on after 2.5 minutes (host.json: 5 attempts, 30 s apart); an instance that starts
# from nothing takes one. What has not moved for twice as long is moved by nobody.
PATIENCE_SECONDS = 300.0


def until_none(
    left: Callable[[], int],
    otherwise: str,
    *,
    clock: Callable[[], float] = time.monotonic,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Returns when nothing is left; raises UnciaError, saying what to think of it, when for long nothing was done."""
    least, moved, began = math.inf, clock(), clock()
    while (number := left()) > 0:
        if number < least:
            least, moved = number, clock()
        if clock() - moved > PATIENCE_SECONDS:
            minutes = f"{PATIENCE_SECONDS / 60:g} minutes"
            raise UnciaError(f"for {minutes} nothing was done, {number:,} are left: {otherwise}")
        # Counting in a large table takes its time: it may have a fifth of the machine's.
        pause(max(POLL_SECONDS, 4 * (clock() - began)))
        began = clock()
