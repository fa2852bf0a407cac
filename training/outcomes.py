"""What the thresholds make of test sequences: found, left to a person, missed; per class, per camera, one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.evaluation import Evaluation

BLANK = "blank"
NONE = -1  #: the label `unknown`, where labels are indices of classes


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of one class; found, by hand and missed are parts of `true`."""

    true: int  #: sequences that show it
    found: int
    by_hand: int  #: labelled `unknown`: a person looks
    missed: int  #: given another class's label
    called: int  #: sequences that were given its label, rightly or not
    false_alarms: float | None  #: how many of 1000 blank sequences are given its label; None where none is blank

    @property
    def wrong(self) -> int:
        """Sequences that were given its label and show another class."""
        return self.called - self.found


@dataclass(frozen=True, slots=True)
class Place:
    """What became of one camera's sequences."""

    camera: str
    sequences: int
    right: int
    by_hand: int
    missed: int  #: an animal, given another class's label
    false_alarms: int | None  #: blank, given an animal's label; None where no class is `blank`

    @property
    def wrong(self) -> float:
        """The share of sequences whose label is wrong."""
        return (self.sequences - self.right - self.by_hand) / self.sequences


def labelled(scores: NDArray[np.float64], thresholds: NDArray[np.float64]) -> NDArray[np.intp]:
    """The label of each row: its likeliest class where that reaches its threshold, else NONE, as `finalize` does it."""
    likeliest = scores.argmax(axis=1)
    return np.where(scores.max(axis=1) >= thresholds[likeliest], likeliest, NONE)


def tally(labels: NDArray[np.intp], truth: NDArray[np.intp], blank: NDArray[np.bool_], which: int) -> Tally:
    """What these labels do to the class of index `which`; blanks that belong to the class raise no false alarm."""
    true, called, quiet = truth == which, labels == which, blank & (truth != which)
    found, by_hand = int((true & called).sum()), int((true & (labels == NONE)).sum())
    return Tally(
        true=int(true.sum()),
        found=found,
        by_hand=by_hand,
        missed=int(true.sum()) - found - by_hand,
        called=int(called.sum()),
        false_alarms=1000 * int((quiet & called).sum()) / int(quiet.sum()) if quiet.any() else None,
    )


def blanks(evaluation: Evaluation) -> NDArray[np.bool_]:
    """Which sequences are blank: none of their images shows anything."""
    shows = np.zeros(len(evaluation.sequence_truth), np.bool_)
    animal = np.array([example.species.casefold() != BLANK for example in evaluation.examples], np.bool_)
    np.logical_or.at(shows, evaluation.sequences, animal)
    return ~shows


def confusion(labels: NDArray[np.intp], truth: NDArray[np.intp], classes: int) -> NDArray[np.intp]:
    """How many sequences of each class (rows) were given which label (columns; the last is `unknown`)."""
    counts = np.zeros((classes, classes + 1), np.intp)
    np.add.at(counts, (truth, labels), 1)  # the label NONE, −1, is the last column
    return counts


def members(evaluation: Evaluation) -> list[list[int]]:
    """The images of each sequence, in order of time; undated ones by name."""
    found: list[list[int]] = [[] for _ in evaluation.sequence_truth]
    for image, sequence in enumerate(evaluation.sequences):
        found[sequence].append(image)
    for images in found:
        images.sort(key=lambda image: (str(evaluation.examples[image].captured_at), evaluation.examples[image].path))
    return found


def places(evaluation: Evaluation, labels: NDArray[np.intp], images: Sequence[Sequence[int]]) -> list[Place]:
    """One entry per camera, the largest share of wrong labels first."""
    at = np.array([evaluation.examples[own[0]].camera for own in images])
    blank = evaluation.classes.index(BLANK) if BLANK in evaluation.classes else None
    found = [
        _place(camera, labels[at == camera], evaluation.sequence_truth[at == camera], blank)
        for camera in sorted(set(at.tolist()))
    ]
    return sorted(found, key=lambda place: -place.wrong)


def _place(camera: str, labels: NDArray[np.intp], truth: NDArray[np.intp], blank: int | None) -> Place:
    wrong = (labels != truth) & (labels != NONE)
    return Place(
        camera=camera,
        sequences=len(truth),
        right=int((labels == truth).sum()),
        by_hand=int((labels == NONE).sum()),
        missed=int((wrong & (truth != blank)).sum()) if blank is not None else int(wrong.sum()),
        false_alarms=int((wrong & (truth == blank)).sum()) if blank is not None else None,
    )


def mistakes(scores: NDArray[np.float64], labels: NDArray[np.intp], truth: NDArray[np.intp]) -> list[int]:
    """The sequences whose label is wrong, the surest first; `unknown` is no mistake."""
    wrong = np.flatnonzero((labels != truth) & (labels != NONE))
    return [int(sequence) for sequence in wrong[np.argsort(-scores[wrong].max(axis=1), kind="stable")]]
