"""An evaluation: images are split, the ladder is climbed, and what was found is put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from shared.errors import UnciaError
from training.aim import Aim
from training.card import FEW
from training.comparison import compared
from training.evaluation import Evaluation
from training.fitting import threads
from training.ladder import Climbed, Inputs, Trial, climb
from training.manifest import TEST, TRAIN, Classes, Example
from training.part import Part, part_of
from training.split import split


@dataclass(frozen=True, slots=True)
class Seen:
    """Labelled images in their sequences, each with its digest, and what the rungs see of them."""

    examples: tuple[Example, ...]
    digests: tuple[str, ...]
    inputs: Inputs
    backbone: str  #: its name, for people
    crop: tuple[float, float]


def evaluate(
    seen: Seen, rules: Classes, by: str, aim: Aim | None, notes: Sequence[str], step: Callable[[str], None]
) -> Evaluation:
    """The ladder on one split of these images, every one of which has a class; raises UnciaError where none is fair."""
    everything = part_of(seen.examples, rules)
    sides = np.array(split(seen.examples, everything.classes, by))
    learnt = np.flatnonzero(sides == TRAIN)
    names = sorted({everything.classes[place] for place in learnt})
    known = np.isin(np.array(everything.classes), names)
    tried = np.flatnonzero((sides == TEST) & known)
    train, test = everything.some(learnt), everything.some(tried)
    if len(set(test.classes)) < 2:
        raise UnciaError(f"--split {by} leaves only {''.join(set(test.classes))} to test on of what could be learnt")
    trial = Trial.of(test, names, positive(rules, train))
    with threads(len(seen.examples)):
        found = climb(train, trial, seen.inputs, (learnt, tried), aim, step)
    left = Counter(everything.classes[place] for place in np.flatnonzero((sides == TEST) & ~known))
    nowhere = int(np.sum(sides == ""))
    return Evaluation(
        split={"by": by, TRAIN: _side(train), TEST: _side(test)},
        classes=tuple(names),
        aim=str(aim) if aim else "",
        backbone=seen.backbone,
        crop=seen.crop,
        examples=tuple(seen.examples[place] for place in tried),
        digests=tuple(seen.digests[place] for place in tried),
        truth=trial.truth,
        sequences=trial.sequences,
        sequence_truth=trial.shown,
        rungs=found.rungs,
        thresholds=dict(zip(names, found.calibration.thresholds, strict=True)),
        averaging=_averaging(found, trial),
        few={name: count for name, count in sorted(Counter(train.classes).items()) if count < FEW},
        notes=(*notes, *_left_out(left, nowhere)),
    )


def positive(rules: Classes, train: Part) -> str:
    """The class that a person is after: the first that the rules name, else the rarest that is not blank."""
    if rules.rules:
        named = [name for name, _ in rules.rules if name in train.classes]
        return named[0]
    counts = Counter(train.classes)
    showing = {name for name, blank in zip(train.classes, train.blank, strict=True) if not blank}
    return min(showing or counts, key=lambda name: (counts[name], name))


def _averaging(found: Climbed, trial: Trial) -> dict[str, Any]:
    return compared(found.calibration, found.logits, trial.sequences, trial.shown, trial.positive)


def _side(part: Part) -> dict[str, Any]:
    return {
        "images": len(part.classes),
        "sequences": len(set(part.sequences)),
        "cameras": sorted(set(part.cameras)),
        "images_by_class": dict(sorted(Counter(part.classes).items())),
    }


def _left_out(unseen: Counter[str], nowhere: int) -> list[str]:
    said = [
        f"{_images(number)} of {name} left out: all of them are to test on, so no head could know them."
        for name, number in sorted(unseen.items())
    ]
    if nowhere:
        said.append(f"{_images(nowhere)} left out: the split puts them on neither side.")
    return said


def _images(number: int) -> str:
    return f"{number:,} image{'' if number == 1 else 's'}"
