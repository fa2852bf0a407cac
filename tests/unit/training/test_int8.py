"""An int8 backbone is the float one, smaller, on any processor."""

from __future__ import annotations

import hashlib
import json

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from numpy.typing import NDArray
from onnx import numpy_helper

from tests.unit.training.quantising import pictures, small
from training.backbone import BackboneRefused, Options, build
from training.int8 import FEWEST, check, quantised
from training.rounding import even_out, give_biases, mean_inputs

SHOWN = pictures(FEWEST)


@pytest.fixture(scope="module")
def backbone() -> bytes:
    return small()


@pytest.fixture(scope="module")
def smaller(backbone: bytes) -> bytes:
    return quantised(backbone, SHOWN)


def features(content: bytes | onnx.ModelProto, fed: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    options = ort.SessionOptions()
    options.log_severity_level = 4
    network = ort.InferenceSession(content if isinstance(content, bytes) else content.SerializeToString(), options)
    return np.concatenate([network.run(["features"], {"picture": one})[0] for one in fed])


def test_its_features_are_nearly_the_float_ones(backbone: bytes, smaller: bytes) -> None:
    fed = pictures(50, seed=1)
    exact, near = features(backbone, fed), features(smaller, fed)
    cosine = (exact * near).sum(1) / np.linalg.norm(exact, axis=1) / np.linalg.norm(near, axis=1)
    assert cosine.mean() > 0.999
    assert not np.array_equal(exact, near)


def test_the_same_pictures_give_the_same_bytes(backbone: bytes, smaller: bytes) -> None:
    assert quantised(backbone, SHOWN) == smaller
    assert quantised(backbone, pictures(FEWEST, seed=2)) != smaller


def test_it_says_what_it_was_made_from(backbone: bytes, smaller: bytes) -> None:
    before, after = (
        json.loads(onnx.load_from_string(content).metadata_props[0].value) for content in (backbone, smaller)
    )
    own = {"name": "small-int8", "calibrated_on": FEWEST, "float_sha256": hashlib.sha256(backbone).hexdigest()}
    assert after == before | own


def test_no_two_products_of_its_weights_overflow_16_bits(smaller: bytes) -> None:
    # AVX2 without VNNI adds two products of an unsigned and a signed byte in 16 signed bits, and cuts off the rest.
    weights = [each for each in onnx.load_from_string(smaller).graph.initializer if len(each.dims) == 4]
    assert len(weights) == 3
    assert all(each.data_type == onnx.TensorProto.INT8 for each in weights)
    assert max(int(np.abs(numpy_helper.to_array(each).astype(int)).max()) for each in weights) * 255 * 2 < 2**15


def test_evening_out_takes_back_what_rounding_shifts(backbone: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    exact = features(backbone, SHOWN)
    even = np.abs((features(quantised(backbone, SHOWN), SHOWN) - exact).mean(axis=0)).mean()
    monkeypatch.setattr("training.int8.even_out", lambda *_: None)
    plain = np.abs((features(quantised(backbone, SHOWN), SHOWN) - exact).mean(axis=0)).mean()
    # What is left is the rounding of what flows, which no weight tells of.
    assert even < 0.8 * plain


def test_the_mean_of_what_a_convolution_reads_is_by_channel(backbone: bytes) -> None:
    means = mean_inputs(onnx.load_from_string(backbone), SHOWN)
    np.testing.assert_allclose(means["picture"], np.concatenate(SHOWN).mean(axis=(0, 2, 3)), rtol=1e-4)
    assert {len(mean) for mean in means.values()} == {3, 8}


def test_a_bias_is_given_where_there_is_none(backbone: bytes) -> None:
    model = onnx.load_from_string(backbone)
    give_biases(model)
    assert [len(node.input) for node in model.graph.node if node.op_type == "Conv"] == [3, 3, 3]
    np.testing.assert_array_equal(features(model, SHOWN[:3]), features(backbone, SHOWN[:3]))


def test_rounding_that_loses_nothing_changes_nothing(smaller: bytes, backbone: bytes) -> None:
    # The weights of int8, written out as floats, are what they are rounded to.
    rounded, exact = onnx.load_from_string(smaller), onnx.load_from_string(backbone)
    give_biases(exact)
    stored = {each.name: numpy_helper.to_array(each) for each in rounded.graph.initializer}
    for each in exact.graph.initializer:
        if len(each.dims) == 4:
            whole = stored[f"{each.name}_quantized"] * stored[f"{each.name}_scale"].reshape(-1, 1, 1, 1)
            each.CopyFrom(numpy_helper.from_array(whole.astype(np.float32), each.name))
    before = rounded.SerializeToString()
    even_out(rounded, exact, SHOWN[:5])
    assert rounded.SerializeToString() == before


def test_it_is_not_made_of_too_few_pictures(backbone: bytes) -> None:
    with pytest.raises(BackboneRefused, match=f"^int8 is calibrated on at least {FEWEST} pictures, here there are 99$"):
        quantised(backbone, SHOWN[:-1])


def test_it_is_not_made_twice(smaller: bytes) -> None:
    with pytest.raises(BackboneRefused, match=r"^the network has 8 bits already$"):
        quantised(smaller, SHOWN)


def test_a_network_without_convolutions_gains_nothing(backbone: bytes) -> None:
    model = onnx.load_from_string(backbone)
    for node in model.graph.node:
        if node.op_type == "Conv":
            node.op_type = "Mul"
    with pytest.raises(BackboneRefused, match=r"^int8 is for networks of convolutions"):
        check(model.graph)


def test_a_backbone_is_built_into_itself(backbone: bytes, smaller: bytes) -> None:
    for content in (backbone, smaller):
        assert build(content, Options(), name="another name") == content
