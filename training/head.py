"""Fitting a head: scaled, class-balanced logistic regression, written as ONNX."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, checker, helper, numpy_helper
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, make_scorer
from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from shared.errors import UnciaError
from shared.featurizer import Featurizer
from shared.network import METADATA_KEY

FOLDS = 5
# Inverse strength of regularisation. 2,048 scaled features on some hundred images want much of it.
STRENGTHS = (1e-4, 1e-3, 1e-2, 1e-1, 1.0)
# Where too few sequences leave nothing to cross-validate on.
DEFAULT_STRENGTH = 1e-2
THRESHOLD = 0.5


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fitted classifier and how it was chosen; `score` is its cross-validated log loss, None where none was made."""

    pipeline: Pipeline
    strength: float
    folds: int
    score: float | None


def fit(features: NDArray[np.float16], classes: Sequence[str], sequences: Sequence[str]) -> Fitted:
    """The classifier whose C has the lowest log loss, cross-validated with no sequence on both sides.

    `features` is N × n_features; `classes` and `sequences` have N names. Raises UnciaError for fewer than two classes.
    """
    if len(set(classes)) < 2:
        raise UnciaError(
            f"a head needs at least two classes, the manifest has {', '.join(sorted(set(classes))) or 'none'}"
        )
    pipeline = Pipeline([
        ("scale", StandardScaler()),
        ("fit", LogisticRegression(class_weight="balanced", max_iter=5_000, C=DEFAULT_STRENGTH)),
    ])  # fmt: skip
    rows = features.astype(np.float64)
    folds = min(FOLDS, *Counter(name for name, _ in set(zip(classes, sequences, strict=True))).values())
    if folds < 2:
        return Fitted(pipeline.fit(rows, classes), DEFAULT_STRENGTH, 0, None)
    split = StratifiedGroupKFold(folds, shuffle=True, random_state=0)
    # The classes are named, because a fold may hold none of one.
    loss = make_scorer(log_loss, greater_is_better=False, response_method="predict_proba", labels=sorted(set(classes)))
    search = GridSearchCV(pipeline, {"fit__C": STRENGTHS}, scoring=loss, cv=split)
    search.fit(rows, classes, groups=sequences)
    if not np.isfinite(search.best_score_):
        return Fitted(pipeline.fit(rows, classes), DEFAULT_STRENGTH, 0, None)
    return Fitted(search.best_estimator_, search.best_params_["fit__C"], folds, -float(search.best_score_))


def metadata(fitted: Fitted, featurizer: Featurizer, trained_on: dict[str, Any]) -> dict[str, Any]:
    """Everything needed to repeat the scoring, as it goes into the head's file."""
    names = [str(name) for name in fitted.pipeline.classes_]
    return {
        "kind": "head",
        "classes": names,
        "thresholds": dict.fromkeys(names, THRESHOLD),
        "recipe": asdict(featurizer.recipe),
        "backbone_name": featurizer.backbone.name,
        "layer": "features",
        "n_features": featurizer.backbone.n_features,
        "calibration": "none",
        "strength": fitted.strength,
        "folds": fitted.folds,
        "log_loss": fitted.score,
        "trained_on": trained_on,
    }


def to_onnx(fitted: Fitted, said: dict[str, Any]) -> bytes:
    """The head as ONNX: `features` (N × n_features, float32) to `scores` (N × classes), rows summing to one.

    Scaling is folded into the weights: w·(x − mean)/scale + b. Two classes have one row of weights in scikit-learn,
    whose sigmoid is the softmax of (0, that row). The same classifier gives the same bytes.
    """
    scale, regression = fitted.pipeline["scale"], fitted.pipeline["fit"]
    weights, bias = regression.coef_ / scale.scale_, regression.intercept_.copy()
    bias -= weights @ scale.mean_
    if len(regression.classes_) == 2:
        weights, bias = np.vstack([np.zeros_like(weights), weights]), np.append(0.0, bias)
    graph = helper.make_graph(
        [
            helper.make_node("Gemm", ["features", "weights", "bias"], ["sums"]),
            helper.make_node("Softmax", ["sums"], ["scores"], axis=1),
        ],
        "head",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["N", weights.shape[1]])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["N", len(bias)])],
        [
            numpy_helper.from_array(weights.T.astype(np.float32), "weights"),
            numpy_helper.from_array(bias.astype(np.float32), "bias"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9, producer_name="uncia")
    helper.set_model_props(model, {METADATA_KEY: json.dumps(said, sort_keys=True)})
    checker.check_model(model)
    return bytes(model.SerializeToString(deterministic=True))
