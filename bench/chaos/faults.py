"""Which requests to storage go wrong, and how: drawn by a seeded chance, and counted."""

from __future__ import annotations

import random
from collections import Counter
from enum import Enum
from threading import Lock


class Fault(Enum):
    """How a request goes wrong."""

    ERROR = "error 500"  #: storage never sees the request
    BUSY = "error 503"  #: neither here
    RESET = "reset"  #: nor here: the connection is reset
    HUNG = "timeout"  #: nor here: there is no answer until somebody gives up
    SLOW = "slow"  #: storage acts, late
    LOST = "lost answer"  #: storage acts, and the caller sees a reset
    CUT = "cut answer"  #: storage acts, and half of the answer comes before the reset
    LIED = "500 after the act"  #: storage acts, and the caller is told that it did not


# What storage did is hidden in nearly half of the cases. A timeout stops a thread for a minute: there are few.
WEIGHTS = {
    Fault.ERROR: 15,
    Fault.BUSY: 15,
    Fault.RESET: 15,
    Fault.HUNG: 1,
    Fault.SLOW: 10,
    Fault.LOST: 20,
    Fault.CUT: 10,
    Fault.LIED: 14,
}


class Faults:
    """Draws for each request whether it goes wrong, for a share of them; may be asked from any thread."""

    def __init__(self, share: float, seed: int) -> None:
        self.requests = 0
        self.injected: Counter[Fault] = Counter()
        self._share = share
        self._chance = random.Random(seed)
        self._lock = Lock()

    def draw(self) -> Fault | None:
        """What is to happen to the next request; None for nothing. The same seed draws the same row of them."""
        with self._lock:
            self.requests += 1
            if self._chance.random() >= self._share:
                return None
            (fault,) = self._chance.choices([*WEIGHTS], [*WEIGHTS.values()])
            self.injected[fault] += 1
            return fault

    def share(self) -> float:
        """The share of the requests so far that went wrong."""
        return self.injected.total() / self.requests if self.requests else 0.0

    def numbers(self) -> dict[str, float | str]:
        """The figures so far; how often each fault was in words, as `12 reset, 3 slow`."""
        by_kind = sorted(self.injected.items(), key=_by_name)
        return {
            "requests": self.requests,
            "faults": self.injected.total(),
            "faults_by_kind": ", ".join(f"{number} {fault.value}" for fault, number in by_kind),
            "fault_share": round(self.share(), 4),
        }


def _by_name(counted: tuple[Fault, int]) -> str:
    return counted[0].value
