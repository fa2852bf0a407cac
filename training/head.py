"""A head as a file: ONNX, with everything needed to repeat the scoring in its metadata."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper

from shared.described import METADATA_KEY
from shared.recipe import Recipe
from training.aim import Aim
from training.arrays import Features
from training.calibration import Calibration
from training.classifier import Classifier
from training.fitting import Fitted, calibrate, fit, proof
from training.part import Part


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a head is for: its features, the rules that made classes of species, and the aim of its labels."""

    recipe: Recipe
    backbone_name: str
    rules: str = ""  #: as --classes says them
    aim: Aim | None = None


def train(
    features: Features, part: Part, purpose: Purpose, *, mirrored: Features | None = None, corrupt: int = 0
) -> tuple[bytes, dict[str, Any]]:
    """A head's file and its metadata, from N × n_features of the part's N images; the same data give the same bytes.

    `mirrored` are the features of the same images mirrored, `corrupt` is how many more could not be decoded. Raises
    UnciaError for fewer than two classes.
    """
    return made(fit(features, part, mirrored=mirrored), part, purpose, mirrored=mirrored is not None, corrupt=corrupt)


def made(
    fitted: Fitted, part: Part, purpose: Purpose, *, mirrored: bool = False, corrupt: int = 0
) -> tuple[bytes, dict[str, Any]]:
    """A head's file and its metadata, from a classifier that was fitted to the part's images."""
    calibration = calibrate(fitted, part, purpose.aim)
    cameras = sorted(set(part.cameras))
    said = metadata(fitted, calibration, purpose) | {
        "trained_on": {
            "images": len(part.classes),
            "mirrored": mirrored,
            "corrupt": corrupt,
            "sequences": len(set(part.sequences)),
            "cameras": len(cameras),
            "camera_names": cameras,
            "images_by_class": dict(sorted(Counter(part.classes).items())),
        },
        "tested_on": proof(fitted, calibration, part),
    }
    return to_onnx(fitted.classifier, said), said


def metadata(fitted: Fitted, calibration: Calibration, purpose: Purpose) -> dict[str, Any]:
    """Everything needed to repeat the scoring, as it goes into the head's file."""
    return {
        "kind": "head",
        "classes": list(fitted.classes),
        "rules": purpose.rules,
        "thresholds": dict(zip(fitted.classes, calibration.thresholds, strict=True)),
        "aim": str(purpose.aim) if purpose.aim else "",
        "averaging": str(calibration.averaging),
        "calibration": {"temperature": calibration.temperature, "log_loss": calibration.losses},
        "recipe": asdict(purpose.recipe),
        "backbone_name": purpose.backbone_name,
        "layer": "features",
        "n_features": len(fitted.classifier.weights),
        "strength": fitted.strength,
        "folds": fitted.folds,
        "log_loss": fitted.score,
    }


def to_onnx(classifier: Classifier, said: dict[str, Any]) -> bytes:
    """The head as ONNX: `features` (N × n_features, float32) to `scores` (N × classes, float64), rows summing to one.

    Sums are of float64: with float32 the sixth decimal would depend on how many rows are scored together. The
    temperature in what is said is folded into the weights. The same classifier gives the same bytes.
    """
    temperature = said["calibration"]["temperature"]
    weights, bias = classifier.weights / temperature, classifier.bias / temperature
    graph = helper.make_graph(
        [
            helper.make_node("Cast", ["features"], ["exact"], to=TensorProto.DOUBLE),
            helper.make_node("Gemm", ["exact", "weights", "bias"], ["sums"]),
            helper.make_node("Softmax", ["sums"], ["scores"], axis=1),
        ],
        "head",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["N", len(weights)])],
        [helper.make_tensor_value_info("scores", TensorProto.DOUBLE, ["N", len(bias)])],
        [
            numpy_helper.from_array(np.ascontiguousarray(weights), "weights"),
            numpy_helper.from_array(np.ascontiguousarray(bias), "bias"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9, producer_name="uncia")
    helper.set_model_props(model, {METADATA_KEY: json.dumps(said, sort_keys=True)})
    checker.check_model(model)
    return bytes(model.SerializeToString(deterministic=True))
