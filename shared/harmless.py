"""What is in an ONNX file from a stranger, told from its bytes before anything is made of them.

The wire format of protocol buffers is walked, and skipped where nothing is asked of it: parsed, 8 MB of empty nodes
take 600 MB (measured), and ONNX Runtime parses a file whole before it looks at any of it. The numbers of fields are
those of onnx.proto3 (ONNX 1.21).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

# What training/head.py writes, each at most once, with its settings. So nothing can loop, or make more of what it is
# given than rows × classes: two stored matrices of 4 MB, multiplied, or one turned on its side (transA), would be 10¹²
# numbers.
OPERATORS = {"Cast": {"to"}, "Gemm": set[str](), "Softmax": {"axis"}}
# Weights and metadata aside, a head of ours has 400 bytes; parsed, so many more may take a hundred times as much.
MOST_BYTES = 65_536
# Of one message; ours have 8 at most. A network's file has one for each line of its metadata.
MOST_FIELDS, MOST_LINES = 1_000, 100_000

_GRAPH, _METADATA = 7, 14
_HEADS_MODEL = {1, 2, 3, 4, 5, 6, _GRAPH, 8, _METADATA}  # no functions (25), no training (20)
_NODE, _TENSOR = 1, 5
_HEADS_GRAPH = {_NODE, 2, _TENSOR, 10, 11, 12, 13}  # no sparse tensors (15), no annotations (14)
_NAME, _NUMBERS, _ELSEWHERE = 8, 9, (13, 14)  # of a tensor

type Field = tuple[int, memoryview]


class Node(NamedTuple):
    """A step of a graph: what it computes, of what, into what, and how it is set."""

    operator: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    settings: frozenset[str]


def fields(message: memoryview, most: int = MOST_FIELDS) -> Iterator[Field]:
    """The fields of a message: numbers and bytes, none for what is a number itself; raises ValueError for nonsense."""
    at, many = 0, 0
    while at < len(message):
        tag, at = _number(message, at)
        kind, size, many = tag & 7, 0, many + 1
        if kind == 2:
            size, at = _number(message, at)
        elif kind == 0:
            _, at = _number(message, at)
        elif kind in (1, 5):
            at += 8 if kind == 1 else 4
        else:
            raise ValueError(f"a field of kind {kind}")
        if at + size > len(message) or many > most:
            raise ValueError("a message that is cut off, or has too many fields")
        yield tag >> 3, message[at : at + size] if kind == 2 else message[:0]
        at += size


def metadata(content: bytes, key: str) -> str:
    """What a network's file says under a key, nothing where it does not; raises ValueError for what is no network."""
    said, graphs = "", 0
    for number, part in fields(memoryview(content), MOST_LINES):
        graphs += number == _GRAPH
        if number == _METADATA:
            entry = {name: _text(text) for name, text in fields(part)}
            said = entry.get(2, "") if entry.get(1) == key else said
    if not graphs:
        raise ValueError("there is no graph")
    return said


def excess(content: bytes) -> str:
    """What a file has that no head has, as a sentence's end; nothing for a head. Raises ValueError for nonsense."""
    model = [*fields(memoryview(content))]
    graph = [field for number, part in model if number == _GRAPH for field in fields(part)]
    if {number for number, _ in model} - _HEADS_MODEL or {number for number, _ in graph} - _HEADS_GRAPH:
        return "it has parts that no head has"
    tensors = [[*fields(part)] for number, part in graph if number == _TENSOR]
    if any(number in _ELSEWHERE for tensor in tensors for number, _ in tensor):
        return "its weights lie in other files"
    weights = sum(len(part) for tensor in tensors for number, part in tensor if number == _NUMBERS)
    said = sum(len(part) for number, part in model if number == _METADATA)
    if (rest := len(content) - weights - said) > MOST_BYTES:
        return f"it has {rest:,} bytes besides weights and metadata, and a head has at most {MOST_BYTES:,}"
    stored = {_text(part) for tensor in tensors for number, part in tensor if number == _NAME}
    return _strange([_node(part) for number, part in graph if number == _NODE], stored)


def _strange(nodes: list[Node], stored: set[str]) -> str:
    """What these nodes do that no head does: each works on what the one before it made of the features."""
    if other := [node.operator for node in nodes if node.operator not in OPERATORS]:
        return f"it has the operator {other[0]!r}, and a head has {', '.join(OPERATORS)} only"
    made = "features"
    for number, node in enumerate(nodes):
        twice = node.operator in (before.operator for before in nodes[:number])
        if twice or node.settings - OPERATORS[node.operator] or node.inputs[:1] != (made,) or made in stored:
            return f"its {node.operator} is used as no head uses it"
        made = node.outputs[0] if node.outputs else ""
    return ""


def _node(message: memoryview) -> Node:
    said = [*fields(message)]

    def named(wanted: int) -> tuple[str, ...]:
        return tuple(_text(part) for number, part in said if number == wanted)

    # A setting's own name is its field 1; an operator may be of a domain that is not ONNX's own.
    settings = frozenset(
        _text(text) for number, part in said if number == 5 for name, text in fields(part) if name == 1
    )
    return Node(".".join(filter(None, named(7) + named(4))), named(1), named(2), settings)


def _text(part: memoryview) -> str:
    return bytes(part).decode()


def _number(message: memoryview, at: int) -> tuple[int, int]:
    """The number at a place, and the place after it; at most ten bytes of seven bits, the lowest first."""
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(message):
            break
        byte, at = message[at], at + 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
    raise ValueError("a number that does not end")
