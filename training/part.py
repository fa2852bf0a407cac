"""Some images, with what people know of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.arrays import Indices
from training.manifest import Classes, Example


@dataclass(frozen=True, slots=True)
class Part:
    """Some images with what people know of them: names of class, sequence and camera, and which show nothing."""

    classes: tuple[str, ...]
    sequences: tuple[str, ...]
    cameras: tuple[str, ...]
    blank: NDArray[np.bool_]

    def some(self, places: Indices) -> Part:
        """Some of these images."""
        return Part(
            tuple(self.classes[place] for place in places),
            tuple(self.sequences[place] for place in places),
            tuple(self.cameras[place] for place in places),
            self.blank[places],
        )

    def truth(self, names: Sequence[str]) -> Indices:
        """The class of each image as a number: its place among these names, which are in order and have it."""
        return np.searchsorted(np.array(names), np.array(self.classes))


def part_of(examples: Sequence[Example], rules: Classes) -> Part:
    """These images by class; the species of each of them has one."""
    return Part(
        classes=tuple(str(rules.of(example.species)) for example in examples),
        sequences=tuple(example.sequence for example in examples),
        cameras=tuple(example.camera for example in examples),
        blank=np.array([example.blank for example in examples]),
    )
