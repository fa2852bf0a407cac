"""Linear classifiers on features: scaled, class-balanced logistic regression."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from training.arrays import Indices, Rows

# Singular values below this share of the largest one are what rounding leaves of a dimension that is not there.
_RANK = 1e-6
# 5,000 is never reached where the strength is one of ours; scikit-learn's 100 is, and warns.
_ITERATIONS = 5_000
# Newton's steps solve a system of so many unknowns: up to about here that is faster than L-BFGS.
_NEWTON = 1_000


@dataclass(frozen=True, slots=True)
class Classifier:
    """Logits from features as they come: features · weights + bias, one column a class."""

    weights: Rows  #: n_features × classes
    bias: Rows  #: classes

    def logits(self, features: NDArray[np.number]) -> Rows:
        """N × classes, for N × n_features."""
        return np.asarray(features @ self.weights + self.bias, np.float64)


def along(rows: Rows, truth: Indices, strengths: Sequence[float]) -> list[Classifier]:
    """The classifier of each strength (scikit-learn's C), fitted to N × n_features whose classes are 0, 1, 2….

    The penalised weights are a combination of the rows (the representer theorem), so where there are fewer rows than
    features, the fit is made in the space that the rows span: the same classifier, sooner.
    """
    scaler = StandardScaler().fit(rows)
    scaled = scaler.transform(rows)
    if len(rows) >= rows.shape[1]:
        return [_unscaled(weights, bias, scaler) for weights, bias in _fitted(scaled, truth, strengths)]
    points, shares = _spanned(scaled)
    fits = _fitted(points, truth, strengths)
    return [_unscaled(scaled.T @ (shares @ weights), bias, scaler) for weights, bias in fits]


def _fitted(points: Rows, truth: Indices, strengths: Sequence[float]) -> Iterator[tuple[Rows, Rows]]:
    """Weights and bias of each strength; each fit starts where the one before ended."""
    unknowns = points.shape[1] * (1 if truth.max() == 1 else truth.max() + 1)
    solver = "newton-cholesky" if unknowns <= _NEWTON else "lbfgs"
    model = LogisticRegression(class_weight="balanced", max_iter=_ITERATIONS, solver=solver, warm_start=True)
    for strength in strengths:
        model.set_params(C=strength).fit(points, truth)
        weights, bias = model.coef_.T, model.intercept_
        # Two classes have one column in scikit-learn, whose sigmoid is the softmax of (0, that column).
        yield (weights, bias) if len(bias) > 1 else (np.hstack([0 * weights, weights]), np.append(0 * bias, bias))


def _unscaled(weights: Rows, bias: Rows, scaler: StandardScaler) -> Classifier:
    """The classifier on features as they come, of one on scaled ones: w·(x − mean)/scale + b."""
    weights = np.ascontiguousarray(weights / scaler.scale_[:, np.newaxis])
    return Classifier(weights, bias - scaler.mean_ @ weights)


def probabilities(logits: Rows) -> Rows:
    """The softmax of each row."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float64)


def _spanned(rows: Rows) -> tuple[Rows, Rows]:
    """Coordinates of the rows in an orthonormal basis of what they span, and each row's share of that basis."""
    squares, vectors = np.linalg.eigh(rows @ rows.T)
    kept = squares > squares[-1] * _RANK**2
    lengths, vectors = np.sqrt(squares[kept]), vectors[:, kept]
    return vectors * lengths, vectors / lengths
