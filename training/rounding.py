"""Taking back what rounding the weights of a network shifts its numbers by."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from training import graph as find
from training.backbone import session

type Numbers = NDArray[np.float32]


def even_out(rounded: onnx.ModelProto, exact: onnx.ModelProto, pictures: Sequence[Numbers]) -> None:
    """Changes each convolution's bias by what rounding its weights does to its mean output over the pictures.

    Bias correction, as in Nagel et al. 2019, Data-Free Quantization Through Weight Equalization and Bias Correction,
    section 4.2: b += (w − rounded w) · E[x]. `rounded` is the QDQ form of `exact`, whose convolutions have biases.
    """
    means = mean_inputs(exact, pictures)
    weights = {each.name: each for each in exact.graph.initializer}
    stored = {each.name: each for each in rounded.graph.initializer}
    made = {node.output[0]: node for node in rounded.graph.node if node.op_type == "DequantizeLinear"}
    pairs = {node.name: node for node in rounded.graph.node if node.op_type == "Conv"}
    for node in _convolutions(exact.graph):
        own = pairs[node.name].input
        lost = numpy_helper.to_array(weights[node.input[1]]) - _exact(made[own[1]], stored)
        shift = _summed(lost, means[node.input[0]])
        name, scale = made[own[2]].input[:2]
        steps = np.rint(shift / numpy_helper.to_array(stored[scale])).astype(np.int64)
        bias = numpy_helper.to_array(stored[name]) + steps
        stored[name].CopyFrom(numpy_helper.from_array(bias.clip(-(2**31), 2**31 - 1).astype(np.int32), name))


def give_biases(model: onnx.ModelProto) -> None:
    """Gives every convolution a name and, where it has none, a bias of zero."""
    weights = {each.name: each for each in model.graph.initializer}
    for number, node in enumerate(_convolutions(model.graph)):
        node.name = node.name or f"convolution {number}"
        if len(node.input) < 3:
            node.input.append(f"{node.name}.bias")
            zeros = np.zeros(weights[node.input[1]].dims[0], np.float32)
            model.graph.initializer.append(numpy_helper.from_array(zeros, node.input[2]))


def mean_inputs(model: onnx.ModelProto, pictures: Sequence[Numbers]) -> dict[str, Numbers]:
    """The mean of what each convolution reads, by channel, over pixels and pictures."""
    shown = onnx.ModelProto()
    shown.CopyFrom(model)
    shown.graph.ClearField("output")
    read = sorted({node.input[0] for node in _convolutions(model.graph)})
    for tensor in read:
        mean = f"{tensor}.mean"
        shown.graph.node.append(helper.make_node("GlobalAveragePool", [tensor], [mean]))
        shown.graph.output.append(helper.make_tensor_value_info(mean, TensorProto.FLOAT, None))
    network = session(shown)
    name = network.get_inputs()[0].name
    sums = [np.zeros(1, np.float64)] * len(read)
    for picture in pictures:
        found = network.run(None, {name: picture})
        sums = [before + one.mean(axis=(0, 2, 3), dtype=np.float64) for before, one in zip(sums, found, strict=True)]
    return {tensor: (total / len(pictures)).astype(np.float32) for tensor, total in zip(read, sums, strict=True)}


def _convolutions(graph: onnx.GraphProto) -> list[onnx.NodeProto]:
    return [node for node in graph.node if node.op_type == "Conv" and find.stored(graph, node.input[1])]


def _exact(node: onnx.NodeProto, stored: dict[str, TensorProto]) -> Numbers:
    """What rounded weights stand for: one scale for each output channel, the first axis."""
    whole, scale = (numpy_helper.to_array(stored[name]) for name in node.input[:2])
    # Weights are rounded around zero, so there is no zero point to take off.
    return np.asarray(whole * scale.reshape(-1, *[1] * (whole.ndim - 1)), np.float32)


def _summed(lost: Numbers, means: Numbers) -> Numbers:
    """Per output channel: what is lost of each weight times the mean of the channel that it reads.

    A grouped convolution's outputs read their own group of channels, one after the other.
    """
    by_channel = lost.reshape(*lost.shape[:2], -1).sum(axis=2)
    groups = len(means) // lost.shape[1]
    own = np.repeat(means.reshape(groups, -1), len(lost) // groups, axis=0)
    return np.asarray((by_channel * own).sum(axis=1))
