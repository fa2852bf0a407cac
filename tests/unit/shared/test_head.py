"""A head scores, or is refused in one sentence."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from onnx.external_data_helper import set_external_data

from shared.errors import HeadRefused
from shared.frame import LONGEST_NAME, MESSAGE_BYTES, Frame
from shared.head import LARGEST, MOST_FEATURES, Head
from shared.label import label
from shared.recipe import Recipe
from shared.rows import label_row
from tests.unit.shared.making import CLASSES, backbone, frame, head

MANY = [f"{number:06d} of classes" for number in range(900)]
REFUSED = [
    (b"x", "^this is no head: it is not an ONNX network"),
    (backbone(), "^this is no head: it is a backbone, not a head$"),
    (b"x" * (LARGEST + 1), "^this is no head: 33,554,433 bytes, and a head has at most 33,554,432$"),
    (head(classes=None), "^this is no head: its metadata lacks or garbles"),
    (head(thresholds={"blank": 0.5}), "^this is no head: its metadata lacks or garbles 'leopard'$"),
    (head(recipe={"layers": 3}), "^this is no head: its metadata lacks or garbles"),
    (head(n_features="many"), "^this is no head: its metadata lacks or garbles"),
    (head(n_features=5), "^this head does not run on 5 features$"),
    (head(n_features=-1), "^this head does not run on -1 features$"),
    (head(outputs=3), r"^this head gives scores of shape \(3, 3\) for its 2 classes$"),
    (head(classes=["a", "a"], thresholds={"a": 1}), "^this is no head: its metadata lacks or garbles a class twice$"),
    (head(recipe={"backbone": "sha", "crop_top": 0.7}), "^this is no head: .* a crop of 0.7"),
    (head(recipe={"backbone": 5}), "^this is no head: .* a backbone of 5"),
    (head(n_features=float("inf")), "^this is no head: its metadata lacks or garbles"),
    (head(n_features=10**9), "^this is no head: .* 1,000,000,000 features, and a frame has at most 18,432$"),
    (head(thresholds={"blank": 10**400, "leopard": 0.5}), "^this is no head: its metadata lacks or garbles"),
    (
        head(outputs=0, classes=[], thresholds={}),
        "^this is no head: its metadata lacks or garbles classes: there are 0",
    ),
    (head(outputs=1, classes=["a"], thresholds={"a": 1}), "^this is no head: .* classes: there are 1$"),
    (head(classes=["\ud800", "b"], thresholds={"\ud800": 1, "b": 1}), "^this is no head: .* characters are not kept$"),
    (head(classes=["a\x1b[2J", "b"], thresholds={}), "^this is no head: .* characters are not kept$"),
    (head(classes=["a" * 201, "b"], thresholds={}), "^this is no head: .* a class has 201 letters"),
    (head(classes=["", "b"], thresholds={}), "^this is no head: .* a class is ''"),
    (
        head(outputs=900, classes=MANY, thresholds=dict.fromkeys(MANY, 0.5)),
        "^this is no head: .* a frame's scores take 26,101 bytes, and have room for 24,000$",
    ),
]


def ending(*nodes: Any, output: Any = None) -> bytes:
    """A head whose scores go through further nodes."""
    model = onnx.load_from_string(head())
    model.graph.node[-1].output[0] = "before"
    model.graph.node.extend(nodes)
    model.graph.output[0].CopyFrom(output or helper.make_tensor_value_info("scores", TensorProto.FLOAT, None))
    model.opset_import.append(helper.make_opsetid("ai.onnx.ml", 3))
    return model.SerializeToString()


def test_a_head_tells_what_it_was_made_for() -> None:
    one = Head(head("sha of a backbone"))
    assert (one.classes, one.thresholds) == (CLASSES, {"blank": 0.5, "leopard": 0.5})
    assert (one.recipe, one.n_features) == (Recipe("sha of a backbone"), 4)
    assert one.version == hashlib.sha256(head("sha of a backbone")).hexdigest()[:12]


def test_each_row_of_features_has_a_score_per_class() -> None:
    features = np.array([[0, 0, 9, 9], [1, 0, 9, 9]], np.float16)
    first, second = Head(head()).scores(features)
    assert first == {"blank": 0.5, "leopard": 0.5}
    assert second == {"blank": 0.731059, "leopard": 0.268941}


def test_no_features_have_no_scores() -> None:
    assert Head(head()).scores(np.zeros((0, 4), np.float16)) == []


def test_a_frame_has_the_same_scores_alone_and_among_others() -> None:
    one, features = Head(head()), np.random.default_rng(0).normal(size=(50, 4)).astype(np.float16)
    assert one.scores(features) == [one.scores(row[np.newaxis])[0] for row in features]


@pytest.mark.parametrize(("content", "why"), REFUSED)
def test_what_is_no_head_is_refused_in_one_sentence(content: bytes, why: str) -> None:
    with pytest.raises(HeadRefused, match=why):
        Head(content)


@pytest.mark.parametrize("kind", ["one number", "dictionaries"])
def test_a_head_that_gives_no_matrix_is_refused(kind: str) -> None:
    mapped = helper.make_node("ZipMap", ["before"], ["scores"], domain="ai.onnx.ml", classlabels_strings=CLASSES)
    numbers = helper.make_map_type_proto(TensorProto.STRING, helper.make_tensor_type_proto(TensorProto.FLOAT, []))
    maps = helper.make_value_info("scores", helper.make_sequence_type_proto(numbers))
    summed = helper.make_node("ReduceMax", ["before"], ["scores"], keepdims=0)
    with pytest.raises(HeadRefused):
        Head(ending(summed) if kind == "one number" else ending(mapped, output=maps))


def test_features_of_another_length_are_left_out() -> None:
    found = Head(head()).scores_by_key({"good": bytes(8), "short": bytes(6), "none": b""})
    assert {key: sorted(scores) for key, scores in found.items()} == {"good": sorted(CLASSES)}


def test_features_that_give_no_numbers_are_left_out() -> None:
    features = {"good": [0, 1, 0, 0], "infinite": [np.inf, 0, 0, 0], "none": [0, 0, 0, np.nan]}
    rows = {key: np.array(row, "<f2").tobytes() for key, row in features.items()}
    assert [*Head(head()).scores_by_key(rows)] == ["good"]


def test_metadata_without_end_is_refused() -> None:
    model = onnx.load_from_string(head())
    model.metadata_props[0].value = '{"kind": ' + "[" * 100_000
    with pytest.raises(HeadRefused, match="was not made by Uncia"):
        Head(model.SerializeToString())


def test_a_frame_of_a_heads_most_features_would_fill_its_message() -> None:
    assert MOST_FEATURES * 2 * 4 / 3 == MESSAGE_BYTES


def test_a_frame_of_a_heads_most_scores_and_the_longest_names_travels() -> None:
    one = Head(head(outputs=827, classes=MANY[:827], thresholds=dict.fromkeys(MANY, 0.5)))
    features, name = np.ones(2_048, "<f2"), "ж" * LONGEST_NAME
    scores = dict.fromkeys(one.classes, 0.123456)
    whole = frame(0, camera=name, path=name, features=features.tobytes(), scores=scores, head=one.version)
    assert Frame.decode(whole.encode().encode()) == whole
    assert label_row(label([whole], one), datetime(2026, 2, 1, tzinfo=UTC))["n_scored"] == 1


def test_no_keys_have_no_scores() -> None:
    assert Head(head()).scores_by_key({}) == {}


def test_a_head_whose_weights_are_infinite_is_refused() -> None:
    model = onnx.load_from_string(head())
    weights = np.full((4, 2), np.inf, np.float32)
    model.graph.initializer[0].CopyFrom(numpy_helper.from_array(weights, "w"))
    with pytest.raises(HeadRefused, match="no probabilities"):
        Head(model.SerializeToString())


@pytest.mark.parametrize("name", ["w.bin", "../w.bin"])
def test_a_head_whose_weights_lie_in_another_file_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    (here / name).write_bytes(np.eye(4, 2, dtype=np.float32).tobytes())
    model = onnx.load_from_string(head())
    set_external_data(model.graph.initializer[0], location=name)
    model.graph.initializer[0].ClearField("raw_data")
    with pytest.raises(HeadRefused, match="its weights lie in other files"):
        Head(model.SerializeToString())


@pytest.mark.parametrize(
    ("content", "reason"),
    [(head(n_features=5), "^this head does not run on 5 features$"), (head(outputs=3), "gives scores of shape")],
)
def test_a_head_that_is_opened_later_is_refused_with_its_first_score(content: bytes, reason: str) -> None:
    later = Head(content, later=True)
    assert later.classes == CLASSES
    with pytest.raises(HeadRefused, match=reason):
        later.scores(np.zeros((1, 4), np.float16))


def test_a_head_whose_metadata_are_garbled_is_not_opened_later_either() -> None:
    with pytest.raises(HeadRefused, match=r"lacks or garbles 'leopard'$"):
        Head(head(thresholds={"blank": 0.5}), later=True)


def test_a_head_that_is_opened_later_scores_as_any() -> None:
    rows = np.random.default_rng(0).normal(size=(5, 4)).astype(np.float16)
    assert Head(head(), later=True).scores(rows) == Head(head()).scores(rows)


def test_who_only_reads_a_head_does_without_onnx_runtime(tmp_path: Path) -> None:
    file = tmp_path / "head.onnx"
    file.write_bytes(head())
    code = (
        "import sys; from pathlib import Path; from shared.head import Head; import shared.heads; import function_app;"
    )
    code += "Head(Path(sys.argv[1]).read_bytes(), later=True); sys.exit('onnxruntime' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code, str(file)], cwd=Path(__file__).parents[3]).returncode == 0
