"""A folded network gives the numbers that it gave."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from onnx import TensorProto, helper, numpy_helper

from training.folding import fold

SIZE = 16


def network(side: int = 7, pads: int = 3, other: dict[str, Any] | None = None) -> onnx.ModelProto:
    """One quantised convolution of a picture, as the quantiser writes it."""
    drawn = np.random.default_rng(side)
    stored = {
        "step": np.float32(0.02), "zero": np.uint8(117),
        "weights": drawn.integers(-63, 64, (8, 3, side, side), np.int8),
        "steps": drawn.uniform(0.001, 0.01, 8).astype(np.float32), "zeros": np.zeros(8, np.int8),
    }  # fmt: skip
    nodes = [
        helper.make_node("QuantizeLinear", ["picture", "step", "zero"], ["bytes"]),
        helper.make_node("DequantizeLinear", ["bytes", "step", "zero"], ["seen"]),
        helper.make_node("DequantizeLinear", ["weights", "steps", "zeros"], ["w"], axis=0),
        helper.make_node(
            "Conv", ["seen", "w"], ["out"],
            **{"kernel_shape": [side, side], "pads": [pads] * 4, "strides": [2, 2]} | (other or {}),
        ),
    ]  # fmt: skip
    picture = helper.make_tensor_value_info("picture", TensorProto.FLOAT, ["N", 3, SIZE, SIZE])
    out = helper.make_tensor_value_info("out", TensorProto.FLOAT, None)
    numbers = [numpy_helper.from_array(np.asarray(value), name) for name, value in stored.items()]
    graph = helper.make_graph(nodes, "g", [picture], [out], numbers)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def given(model: onnx.ModelProto) -> Any:
    picture = np.random.default_rng(1).normal(size=(2, 3, SIZE, SIZE)).astype(np.float32)
    return ort.InferenceSession(model.SerializeToString()).run(None, {"picture": picture})[0]


@pytest.mark.parametrize(("side", "pads"), [(7, 3), (3, 1), (5, 2), (4, 1), (2, 0), (3, 0), (1, 0), (6, 2)])
def test_a_folded_convolution_gives_the_same_numbers(side: int, pads: int) -> None:
    before, after = network(side, pads), network(side, pads)
    fold(after, SIZE)
    assert after.graph.node[0].op_type == "SpaceToDepth"
    # The same whole numbers are added up; float32 adds them in another order where ONNX Runtime does not fuse.
    np.testing.assert_allclose(given(after), given(before), rtol=0, atol=1e-4)


@pytest.mark.parametrize(
    "other",
    [
        {"strides": [1, 1]},
        {"strides": [2, 1]},
        {"pads": [0, 0, 1, 1]},
        {"dilations": [2, 2]},
        {"auto_pad": "SAME_UPPER"},
    ],
)
def test_what_strides_otherwise_stays_as_it_is(other: dict[str, Any]) -> None:
    model = network(3, 1, other)
    before = model.SerializeToString(deterministic=True)
    fold(model, SIZE)
    assert model.SerializeToString(deterministic=True) == before


def test_pictures_of_an_odd_size_and_a_picture_read_twice_stay_as_they_are() -> None:
    for model, size in ((network(), 15), (network(), SIZE)):
        if size == SIZE:
            model.graph.node.append(helper.make_node("Identity", ["bytes"], ["again"]))
        before = model.SerializeToString(deterministic=True)
        fold(model, size)
        assert model.SerializeToString(deterministic=True) == before
