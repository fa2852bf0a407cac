"""What an evaluation found: five rungs, fitted and tried on one and the same split."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from training.arrays import Indices, Rows
from training.figures import Figures
from training.manifest import Example


@dataclass(frozen=True, slots=True)
class Rung:
    """One of the five models: its scores of the test part, and how good they are."""

    name: str
    strength: float  #: C of the logistic regression
    scores: Rows  #: N images × classes; with E each image takes its sequence's averaged scores
    by_sequence: Rows  #: S sequences × classes; without E those of the first image
    image: Figures
    sequence: Figures


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The ladder on N test images in S sequences, and what to know of it."""

    split: dict[str, Any]
    classes: tuple[str, ...]
    aim: str
    backbone: str  #: its name, for people
    crop: tuple[float, float]
    examples: tuple[Example, ...]
    digests: tuple[str, ...]
    truth: Indices  #: N, of classes
    sequences: Indices  #: N, the image's sequence
    sequence_truth: Indices  #: S, of classes
    rungs: dict[str, Rung]
    thresholds: dict[str, float]  #: of the last rung, as a head would keep them
    averaging: dict[str, Any]
    few: dict[str, int]  #: images to learn from, of classes with too few for a firm figure
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The figures without the images."""
        return {
            "split": self.split,
            "classes": list(self.classes),
            "aim": self.aim,
            "backbone": self.backbone,
            "crop": list(self.crop),
            "thresholds": self.thresholds,
            "averaging": self.averaging,
            "few": self.few,
            "notes": list(self.notes),
            "rungs": {
                name: {"C": rung.strength, "image": rung.image, "sequence": rung.sequence}
                for name, rung in self.rungs.items()
            },
        }


def intervals(figures: Figures, *names: str) -> Iterator[str]:
    """Figures as people read them: `0.910 (0.85–0.95)`; without the interval, or –, where there is none."""
    for name in names:
        value, interval = figures[name], figures["intervals"][name]
        told = f" ({interval[0]:.2f}–{interval[1]:.2f})" if interval else ""
        yield "–" if value is None else f"{value:.3f}{told}"
