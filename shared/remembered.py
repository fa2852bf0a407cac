"""What a process remembers of the days that it has asked for, so as not to read their rows for every frame."""

from __future__ import annotations

from threading import Lock

from shared.day import Ask, Day

# A day is 300 bytes. Whoever forgets reads a row again, and no more.
MOST = 10_000


class Remembered:
    """The rows of days as they were last read or written here; any thread may ask, and any may be forgotten.

    Who asks for days holds `alone` meanwhile: of frames that come at once, each would ask for the same day.
    """

    def __init__(self) -> None:
        self.alone = Lock()
        self._days: dict[Ask, Day | None] = {}

    def recall(self, ask: Ask) -> Day | None:
        """The day's row as it once was; None where nothing is remembered."""
        return self._days.get(ask)

    def note(self, ask: Ask, day: Day | None) -> None:
        """Remembers a day's row, as it was read or written."""
        if len(self._days) >= MOST:
            self._days.clear()
        self._days[ask] = day
