"""`python -m tests.interleaving`: explores the larger cases too, and says what each came to; some take minutes."""

from __future__ import annotations

import sys
import time

import typer

from .cases import LARGE, SMALL
from .search import explore


def main() -> int:
    """Whether something was broken, as an exit status."""
    wrong = 0
    for name, case in (SMALL | LARGE).items():
        began = time.monotonic()
        found = explore(case)
        took = time.monotonic() - began
        typer.echo(f"{name}: {found.states:,} states, {found.schedules:.2e} schedules, {took:.0f} s")
        if found.broken:
            wrong = 1
            typer.echo("\n".join(map(str, (dict(found.broken), *found.shortest))))
    return wrong


if __name__ == "__main__":
    sys.exit(main())
