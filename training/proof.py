"""Whether a smaller backbone is as good as the one it was made from."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL.Image import Image

from shared.backbone import Backbone
from training.arrays import Features, Rows
from training.classifier import probabilities
from training.evaluating import positive
from training.figures import Judged, figures
from training.fitting import fit
from training.manifest import TEST, TRAIN, Classes, Example
from training.part import Part, part_of
from training.sequences import numbered
from training.split import split

# Below these a backbone is not offered as the default: lab figures of static int8 are 0.99 and within 0.005.
LEAST_COSINE = 0.985
MOST_AUC_LOST = 0.01
ROUNDS = 40

type Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Proof:
    """A float backbone beside its int8 form; pairs are (float, int8)."""

    pictures: int  #: that were compared
    cosine: float  #: between the two features of a picture, the mean
    low_cosine: float  #: and its 1st percentile
    sizes: tuple[int, int]  #: bytes
    speeds: tuple[float, float]  #: pictures a second, on one thread
    rungs: tuple[Figures, Figures] | None  #: RN2 on features of each; None where nothing could be tried

    @property
    def refusal(self) -> str:
        """Why the int8 form is not to be the default; nothing where it may be."""
        if not self.cosine >= LEAST_COSINE:
            return f"the mean cosine to the float features is {self.cosine:.4f}, below {LEAST_COSINE}"
        before, after = ((figures["roc_auc"] or 0.0) for figures in self.rungs or ({"roc_auc": 0.0},) * 2)
        if before - after > MOST_AUC_LOST:
            return f"RN2's ROC AUC falls from {before:.4f} to {after:.4f}, by more than {MOST_AUC_LOST}"
        return ""


def cosines(one: Features, other: Features) -> Rows:
    """The cosine between each row and its fellow; N of N × n_features."""
    exact, near = np.asarray(one, np.float64), np.asarray(other, np.float64)
    lengths = np.linalg.norm(exact, axis=1) * np.linalg.norm(near, axis=1)
    return np.asarray((exact * near).sum(axis=1) / np.maximum(lengths, np.finfo(float).tiny))


def rungs(
    examples: Sequence[Example], rules: Classes, by: str, features: tuple[Features, Features]
) -> tuple[Figures, Figures] | None:
    """RN2 on each backbone's features of these images, by a split of the ladder or, without one, cross-validated."""
    part = part_of(examples, rules)
    sides = split(examples, part.classes, by) if by else None
    before, after = (rn2(one, part, rules, sides) for one in features)
    return (before, after) if before and after else None


def rn2(features: Features, part: Part, rules: Classes, sides: Sequence[str] | None) -> Figures | None:
    """The figures of the ladder's RN2 by image: of one side, or cross-validated with no sequence on both sides.

    None where there are too few sequences to cross-validate on.
    """
    if sides is None:
        fitted = fit(features, part)
        logits = fitted.held_out
    else:
        learnt = np.flatnonzero(np.array(sides) == TRAIN)
        fitted = fit(features[learnt], part.some(learnt))
        tried = np.flatnonzero((np.array(sides) == TEST) & np.isin(np.array(part.classes), fitted.classes))
        part, logits = part.some(tried), fitted.classifier.logits(features[tried])
    if logits is None:
        return None
    scores, nothing = probabilities(logits), np.zeros(len(fitted.classes))
    judged = Judged(fitted.classes, scores, part.truth(fitted.classes), part.blank, numbered(part.sequences), nothing)
    return figures(judged, fitted.classes.index(positive(rules, part)))


def speeds(one: bytes, other: bytes, pictures: Sequence[Image]) -> tuple[float, float]:
    """Pictures a second of two backbones on one thread, in turns; from the median time of one."""
    both = [Backbone(content, threads=1) for content in (one, other)]
    took: list[list[float]] = [[], []]
    for number in range(ROUNDS):
        for backbone, own in zip(both, took, strict=True):
            start = time.perf_counter()
            backbone.run(pictures[number % len(pictures)])
            own.append(time.perf_counter() - start)
    before, after = (float(1 / np.median(own)) for own in took)
    return before, after
