"""`python -m tests.interleaving`: explores the larger cases too, and says what each came to; some take minutes."""

from __future__ import annotations

import sys
import time
from concurrent.futures import ProcessPoolExecutor

import typer

from bench import figures

from .cases import LARGE, SMALL
from .search import Found, explore

CASES = SMALL | LARGE
WORKERS = 2  # the largest cases take some gigabytes each


def explored(name: str) -> tuple[Found, float]:
    """What a case came to, and the seconds that it took."""
    began = time.monotonic()
    return explore(CASES[name]), time.monotonic() - began


def main() -> int:
    """Whether something was broken, as an exit status."""
    states = schedules = wrong = 0
    began = time.monotonic()
    with ProcessPoolExecutor(WORKERS) as pool:
        for name, (found, took) in zip(CASES, pool.map(explored, CASES), strict=True):
            states, schedules = states + found.states, schedules + found.schedules
            typer.echo(f"{name}: {found.states:,} states, {found.schedules:.2e} schedules, {took:.0f} s")
            if found.broken:
                wrong += 1
                typer.echo("\n".join(map(str, (dict(found.broken), *found.shortest))))
    seconds = round(time.monotonic() - began)
    figures.keep(
        "interleavings_large", cases=len(CASES), states=states, schedules=schedules, wrong=wrong, seconds=seconds
    )
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main())
