"""Preparing an ONNX image network as a backbone: two outputs, and one description of how to feed it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
from google.protobuf.message import DecodeError
from numpy.typing import NDArray
from onnx import TensorProto, helper, inliner

from shared.described import METADATA_KEY
from shared.network import UNUSABLE
from training import graph as find
from training.feeding import BackboneRefused, Options, feeding

__all__ = ["BackboneRefused", "Options", "build"]

OUTPUTS = ("features", "logits")
MAX_FEATURES = 4096  # as float16 in base64 11 KB of a frame's queue message, whose limit is 48 KB


def build(source: bytes, options: Options, *, name: str) -> bytes:
    """The same network as a backbone; the same source and options give the same bytes, and a backbone gives itself.

    Outputs `features` [N, n_features] and `logits` [N, n_logits], float32. The metadata `uncia` says how to feed it:
    x = (pixel / 255 * range - mean) / std. Raises BackboneRefused.
    """
    model = opened(source)
    if of_ours(model) and options == Options():
        return source
    said = feeding(model.graph, options)
    expose(model, options)
    if [value.name for value in model.graph.input] != [said["input"]]:
        raise BackboneRefused(f"features and logits must follow from the picture `{said['input']}` and nothing else")
    n_features, n_logits = settle(model, said)
    said |= {"kind": "backbone", "name": name, "features": "features", "logits": "logits", "n_features": n_features}
    said |= {"n_logits": n_logits, "source_sha256": hashlib.sha256(source).hexdigest()}
    helper.set_model_props(model, {METADATA_KEY: json.dumps(said, sort_keys=True)})
    return bytes(model.SerializeToString(deterministic=True))


def opened(source: bytes) -> onnx.ModelProto:
    """The network, whole in these bytes: files it points to are never followed, for sources come from strangers."""
    try:
        model = onnx.ModelProto.FromString(source)
    except DecodeError as error:
        raise BackboneRefused("this is not an ONNX file") from error
    if not (model.graph.node and model.opset_import):
        raise BackboneRefused("this is not an ONNX file")
    if any(each.external_data or each.data_location for each in find.within(model, TensorProto)):
        raise BackboneRefused("the weights lie in other files (ONNX external data): export the network as one file")
    return inliner.inline_local_functions(model) if model.functions else model


def of_ours(model: onnx.ModelProto) -> dict[str, Any]:
    """What Uncia wrote into a backbone; nothing for any other network."""
    try:
        said = json.loads(next(entry.value for entry in model.metadata_props if entry.key == METADATA_KEY))
        return dict(said) if said["kind"] == "backbone" else {}
    except (StopIteration, KeyError, TypeError, ValueError):
        return {}


def expose(model: onnx.ModelProto, options: Options) -> None:
    """Leaves `features` and `logits` as the only outputs, and of the graph only what they need."""
    graph = model.graph
    for asked in (options.features, options.logits):
        if asked and asked not in find.tensors(graph):
            raise BackboneRefused(f"the network computes no tensor called `{asked}`")
    pooled, rank = options.features or find.last_pool(graph), find.ranks(model)
    if pooled is None:
        raise BackboneRefused("the network has no global average pool: name the tensor to use with --features")
    features = options.features or find.flattened(graph, pooled, rank)
    logits = options.logits or find.classifier(graph, pooled) or find.own_logits(graph, features, rank)
    if logits is None or logits == features:
        raise BackboneRefused("the network shows no classifier after its features: name its tensor with --logits")
    find.swap(graph, features, "features")
    logits = {features: "features", "features": features}.get(logits, logits)
    find.swap(graph, logits, "logits")
    find.prune(graph, OUTPUTS)
    declare(graph, dict.fromkeys(OUTPUTS))


def declare(graph: onnx.GraphProto, shapes: dict[str, list[str | int] | None]) -> None:
    """Sets the graph's outputs, all float32."""
    graph.ClearField("output")
    for name, shape in shapes.items():
        graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))


def settle(model: onnx.ModelProto, said: dict[str, Any]) -> tuple[int, int]:
    """Runs the network, makes its batch symbolic if that is safe, and tells how many features and logits it gives."""
    batch = model.graph.input[0].type.tensor_type.shape.dim[0]
    black_and_noise = pictures(said)
    batch.dim_param = "N"
    if not takes_batches(model, black_and_noise):
        batch.dim_value = 1
    try:
        features, logits = answers(session(model), black_and_noise[:1])
    except UNUSABLE as error:
        told = " ".join(str(error).split())[:200]
        raise BackboneRefused(f"ONNX Runtime cannot run the network on a picture: {told}") from error
    for name, answer in zip(OUTPUTS, (features, logits), strict=True):
        if answer.ndim != 2 or len(answer) != 1:
            raise BackboneRefused(f"{name} of one picture must be one row of numbers, not of shape {answer.shape}")
        if not np.isfinite(answer).all():
            raise BackboneRefused(f"{name} of a black picture are not finite numbers")
    if features.shape[1] > MAX_FEATURES:
        raise BackboneRefused(f"the network gives {features.shape[1]} features, more than {MAX_FEATURES}")
    rows: str | int = batch.dim_param or 1
    declare(model.graph, {"features": [rows, features.shape[1]], "logits": [rows, logits.shape[1]]})
    return features.shape[1], logits.shape[1]


def pictures(said: dict[str, Any]) -> NDArray[np.float32]:
    """A black picture and one of noise, as the network wants them."""
    pixels = np.random.Generator(np.random.PCG64(0)).integers(0, 256, (2, said["size"], said["size"], 3))
    pixels[0] = 0
    fed = ((pixels / 255 * said["range"] - said["mean"]) / said["std"]).astype(np.float32)
    return np.ascontiguousarray(fed.transpose(0, 3, 1, 2)) if said["layout"] == "NCHW" else fed


def session(model: onnx.ModelProto) -> ort.InferenceSession:
    """The network in ONNX Runtime; raises one of UNUSABLE."""
    options = ort.SessionOptions()
    options.log_severity_level = 4  # a refusal is one sentence of ours, not ONNX Runtime's log
    return ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def answers(network: ort.InferenceSession, fed: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    """Features and logits of some pictures; raises one of UNUSABLE."""
    return list(network.run(OUTPUTS, {network.get_inputs()[0].name: fed}))


def takes_batches(model: onnx.ModelProto, fed: NDArray[np.float32]) -> bool:
    """Whether two pictures together give what each gives alone."""
    try:
        network = session(model)
        together, first, second = (answers(network, some) for some in (fed, fed[:1], fed[1:]))
    except UNUSABLE:
        return False
    alone = [np.concatenate(pair) for pair in zip(first, second, strict=True)]
    both = zip(together, alone, strict=True)
    return all(one.shape == two.shape and np.allclose(one, two, 1e-3, 1e-3) for one, two in both)
