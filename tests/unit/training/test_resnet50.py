"""The untrained ResNet50 is ResNet50 in everything but training."""

from __future__ import annotations

import time
from collections import Counter
from math import prod

import numpy as np
import onnx
import onnxruntime as ort
import pytest

from training.backbone import Options, build
from training.resnet50 import untrained


@pytest.fixture(scope="module")
def model():
    return onnx.load_from_string(untrained())


@pytest.fixture(scope="module")
def answers():
    """Features and logits of black, white and two of noise, one coarse, one fine."""
    random = np.random.default_rng(0)
    coarse = random.integers(0, 256, (7, 7, 3)).repeat(32, 0).repeat(32, 1)
    fine = random.integers(0, 256, (224, 224, 3))
    pixels = np.stack([np.zeros_like(fine), np.full_like(fine, 255), coarse, fine])
    fed = ((pixels / 255 - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]).astype("f4").transpose(0, 3, 1, 2)
    return ort.InferenceSession(build(untrained(), Options(), name="untrained")).run(None, {"input": fed})


def test_it_has_the_parameters_that_torchvision_counts(model):
    trained = [each for each in model.graph.initializer if not each.name.endswith((".mean", ".var"))]
    assert sum(prod(each.dims) for each in trained) == 25_557_032


def test_it_has_the_layers_of_resnet50(model):
    onnx.checker.check_model(model, full_check=True)
    assert Counter(node.op_type for node in model.graph.node) == {
        "Conv": 53, "BatchNormalization": 53, "Relu": 49, "Add": 16,
        "MaxPool": 1, "GlobalAveragePool": 1, "Flatten": 1, "Gemm": 1,
    }  # fmt: skip


def test_it_strides_in_the_three_by_three_as_version_one_and_a_half_does(model):
    convolutions = [node for node in model.graph.node if node.op_type == "Conv" and "stage" in node.output[0]]
    told = [{each.name: list(each.ints) for each in node.attribute} for node in convolutions]
    strided = Counter(tuple(each["kernel_shape"]) for each in told if each["strides"] == [2, 2])
    assert strided == {(3, 3): 3, (1, 1): 3}  # the 1x1 are shortcuts
    assert sum(".shortcut." in node.output[0] for node in convolutions) == 4


def test_the_same_seed_gives_the_same_bytes_within_three_seconds():
    begun = time.process_time()
    first = untrained(1)
    assert time.process_time() - begun < 3
    assert first == untrained(1) != untrained(2)


def test_features_fit_float16_with_room_to_spare(answers):
    features, logits = answers
    assert (features.shape, logits.shape) == ((4, 2048), (4, 1000))
    assert 0.1 < features.max() < 1000  # float16 ends at 65504
    assert (features > 1e-3).mean() > 0.3


def test_features_differ_between_pictures(answers):
    alike = np.corrcoef(answers[0])[np.triu_indices(4, 1)]
    assert alike.max() < 0.98
