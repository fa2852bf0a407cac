"""An untrained ResNet50 v1.5: the exact graph with drawn weights, for demonstrations and tests without a download."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

STAGES = ((64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2))  # width, blocks, first stride: He et al. 2015, table 1
EXPANSION = 4
CLASSES = 1000
# Found on the images of one real camera, as the AUC of a linear head on the features (seeds 0 and 1): scale 0.25 alone
# 0.57 and 0.54; with centred filters, drawn biases and scale 0.5 it is 0.61 and 0.67. All features stay below 20.
BRANCH_SCALE = 0.5  # 16 blocks then grow the variance (1 + 1/4)^16 = 36 times, not 2^16
BIAS = 0.5  # without biases the network is homogeneous: its features tell the picture's contrast and little else


def untrained(seed: int = 0) -> bytes:
    """ResNet50 v1.5 as ONNX, its weights drawn from a seed; the same seed gives the same bytes.

    `input` [N, 3, 224, 224] float32 with ImageNet's mean and std, `logits` [N, 1000]; 25,557,032 parameters.
    """
    drawn = _Drawn(np.random.Generator(np.random.PCG64(seed)))
    last = drawn.residual_blocks(drawn.stem("input"))
    drawn.classify(last, STAGES[-1][0] * EXPANSION)
    picture = helper.make_tensor_value_info("input", TensorProto.FLOAT, ["N", 3, 224, 224])
    logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["N", CLASSES])
    graph = helper.make_graph(drawn.nodes, "resnet50", [picture], [logits], drawn.weights)
    opset = helper.make_opsetid("", 18)
    model = helper.make_model(graph, opset_imports=[opset], ir_version=8, producer_name="uncia")
    return bytes(model.SerializeToString(deterministic=True))


@dataclass
class _Drawn:
    """A graph that grows by one layer at a time; each layer takes and gives the name of a tensor."""

    random: np.random.Generator
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    weights: list[onnx.TensorProto] = field(default_factory=list)

    def stem(self, tensor: str) -> str:
        tensor = self.relu(self.conv("stem", tensor, (64, 3, 7), stride=2))
        return self.node("MaxPool", "stem.pool", [tensor], kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])

    def residual_blocks(self, tensor: str) -> str:
        channels = 64
        for stage, (width, blocks, first_stride) in enumerate(STAGES, 1):
            for block in range(blocks):
                name, stride = f"stage{stage}.{block}", 1 if block else first_stride
                tensor = self.bottleneck(name, tensor, (channels, width), stride=stride)
                channels = width * EXPANSION
        return tensor

    def bottleneck(self, name: str, tensor: str, channels: tuple[int, int], *, stride: int) -> str:
        """1x1, 3x3, 1x1 around a shortcut; v1.5 strides in the 3x3 (Nvidia, torchvision), v1 in the first 1x1."""
        before, width = channels
        after = width * EXPANSION
        inner = self.relu(self.conv(f"{name}.1", tensor, (width, before, 1)))
        inner = self.relu(self.conv(f"{name}.2", inner, (width, width, 3), stride=stride))
        inner = self.conv(f"{name}.3", inner, (after, width, 1), scale=BRANCH_SCALE)
        if before != after:
            tensor = self.conv(f"{name}.shortcut", tensor, (after, before, 1), stride=stride)
        return self.relu(self.node("Add", f"{name}.sum", [inner, tensor]))

    def classify(self, tensor: str, channels: int) -> None:
        pooled = self.node("GlobalAveragePool", "pool", [tensor])
        flat = self.node("Flatten", "flat", [pooled], axis=1)
        weight = self.weight("fc.weight", self.normal((CLASSES, channels), channels**-0.5))
        bias = self.weight("fc.bias", np.zeros(CLASSES, np.float32))
        self.node("Gemm", "logits", [flat, weight, bias], transB=1)

    def conv(self, name: str, tensor: str, shape: tuple[int, int, int], *, stride: int = 1, scale: float = 1) -> str:
        """A convolution (out, in, side) of He-normal weights, and its batch normalisation."""
        out, channels, side = shape
        drawn = self.normal((out, channels, side, side), (2 / (channels * side * side)) ** 0.5)
        if name != "stem":  # all inputs but the picture are positive, and centred filters do not see their common mean
            drawn -= drawn.mean(axis=(1, 2, 3), keepdims=True)
        weight, pads = self.weight(f"{name}.weight", drawn), [side // 2] * 4
        strides, kernel = [stride, stride], [side, side]
        tensor = self.node("Conv", f"{name}.conv", [tensor, weight], kernel_shape=kernel, strides=strides, pads=pads)
        return self.normalised(name, tensor, out, scale=scale)

    def normalised(self, name: str, tensor: str, channels: int, *, scale: float) -> str:
        scales, ones = np.full(channels, scale, np.float32), np.ones(channels, np.float32)
        values = {"scale": scales, "bias": self.normal((channels,), BIAS), "mean": 0 * ones, "var": ones}
        stored = [self.weight(f"{name}.{key}", each) for key, each in values.items()]
        return self.node("BatchNormalization", f"{name}.bn", [tensor, *stored])

    def relu(self, tensor: str) -> str:
        return self.node("Relu", f"{tensor}.relu", [tensor])

    def node(self, operator: str, name: str, inputs: list[str], **attributes: Any) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [name], **attributes))
        return name

    def weight(self, name: str, values: NDArray[np.float32]) -> str:
        self.weights.append(numpy_helper.from_array(values, name))
        return name

    def normal(self, shape: tuple[int, ...], deviation: float) -> NDArray[np.float32]:
        return self.random.standard_normal(shape, np.float32) * np.float32(deviation)
