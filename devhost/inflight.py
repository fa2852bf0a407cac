"""A count of what is running, and a way to wait until it falls."""

from __future__ import annotations

from threading import Condition


class InFlight:
    """Counts what has begun and not ended; used from many threads."""

    def __init__(self) -> None:
        self._count = 0
        self._changed = Condition()

    def begin(self) -> None:
        """One more is running."""
        with self._changed:
            self._count += 1

    def end(self) -> None:
        """One has ended, well or badly."""
        with self._changed:
            self._count -= 1
            self._changed.notify_all()

    def wait(self, at_most: int = 0, seconds: float | None = None) -> bool:
        """Returns when no more than `at_most` are running, or False when that took too long."""
        with self._changed:
            return self._changed.wait_for(lambda: self._count <= at_most, seconds)
