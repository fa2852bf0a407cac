"""A backbone is what its source was, told in one description."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from onnx import TensorProto, helper, numpy_helper

from training.backbone import BackboneRefused, Options, build

POOL = [("GlobalAveragePool", ["maps"], "pool", {}), ("Flatten", ["pool"], "flat", {})]
GEMM = [("Gemm", ["flat", "w"], "scores", {})]
LAB = ["resnet50_pqf", "mobilenet_v2"]


def network(tail, outputs=("scores",), shape=("b", 3, 8, 8), front=(), numbers=4, kind=TensorProto.FLOAT):
    """A network of one convolution: `front` between picture and convolution, `tail` behind it."""
    random = np.random.default_rng(0)
    weights = {
        "k": random.normal(size=(numbers, 3, 3, 3)).astype("f4"), "w": random.normal(size=(numbers, 5)).astype("f4"),
        "k1": random.normal(size=(5, numbers, 1, 1)).astype("f4"), "b": np.ones(5, "f4"), "s": np.float32(0.5),
        "z": np.uint8(0), "hw": np.array([2, 3]), "hw_negative": np.array([-1, -2]), "one_row": np.array([1, -1]),
        "unused": np.ones(7, "f4"),
    }  # fmt: skip
    conv = ("Conv", [front[-1][2] if front else "picture", "k"], "maps", {})
    nodes = [helper.make_node(op, reads, [gives], **more) for op, reads, gives, more in (*front, conv, *tail)]
    picture = helper.make_tensor_value_info("picture", kind, shape)
    given = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs]
    stored = [numpy_helper.from_array(np.asarray(value), name) for name, value in weights.items()]
    graph = helper.make_graph(nodes, "g", [picture], given, stored)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
    helper.set_model_props(model, {"author": "someone"})
    return model.SerializeToString()


def said(backbone):
    (only,) = onnx.load_from_string(backbone).metadata_props
    assert only.key == "uncia"
    return json.loads(only.value)


def run(content, pictures, outputs=("features", "logits")):
    session = ort.InferenceSession(content)
    return session.run(list(outputs), {session.get_inputs()[0].name: pictures})


def noise(count=2, size=8):
    return np.random.default_rng(1).uniform(0, 1, (count, 3, size, size)).astype("f4")


@pytest.fixture(scope="module", params=LAB)
def lab(request):
    """A real network, as it came, and as a backbone."""
    if "UNCIA_LAB" not in os.environ and "CI" not in os.environ:
        pytest.skip("UNCIA_LAB is unset")
    source = (Path(os.environ["UNCIA_LAB"]) / "models" / f"{request.param}.onnx").read_bytes()
    return source, build(source, Options(), name=request.param)


def test_a_backbone_of_real_weights_gives_what_its_source_gave(lab):
    # MobileNet quantises after its last pool; its own `features` lie behind that, and so do ours, as its classifier's
    source, backbone = lab
    fed = noise(2, 224) * said(backbone)["range"]
    for ours, theirs in zip(run(backbone, fed), run(source, fed), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-4)


def test_wrong_preprocessing_is_seen_in_the_features_of_real_weights(lab):
    _, backbone = lab
    pixels, told = noise(1, 224) * 255, said(backbone)
    mean, std = (np.array(told[key], "f4").reshape(3, 1, 1) for key in ("mean", "std"))
    right, _ = run(backbone, (pixels / 255 * np.float32(told["range"]) - mean) / std)
    wrong, _ = run(backbone, pixels / 255 if told["range"] == 255 else pixels)
    assert np.abs(right - wrong).max() > 0.1


def test_each_real_network_is_fed_as_it_was_trained(lab):
    told = said(lab[1])
    trained = {2048: (1.0, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]), 1280: (255.0, [0.0] * 3, [1.0] * 3)}
    assert (told["range"], told["mean"], told["std"]) == trained[told["n_features"]]


def test_the_description_tells_everything_a_caller_needs():
    source = network(POOL + GEMM)
    told = said(build(source, Options(), name="tiny"))
    assert (told.pop("source_sha256"), told.pop("mean"), told.pop("std")) == (
        hashlib.sha256(source).hexdigest(), [0.485, 0.456, 0.406], [0.229, 0.224, 0.225],
    )  # fmt: skip
    assert told == {
        "kind": "backbone", "name": "tiny", "input": "picture", "size": 8, "layout": "NCHW", "channels": "RGB",
        "range": 1.0, "features": "features", "logits": "logits", "n_features": 4, "n_logits": 5,
    }  # fmt: skip


@pytest.mark.parametrize(("tail", "features", "logits"), [
    (POOL + GEMM, "flat", "scores"),
    ([*POOL, *GEMM, ("Softmax", ["scores"], "probabilities", {})], "flat", "scores"),
    ([POOL[0], ("Squeeze", ["pool", "hw"], "flat", {}), *GEMM], "flat", "scores"),
    ([("ReduceMean", ["maps", "hw"], "pool", {}), POOL[1], *GEMM], "flat", "scores"),
    ([("ReduceMean", ["maps", "hw_negative"], "flat", {"keepdims": 0}), *GEMM], "flat", "scores"),
    ([*POOL, ("MatMul", ["flat", "w"], "product", {}), ("Add", ["product", "b"], "scores", {})], "flat", "scores"),
    ([*POOL, ("Conv", ["pool", "k1"], "classes", {}), ("Flatten", ["classes"], "scores", {})], "flat", "scores"),
    ([POOL[0], ("QuantizeLinear", ["pool", "s", "z"], "q", {}), ("DequantizeLinear", ["q", "s", "z"], "dq", {}),
      ("Flatten", ["dq"], "flat", {}), *GEMM], "flat", "scores"),
    ([("GlobalAveragePool", ["maps"], "gate", {}), ("Mul", ["maps", "gate"], "gated", {}),
      ("GlobalAveragePool", ["gated"], "pool", {}), *POOL[1:], *GEMM], "flat", "scores"),
])  # fmt: skip
def test_features_and_logits_are_found_however_the_exporter_wrote_them(tail, features, logits):
    pictures = noise()
    found = run(build(network(tail), Options(), name="n"), pictures)
    for ours, theirs in zip(found, run(network(tail, (features, logits)), pictures, (features, logits)), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-6)


def test_a_classifier_by_convolution_is_known_by_the_graphs_own_output_before_its_softmax():
    tail = [*POOL, ("Conv", ["pool", "k1"], "c", {}), ("Flatten", ["c"], "raw", {}), ("Softmax", ["raw"], "scores", {})]
    features, logits = run(build(network(tail), Options(), name="n"), noise())
    np.testing.assert_allclose(logits, run(network(tail, ("raw",)), noise(), ("raw",))[0], atol=1e-6)
    assert features.shape == (2, 4)


def test_a_source_that_calls_its_logits_features_is_not_confused():
    tail = [POOL[0], ("Flatten", ["pool"], "logits", {}), ("Gemm", ["logits", "w"], "features", {})]
    features, logits = run(build(network(tail, ("features",)), Options(), name="n"), noise())
    assert (features.shape, logits.shape) == ((2, 4), (2, 5))


@pytest.mark.parametrize(("front", "scale"), [
    ([], 1.0),
    ([("Identity", ["picture"], "same", {})], 1.0),
    ([("Mul", ["picture", "s"], "half", {})], 255.0),
    ([("Identity", ["picture"], "same", {}), ("Sub", ["same", "s"], "less", {})], 255.0),
])  # fmt: skip
def test_a_network_that_normalises_itself_is_fed_pixels(front, scale):
    told = said(build(network(POOL + GEMM, front=front), Options(), name="n"))
    assert (told["range"], told["mean"] == [0.0] * 3) == (scale, scale == 255.0)


def test_every_finding_gives_way_to_an_option():
    options = Options("flat", "scores", "picture", 10, "NCHW", "BGR", 2.0, (1.0, 2.0, 3.0), (4.0, 5.0, 6.0))
    told = said(build(network([*POOL, *GEMM, ("Gemm", ["scores", "w"], "more", {})], numbers=5), options, name="n"))
    assert (told["size"], told["layout"], told["channels"], told["range"]) == (10, "NCHW", "BGR", 2.0)
    assert (told["mean"], told["std"], told["n_logits"]) == ([1.0, 2.0, 3.0], [4.0, 5.0, 6.0], 5)


def test_imagenets_mean_follows_the_order_of_the_channels():
    told = said(build(network(POOL + GEMM), Options(channels="BGR"), name="n"))
    assert (told["mean"], told["std"]) == ([0.406, 0.456, 0.485], [0.225, 0.224, 0.229])


@pytest.mark.parametrize(("shape", "layout", "size"), [
    (("b", 3, 16, 16), "NCHW", 16), (("b", 3, "h", "w"), "NCHW", 224), (("b", 12, "w", 3), "NHWC", 12),
])  # fmt: skip
def test_layout_and_size_come_from_the_input(shape, layout, size):
    front = [("Transpose", ["picture"], "first", {"perm": [0, 3, 1, 2]})] if layout == "NHWC" else []
    told = said(build(network(POOL + GEMM, shape=shape, front=front), Options(), name="n"))
    assert (told["layout"], told["size"]) == (layout, size)


@pytest.mark.parametrize(("flatten", "rows"), [(POOL[1], "N"), (("Reshape", ["pool", "one_row"], "flat", {}), 1)])
def test_a_batch_of_one_becomes_symbolic_where_pictures_together_give_what_each_gives_alone(flatten, rows):
    backbone = build(network([POOL[0], flatten, *GEMM], shape=(1, 3, 8, 8)), Options(), name="n")
    graph = onnx.load_from_string(backbone).graph
    batches = [value.type.tensor_type.shape.dim[0] for value in (*graph.input, *graph.output)]
    assert [dim.dim_param or dim.dim_value for dim in batches] == [rows] * 3


def test_what_features_and_logits_do_not_need_is_left_out():
    source = network([*POOL, *GEMM, ("Relu", ["maps"], "heat", {})], outputs=("scores", "heat"))
    graph = onnx.load_from_string(build(source, Options(), name="n")).graph
    assert [value.name for value in graph.output] == ["features", "logits"]
    assert [node.op_type for node in graph.node] == ["Conv", "GlobalAveragePool", "Flatten", "Gemm"]
    assert {each.name for each in graph.initializer} == {"k", "w"}


def test_the_same_source_and_options_give_the_same_bytes():
    source = network(POOL + GEMM)
    assert build(source, Options(), name="n") == build(source, Options(), name="n")


def outside(source):
    model = onnx.load_from_string(source)
    kernel = model.graph.initializer[0]
    kernel.data_location = TensorProto.EXTERNAL
    kernel.external_data.add(key="location", value="secret.bin")
    return model.SerializeToString()


INFINITE = [*POOL, ("Log", ["flat"], "log", {}), ("Gemm", ["log", "w"], "scores", {})]


@pytest.mark.parametrize(("source", "options", "why"), [
    (b"", Options(), "not an ONNX file"),
    (b"\x89PNG not a network", Options(), "not an ONNX file"),
    (outside(network(POOL + GEMM)), Options(), "external data"),
    (network(POOL + GEMM, shape=("b", 4, 8, 8)), Options(), "no picture input"),
    (network(POOL + GEMM, shape=("b", 3, 8)), Options(), "no picture input"),
    (network(POOL + GEMM, kind=TensorProto.UINT8), Options(), "no picture input"),
    (network(POOL + GEMM), Options(input="image"), "no picture input called `image`"),
    (network(POOL + GEMM, shape=(8, 3, 8, 8)), Options(), "exactly 8 pictures"),
    (network(POOL + GEMM, shape=(1, 3, 8, 9)), Options(), "8 x 9, not square"),
    (network([("Flatten", ["maps"], "scores", {})]), Options(), "--features"),
    (network(POOL, ("flat",)), Options(), "--logits"),
    (network(POOL + GEMM), Options(features="embedding"), "no tensor called `embedding`"),
    (network(POOL + GEMM), Options(features="k", logits="scores"), "no tensor called `k`"),
    (network(POOL + GEMM), Options(features="maps"), "one row of numbers"),
    (network([*POOL, ("Gemm", ["flat", "b"], "scores", {})]), Options(), "cannot run"),
    (network(POOL + GEMM), Options(size=1), "cannot run"),
    (network(INFINITE), Options(features="log"), "not finite"),
    (network([*POOL, ("Gemm", ["flat", "w"], "scores", {})], numbers=4097), Options(), "4097 features"),
])  # fmt: skip
def test_what_cannot_be_a_backbone_is_refused_in_one_sentence(source, options, why):
    with pytest.raises(BackboneRefused) as refused:
        build(source, options, name="n")
    assert why in str(refused.value)
    assert "\n" not in str(refused.value)
