"""The worst mistakes of an evaluation, with pictures that go into the page itself."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.evaluation import Evaluation
from training.manifest import Example

MISTAKES, SHOTS = 24, 4
PREVIEW_BYTES = 1_000_000  # of all previews together: 1.3 MB of the page once in base64

type Previews = Callable[[Sequence[int]], list[bytes]]


@dataclass(frozen=True, slots=True)
class Mistake:
    """A sequence whose label is wrong."""

    sequence: int
    label: str
    truth: str
    probability: float
    first: Example
    images: int
    shots: tuple[tuple[str, str], ...]  #: a picture as a data URI, and its file's name


def gallery(
    evaluation: Evaluation,
    scores: NDArray[np.float64],
    wrong: Sequence[int],
    images: Sequence[Sequence[int]],
    previews: Previews,
) -> list[Mistake]:
    """The mistakes to show; where all their previews would be too much, the later shots of each are left out."""
    chosen = {sequence: spread(images[sequence]) for sequence in wrong}
    wanted = [own[turn] for turn in range(SHOTS) for own in chosen.values() if turn < len(own)]
    pictures, left = dict(zip(wanted, previews(wanted) if wanted else [], strict=True)), PREVIEW_BYTES
    uris: dict[int, str] = {}
    for image, jpeg in pictures.items():
        left -= len(jpeg)
        if jpeg and left >= 0:
            uris[image] = f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"
    return [
        Mistake(
            sequence=sequence,
            label=evaluation.classes[int(scores[sequence].argmax())],
            truth=evaluation.classes[int(evaluation.sequence_truth[sequence])],
            probability=float(scores[sequence].max()),
            first=evaluation.examples[images[sequence][0]],
            images=len(images[sequence]),
            shots=tuple((uris[image], evaluation.examples[image].path.name) for image in own if image in uris),
        )
        for sequence, own in chosen.items()
    ]


def spread(images: Sequence[int]) -> list[int]:
    """Up to four images of a sequence, from its first to its last."""
    at = np.unique(np.linspace(0, len(images) - 1, min(SHOTS, len(images))).round().astype(int))
    return [images[which] for which in at]
