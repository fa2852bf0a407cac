"""What finalizing a day costs, by its number of frames, and what the whole pipeline asks of storage for an image."""

from __future__ import annotations

from collections.abc import Sequence

from bench import dense, figures
from bench.crowd import Settled
from bench.outcome import Cell, Outcome
from bench.reach import Reach

REQUESTS = 8
COUNTED = "requests_an_image"


def measure(sizes: Sequence[int]) -> Outcome:
    """Finalizes days over an Azurite, for the first time, again, and with one frame more."""
    return told([dense.in_azurite(size) for size in sizes])


def told(found: Sequence[Settled]) -> Outcome:
    """Seconds, CPU seconds and requests of each day; the requests of an image are from bench.operations' last run."""
    rows: list[tuple[Cell, ...]] = [
        (f"{one.frames:,} frames, {name}", cost.seconds, cost.cpu_seconds, cost.requests)
        for one in found
        for name, cost in (("first", one.first), ("again", one.again), ("one frame late", one.late))
    ]
    counted = figures.kept().get("operations", {}).get(COUNTED)
    requests = float(counted) if counted is not None else None
    why = "" if requests is not None else "`python -m bench.operations` counts them"
    return Outcome(
        name="finalize",
        columns=("finalizing a day", "seconds", "of CPU", "requests"),
        rows=rows,
        reaches=[Reach(what="storage operations an image", limit=REQUESTS, found=requests, less=True, why=why)],
        note="Without Azurite's CPU time, which is in the seconds.",
    )
