"""A small network with every kind of convolution that quantising meets, and pictures for it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from training.backbone import Options, build

SIZE = 16


def small() -> bytes:
    """A backbone of three convolutions, the second one by channel, the third without a bias; 12 features."""
    drawn = np.random.default_rng(7)
    weights = {
        "k1": drawn.normal(size=(8, 3, 3, 3)), "b1": drawn.normal(size=8),
        "k2": drawn.normal(size=(8, 1, 3, 3)), "b2": drawn.normal(size=8),
        # A few large weights make the steps of rounding wide for all the others.
        "k3": drawn.standard_t(2, size=(12, 8, 1, 1)), "w": drawn.normal(size=(12, 5)),
    }  # fmt: skip
    nodes = [
        helper.make_node("Conv", ["picture", "k1", "b1"], ["one"]),
        helper.make_node("Relu", ["one"], ["lit"]),
        helper.make_node("Conv", ["lit", "k2", "b2"], ["two"], group=8),
        helper.make_node("Relu", ["two"], ["lit2"]),
        helper.make_node("Conv", ["lit2", "k3"], ["three"]),
        helper.make_node("Relu", ["three"], ["lit3"]),
        helper.make_node("GlobalAveragePool", ["lit3"], ["pool"]),
        helper.make_node("Flatten", ["pool"], ["flat"]),
        helper.make_node("Gemm", ["flat", "w"], ["scores"]),
    ]
    graph = helper.make_graph(
        nodes, "g",
        [helper.make_tensor_value_info("picture", TensorProto.FLOAT, ["N", 3, SIZE, SIZE])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(value.astype(np.float32), name) for name, value in weights.items()],
    )  # fmt: skip
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 19)], ir_version=9)
    return build(model.SerializeToString(), Options(), name="small")


def pictures(number: int, seed: int = 0) -> list[NDArray[np.float32]]:
    """Noise with a colour cast, as the network takes it."""
    drawn = np.random.default_rng(seed)
    casts: Any = drawn.uniform(-1, 1, (number, 1, 3, 1, 1))
    return list((casts + drawn.normal(0, 0.5, (number, 1, 3, SIZE, SIZE))).astype(np.float32))
