"""A head's file says what was fitted, and everything needed to say it again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from shared.averaging import Averaging
from shared.head import Head
from shared.recipe import Recipe
from tests.unit.training.learning import THREE, TWO, observed
from training.aim import Aim
from training.classifier import probabilities
from training.fitting import calibrate, fit
from training.head import Purpose, metadata, to_onnx, train

PURPOSE = Purpose(Recipe("sha", 0.0, 0.06), "tiny", "a=b,c=*", Aim("precision", 0.9))


@pytest.mark.parametrize("classes", [TWO, THREE])
@pytest.mark.parametrize("scale", [1, 30])
def test_the_scores_are_those_of_the_classifier(classes: tuple[str, ...], scale: float) -> None:
    features, known = observed(classes)
    features = features * np.array([0.01, 1, scale, 0], np.float16) + np.array([0, 5, 9 * scale, 7], np.float16)
    fitted = fit(features, known)
    calibration = replace(calibrate(fitted, known, None), temperatures=dict.fromkeys(Averaging, 2.0))
    scores = Head(to_onnx(fitted.classifier, metadata(fitted, calibration, PURPOSE))).scores(features)
    expected = probabilities(fitted.classifier.logits(features.astype(np.float64)) / 2)
    assert list(scores[0]) == list(classes)
    np.testing.assert_allclose([list(row.values()) for row in scores], expected, atol=2e-6)
    assert np.ptp(expected) > 0.3


@pytest.mark.parametrize("classes", [TWO, THREE])
def test_the_same_data_give_the_same_bytes(classes: tuple[str, ...]) -> None:
    first, second = (train(*observed(classes), PURPOSE)[0] for _ in range(2))
    assert first == second
    assert first != train(*observed(classes, sequences=9), PURPOSE)[0]


def test_a_row_alone_and_among_others_has_the_same_scores_to_the_last_decimal() -> None:
    features, known = observed(THREE, sequences=40, n_features=512)
    head = Head(train(features, known, PURPOSE)[0])
    assert head.scores(features) == [head.scores(row[np.newaxis])[0] for row in features]


def test_a_head_says_how_it_was_made() -> None:
    features, known = observed(THREE)
    content, said = train(features, known, PURPOSE, mirrored=features, corrupt=2)
    opened = Head(content)
    assert opened.metadata == said
    assert (opened.recipe, opened.backbone_name, opened.n_features) == (PURPOSE.recipe, "tiny", 4)
    assert (said["aim"], said["rules"]) == ("precision=0.9", "a=b,c=*")
    assert said["trained_on"] == {
        "images": 72, "mirrored": True, "corrupt": 2, "sequences": 24, "cameras": 4,
        "camera_names": ["cam 0", "cam 1", "cam 2", "cam 3"], "images_by_class": dict.fromkeys(THREE, 24),
    }  # fmt: skip
    assert said["tested_on"]["sequences"] == 24


def test_thresholds_and_averaging_reach_whoever_labels() -> None:
    features, known = observed(TWO, apart=1)
    content, said = train(features, known, PURPOSE)
    opened = Head(content)
    assert opened.thresholds == said["thresholds"] != dict.fromkeys(TWO, 0.5)
    assert opened.averaging == said["averaging"]
