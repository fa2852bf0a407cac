"""How often somebody may ask for what is dear: buckets of calls that fill up again, one a visitor and one for all."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock

# As much for everybody together as eight people may ask for.
EVERYBODY = 8
# Names are the platform's, and few; should they ever not be, memory stays bounded.
MOST_VISITORS = 1_000


@dataclass(slots=True)
class Bucket:
    """Calls that are left at a moment, of at most `size`."""

    size: float
    left: float
    at: float  #: seconds of some clock that never goes back

    def fill(self, now: float, per_second: float) -> None:
        """Adds what has come in since."""
        self.left = min(self.size, self.left + max(0.0, now - self.at) * per_second)
        self.at = max(self.at, now)


@dataclass(slots=True)
class Rate:
    """At most `burst` calls at once and `per_second` from then on for each visitor; safe from any thread."""

    burst: int
    per_second: float
    _visitors: dict[str, Bucket] = field(default_factory=dict)
    _everybody: Bucket | None = None
    _lock: Lock = field(default_factory=Lock)

    def wait(self, who: str, now: float) -> float:
        """Takes one call of a visitor: 0, or for how many seconds there is none, and then nothing is taken.

        `now` is in seconds, of any clock that never goes back.
        """
        with self._lock:
            own, all_ = self._bucket(who, now), self._all(now)
            missing = max((1 - own.left) / self.per_second, (1 - all_.left) / (self.per_second * EVERYBODY))
            if missing > 0:
                return missing
            own.left -= 1
            all_.left -= 1
            return 0.0

    def _bucket(self, who: str, now: float) -> Bucket:
        if who not in self._visitors and len(self._visitors) >= MOST_VISITORS:
            # Whoever asked longest ago has the fullest bucket, or nearly: the least is forgotten with it.
            del self._visitors[min(self._visitors, key=lambda name: self._visitors[name].at)]
        found = self._visitors.setdefault(who, Bucket(self.burst, self.burst, now))
        found.fill(now, self.per_second)
        return found

    def _all(self, now: float) -> Bucket:
        if self._everybody is None:
            self._everybody = Bucket(self.burst * EVERYBODY, self.burst * EVERYBODY, now)
        self._everybody.fill(now, self.per_second * EVERYBODY)
        return self._everybody
