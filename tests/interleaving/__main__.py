"""`python -m tests.interleaving`: explores the larger cases too, and says what each came to; some take minutes."""

from __future__ import annotations

import sys
import time

from .cases import LARGE, SMALL
from .search import explore


def main() -> int:
    """Whether something was broken, as an exit status."""
    wrong = 0
    for name, case in (SMALL | LARGE).items():
        began = time.monotonic()
        found = explore(case)
        took = time.monotonic() - began
        print(f"{name}: {found.states:,} states, {found.schedules:.2e} schedules, {took:.0f} s", flush=True)
        if found.broken:
            wrong = 1
            print(dict(found.broken), *found.shortest, sep="\n")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
