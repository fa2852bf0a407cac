"""A head's file can do nothing but what heads do, and costs little to refuse."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from shared.errors import HeadRefused
from shared.harmless import MOST_BYTES, excess, fields, metadata
from shared.head import Head
from tests.unit.shared.making import backbone, head
from training.classifier import Classifier
from training.head import to_onnx

type Change = Callable[[Any], object]


def with_(change: Change) -> bytes:
    """A good head, changed."""
    model = onnx.load_from_string(head())
    change(model)
    return bytes(model.SerializeToString())


def node(operator: str, inputs: list[str], outputs: list[str], **settings: Any) -> Change:
    return lambda model: model.graph.node.insert(0, helper.make_node(operator, inputs, outputs, **settings))


def stored(name: str, *shape: int) -> Change:
    """More weights: all of one number."""
    return lambda model: model.graph.initializer.append(numpy_helper.from_array(np.ones(shape, np.float32), name))


def many(*changes: Change) -> Change:
    return lambda model: [change(model) for change in changes]


def looping(model: Any) -> None:
    """Two thousand million turns of nothing."""
    kinds = [("turn", TensorProto.INT64), ("go", TensorProto.BOOL), ("on", TensorProto.BOOL)]
    turn, go, on = (helper.make_tensor_value_info(name, kind, []) for name, kind in kinds)
    body = helper.make_graph([helper.make_node("Identity", ["go"], ["on"])], "body", [turn, go], [on])
    model.graph.node.insert(0, helper.make_node("Loop", ["times", "yes"], [], body=body))


def called(model: Any) -> None:
    step = helper.make_node("Gemm", ["a", "b"], ["c"])
    model.functions.append(helper.make_function("mine", "Gemm", ["a", "b"], ["c"], [step], model.opset_import))


def turned(model: Any) -> None:
    model.graph.node[0].attribute.append(helper.make_attribute("transA", 1))


def multiplied(model: Any) -> None:
    model.graph.node[0].input[0] = "column"


def renamed(model: Any) -> None:
    model.graph.node[0].domain = "com.example"


BOMBS: dict[str, tuple[Change, str]] = {
    "loop": (looping, "the operator 'Loop'"),
    "constant of a shape": (node("ConstantOfShape", ["shape"], ["x"]), "the operator 'ConstantOfShape'"),
    "tile": (node("Tile", ["features", "times"], ["x"]), "the operator 'Tile'"),
    "expand": (node("Expand", ["features", "shape"], ["x"]), "the operator 'Expand'"),
    "operator of others": (renamed, "the operator 'com.example.Gemm'"),
    "function under the name of ours": (called, "it has parts that no head has"),
    "second product": (node("Gemm", ["features", "w"], ["features 2"]), "its Gemm is used as no head uses it"),
    "column times row": (many(stored("column", 1_000_000, 1), multiplied), "its Gemm is used as no head uses it"),
    "features that are stored": (stored("features", 1_000_000, 1), "its Gemm is used as no head uses it"),
    "features on their side": (turned, "its Gemm is used as no head uses it"),
    "cast of what is stored": (
        node("Cast", ["w"], ["x"], to=TensorProto.DOUBLE),
        "its Cast is used as no head uses it",
    ),
    "text": (lambda model: setattr(model.graph, "doc_string", "x" * MOST_BYTES), "bytes besides weights and metadata"),
}


@pytest.mark.parametrize("kind", BOMBS)
def test_a_head_that_would_loop_or_fill_the_memory_is_refused(kind: str) -> None:
    change, why = BOMBS[kind]
    with pytest.raises(HeadRefused, match=why):
        Head(with_(change))


def test_a_head_that_uncia_trained_is_harmless() -> None:
    made = to_onnx(Classifier(np.eye(4, 3), np.zeros(3)), {"calibration": {"temperature": 1.0}})
    assert excess(made) == excess(head()) == ""
    assert len(made) < 1_000


def test_weights_that_are_said_and_not_there_take_no_memory() -> None:
    def said(model: Any) -> None:
        model.graph.initializer[0].dims[:] = [4, 2**40]

    with pytest.raises(HeadRefused):
        Head(with_(said))


EMPTY_NODES = """
import resource, sys
from shared.errors import HeadRefused
from shared.head import Head
nodes = b"\\x0a\\x00" * 10_000_000
size, text = len(nodes), b""
while size > 127:
    size, text = size >> 7, text + bytes([size & 127 | 128])
model = b"\\x3a" + text + bytes([size]) + nodes + {metadata}
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    Head(model)
except HeadRefused as error:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_ten_million_empty_nodes_are_refused_without_being_parsed() -> None:
    told = next(part for number, part in fields(memoryview(head())) if number == 14)
    line = b"\x72" + bytes([len(told) & 127 | 128, len(told) >> 7]) + bytes(told)
    code = EMPTY_NODES.format(metadata=repr(line))
    taken = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert int(taken) < 50_000, "KiB; parsed they take 1,500,000"


def test_a_backbone_is_not_a_head_whatever_it_says_of_itself() -> None:
    assert "operator 'Conv'" in excess(backbone(kind="head"))


def test_metadata_is_read_without_a_network_being_made() -> None:
    assert metadata(head(), "uncia").startswith('{"kind": "head"')
    assert metadata(head(), "others") == ""


@given(st.binary(max_size=200) | st.integers(0, len(head())).map(lambda cut: head()[:cut]))
def test_whatever_the_bytes_are_they_are_told_of_or_refused(content: bytes) -> None:
    for look in (excess, lambda data: metadata(data, "uncia")):
        with suppress(ValueError):
            assert isinstance(look(content), str)


@given(st.integers(0, len(head()) - 1), st.integers(0, 255))
def test_a_head_with_one_byte_changed_is_a_head_or_is_refused(place: int, byte: int) -> None:
    content = head()
    with suppress(HeadRefused):
        assert Head(content[:place] + bytes([byte]) + content[place + 1 :]).classes
