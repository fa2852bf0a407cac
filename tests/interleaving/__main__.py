"""`python -m tests.interleaving`: explores the larger cases too, and says what each came to; some take minutes."""

from __future__ import annotations

import sys
import time

import typer

from bench import figures

from .cases import LARGE, SMALL
from .search import explore


def main() -> int:
    """Whether something was broken, as an exit status."""
    states = schedules = wrong = 0
    all_began = time.monotonic()
    for name, case in (SMALL | LARGE).items():
        began = time.monotonic()
        found = explore(case)
        took = time.monotonic() - began
        states, schedules = states + found.states, schedules + found.schedules
        typer.echo(f"{name}: {found.states:,} states, {found.schedules:.2e} schedules, {took:.0f} s")
        if found.broken:
            wrong += 1
            typer.echo("\n".join(map(str, (dict(found.broken), *found.shortest))))
    seconds = round(time.monotonic() - all_began)
    figures.keep(
        "interleavings_large",
        cases=len(SMALL | LARGE),
        states=states,
        schedules=schedules,
        wrong=wrong,
        seconds=seconds,
    )
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main())
