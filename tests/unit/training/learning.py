"""Features of made-up images to learn from: classes lie apart, and images of one sequence lie close together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from training.part import Part

TWO, THREE = ("blank", "leopard"), ("blank", "ibex", "leopard")


def part(classes: Sequence[str], sequences: Sequence[str], cameras: Sequence[str] | None = None) -> Part:
    """A part whose images are blank where their class is."""
    return Part(
        tuple(classes), tuple(sequences), tuple(cameras or ["cam"] * len(classes)), np.array(classes) == "blank"
    )


def observed(
    classes: Sequence[str], sequences: int = 8, frames: int = 3, apart: float = 5, n_features: int = 4
) -> tuple[NDArray[np.float16], Part]:
    """Some sequences of each class, each of so many frames, two sequences a camera."""
    chance = np.random.default_rng(0)
    names = [name for name in classes for _ in range(sequences * frames)]
    bursts = [f"{name}~{number}" for name in classes for number in range(sequences) for _ in range(frames)]
    centres = {name: chance.normal(0, apart, n_features) for name in classes}
    burst = {one: chance.normal(0, 1, n_features) for one in bursts}
    rows = [
        centres[name] + burst[one] + chance.normal(0, 0.1, n_features) for name, one in zip(names, bursts, strict=True)
    ]
    cameras = [f"cam {int(one.rpartition('~')[2]) // 2}" for one in bursts]
    return np.array(rows, np.float16), part(names, bursts, cameras)
