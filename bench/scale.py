"""How much each bench does: as much as its reach speaks of, or as little as shows that it runs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Sizes of one run of all benches."""

    views: int = 18  #: pictures drawn, of each size
    shown: int = 3  #: of them measured
    turns: int = 5
    starts: int = 9
    images: int = 200  #: featurized by one worker while its memory is watched
    at_once: tuple[int, ...] = (1, 2, 4, 8)
    frames: int = 1_000_000
    days: tuple[int, ...] = (100, 1_000, 10_000)
    fitted: int = 100_000
    archive: int = 1_000_000
    through: int = 300  #: images through the whole pipeline


FULL = Scale()
SMALL = Scale(
    views=1, shown=1, turns=1, starts=1, images=4, at_once=(1,), frames=4_000, days=(100,), fitted=400,
    archive=2_000, through=6,
)  # fmt: skip
