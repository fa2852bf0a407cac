"""Finding things in an ONNX graph, and leaving out what is not needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import onnx
from google.protobuf.message import Message
from onnx import numpy_helper

FLATTENS = ("Flatten", "Squeeze", "Reshape")
KEEPS_NUMBERS = ("Identity", "QuantizeLinear", "DequantizeLinear", "Dropout")
KEEPS_PIXELS = ("Identity", "Cast", "Transpose", "Pad")
NORMALISES = ("Sub", "Mul", "Div", "Add", "BatchNormalization")


def within[M: Message](message: Message, kind: type[M]) -> Iterator[M]:
    """Every message of one kind in another, at any depth, so also in the branches of If and Loop."""
    if isinstance(message, kind):
        yield message
    for field, value in message.ListFields():
        if field.message_type:
            for inner in value if isinstance(value, Iterable) else (value,):
                yield from within(inner, kind)


def consumers(graph: onnx.GraphProto, tensor: str) -> list[onnx.NodeProto]:
    """The nodes that read a tensor, in the graph's order."""
    return [node for node in graph.node if tensor in node.input]


def tensors(graph: onnx.GraphProto) -> set[str]:
    """The names of everything that nodes compute."""
    return {name for node in graph.node for name in node.output if name}


def ranks(model: onnx.ModelProto) -> dict[str, int]:
    """The number of dimensions of every tensor of which ONNX can tell it."""
    graph = onnx.shape_inference.infer_shapes(model, data_prop=True).graph
    known = [value for value in (*graph.value_info, *graph.output) if value.type.tensor_type.HasField("shape")]
    return {value.name: len(value.type.tensor_type.shape.dim) for value in known}


def stored(graph: onnx.GraphProto, tensor: str) -> bool:
    """Whether a tensor is one of the graph's own numbers, and not computed."""
    return any(each.name == tensor for each in graph.initializer)


def constant(graph: onnx.GraphProto, tensor: str) -> list[int]:
    """The numbers of an initialiser or a Constant node; none where the tensor is neither."""
    given = [each for each in graph.initializer if each.name == tensor]
    made = [node.attribute[0].t for node in graph.node if node.op_type == "Constant" and tensor in node.output]
    return [int(number) for each in given + made for number in numpy_helper.to_array(each).ravel()]


def pools_globally(graph: onnx.GraphProto, node: onnx.NodeProto) -> bool:
    """Whether a node averages over height and width; exporters write ReduceMean for it since opset 18."""
    if node.op_type != "ReduceMean":
        return node.op_type == "GlobalAveragePool"
    axes = [list(attribute.ints) for attribute in node.attribute if attribute.name == "axes"]
    axes += [constant(graph, tensor) for tensor in node.input[1:]]
    return any(sorted(axis % 4 for axis in each) in ([1, 2], [2, 3]) for each in axes)


def last_pool(graph: onnx.GraphProto) -> str | None:
    """The output of the last global pool; earlier ones belong to squeeze-and-excitation blocks."""
    pools = [node.output[0] for node in graph.node if pools_globally(graph, node)]
    return pools[-1] if pools else None


def flattened(graph: onnx.GraphProto, pooled: str, rank: dict[str, int]) -> str:
    """The pooled numbers as [N, D]: the graph's own flattening of them, else a Flatten added here.

    Where the graph quantises between pool and flattening, the numbers after it are taken: its classifier sees those.
    """
    same = [pooled]
    for tensor in same:
        for node in consumers(graph, tensor):
            if node.op_type == "Flatten" or (node.op_type in FLATTENS and rank.get(node.output[0]) == 2):
                return str(node.output[0])
            if node.op_type in KEEPS_NUMBERS:
                same.append(node.output[0])
    flat = f"{pooled}.flat"
    graph.node.append(onnx.helper.make_node("Flatten", [pooled], [flat], axis=1))
    return flat


def classifier(graph: onnx.GraphProto, pooled: str) -> str | None:
    """The output of the last Gemm, or MatMul with its Add, that the pooled numbers reach."""
    reached, last = {pooled}, None
    for node in graph.node:
        if not reached.isdisjoint(node.input):
            reached.update(node.output)
            last = node if node.op_type in ("Gemm", "MatMul") else last
    if last is None:
        return None
    biased = [node for node in consumers(graph, last.output[0]) if node.op_type == "Add" and last.op_type == "MatMul"]
    return str((biased or [last])[0].output[0])


def own_logits(graph: onnx.GraphProto, features: str, rank: dict[str, int]) -> str | None:
    """The graph's own 2-D output that is not the features, before a Softmax; one called `logits` is preferred."""
    names = [value.name for value in graph.output if rank.get(value.name) == 2 and value.name != features]
    name = "logits" if "logits" in names else next(iter(names), None)
    softmax = [node.input[0] for node in graph.node if name in node.output and node.op_type.endswith("Softmax")]
    return softmax[0] if softmax else name


def normalises_itself(graph: onnx.GraphProto, pixels: str) -> bool:
    """Whether arithmetic meets the picture before the first Conv, so that the network takes pixels of 0 to 255."""
    while readers := consumers(graph, pixels):
        if readers[0].op_type not in KEEPS_PIXELS:
            return readers[0].op_type in NORMALISES
        pixels = readers[0].output[0]
    return False


def swap(graph: onnx.GraphProto, one: str, other: str) -> None:
    """Gives each of two tensors the other's name, everywhere in the graph."""
    renamed = {one: other, other: one}
    for node in within(graph, onnx.NodeProto):
        node.input[:] = [renamed.get(name, name) for name in node.input]
        node.output[:] = [renamed.get(name, name) for name in node.output]
    for value in within(graph, onnx.ValueInfoProto):
        value.name = renamed.get(value.name, value.name)
    for stored in within(graph, onnx.TensorProto):
        stored.name = renamed.get(stored.name, stored.name)


def prune(graph: onnx.GraphProto, outputs: Iterable[str]) -> None:
    """Leaves in the graph only the nodes, initialisers and inputs that some outputs need."""
    needed, kept = set(outputs), []
    for node in reversed(graph.node):
        if not needed.isdisjoint(node.output):
            kept.append(node)
            needed.update(name for inner in within(node, onnx.NodeProto) for name in inner.input)
            needed.update(value.name for branch in within(node, onnx.GraphProto) for value in branch.output)
    nodes, stored = kept[::-1], [each for each in graph.initializer if each.name in needed]
    inputs = [each for each in graph.input if each.name in needed and each.name not in {one.name for one in stored}]
    for field in ("node", "initializer", "input", "value_info", "quantization_annotation"):
        graph.ClearField(field)
    graph.node.extend(nodes), graph.initializer.extend(stored), graph.input.extend(inputs)
