"""Images of one sequence together: what it shows, and its averaged scores."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from shared.averaging import SMALLEST, Averaging
from training.arrays import Indices, Rows
from training.classifier import probabilities


def numbered(names: Sequence[str]) -> Indices:
    """The number of each image's sequence, from 0."""
    return np.unique(np.asarray(names), return_inverse=True)[1]


def averaged(scores: Rows, sequences: Indices, how: Averaging) -> Rows:
    """One row for each sequence from N × classes, as `shared.averaging.averaged` makes it, but not rounded."""
    if how is Averaging.PROBABILITIES:
        return _means(scores, sequences)
    return probabilities(_means(np.log(np.maximum(scores, SMALLEST)), sequences))


def first(sequences: Indices) -> Indices:
    """The place of each sequence's first image."""
    return np.unique(sequences, return_index=True)[1]


def shown(truth: Indices, blank: NDArray[np.bool_], sequences: Indices) -> Indices:
    """The class of each sequence: the most frequent of its images, blank ones aside unless all of them are blank."""
    votes = np.zeros((sequences.max() + 1, truth.max() + 1))
    # A blank image counts less than any other, however many there are.
    np.add.at(votes, (sequences, truth), np.where(blank, 1 / (len(truth) + 1), 1.0))
    return votes.argmax(axis=1)


def _means(values: Rows, sequences: Indices) -> Rows:
    sums = np.zeros((sequences.max() + 1, values.shape[1]))
    np.add.at(sums, sequences, values)
    return sums / np.bincount(sequences)[:, np.newaxis]
