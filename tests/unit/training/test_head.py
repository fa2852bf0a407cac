"""The head in ONNX says what scikit-learn says, and was chosen with no sequence on both sides."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.model_selection import StratifiedGroupKFold

from shared.backbone import Backbone
from shared.errors import UnciaError
from shared.featurizer import Featurizer
from shared.head import Head
from tests.unit.shared.making import backbone
from training import head
from training.head import DEFAULT_STRENGTH, FOLDS, STRENGTHS, THRESHOLD, Fitted, fit, metadata, to_onnx

TWO, THREE = ("blank", "leopard"), ("blank", "ibex", "leopard")
FEATURIZER = Featurizer(Backbone(backbone(), threads=1), 0.0, 0.06)


def observed(classes: tuple[str, ...], sequences: int = 8, frames: int = 3) -> tuple[Any, list[str], list[str]]:
    """Features of some sequences of each class: the classes lie apart, frames of a sequence close together."""
    rng = np.random.default_rng(0)
    names = [name for name in classes for _ in range(sequences * frames)]
    groups = [f"{name}~{number}" for name in classes for number in range(sequences) for _ in range(frames)]
    centres = {name: rng.normal(0, 5, 4) for name in classes}
    burst = {group: rng.normal(0, 1, 4) for group in groups}
    rows = [centres[name] + burst[group] + rng.normal(0, 0.1, 4) for name, group in zip(names, groups, strict=True)]
    return np.array(rows, np.float16), names, groups


def written(fitted: Fitted) -> bytes:
    return to_onnx(fitted, metadata(fitted, FEATURIZER, {"images": 1}))


@pytest.mark.parametrize("classes", [TWO, THREE])
def test_the_scores_are_those_of_scikit_learn(classes: tuple[str, ...]) -> None:
    features, names, groups = observed(classes)
    fitted = fit(features, names, groups)
    expected = fitted.pipeline.predict_proba(features.astype(np.float64))
    scores = Head(written(fitted)).scores(features)
    assert list(scores[0]) == list(classes)
    np.testing.assert_allclose([list(row.values()) for row in scores], expected, atol=1e-5)
    assert np.ptp(expected) > 0.5


def test_features_on_different_scales_give_the_scores_of_scikit_learn() -> None:
    features, names, groups = observed(THREE)
    features = features * np.array([1e-2, 1, 30, 0], np.float16) + np.array([0, 5, 900, 7], np.float16)
    fitted = fit(features, names, groups)
    expected = fitted.pipeline.predict_proba(features.astype(np.float64))
    scores = [list(row.values()) for row in Head(written(fitted)).scores(features)]
    np.testing.assert_allclose(scores, expected, atol=1e-5)


@pytest.mark.parametrize("classes", [TWO, THREE])
def test_the_same_data_give_the_same_bytes(classes: tuple[str, ...]) -> None:
    first, second = (written(fit(*observed(classes))) for _ in range(2))
    assert first == second
    assert first != written(fit(*observed(classes, sequences=9)))


def test_no_sequence_is_on_both_sides(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    class Watched(StratifiedGroupKFold):
        def split(self, x: Any, y: Any = None, groups: Any = None) -> Any:
            for sides in super().split(x, y, groups):
                seen.append([{groups[row] for row in side} for side in sides])
                yield sides

    monkeypatch.setattr(head, "StratifiedGroupKFold", Watched)
    fit(*observed(TWO))
    assert len(seen) == FOLDS
    assert all(not fitted_on & judged_on for fitted_on, judged_on in seen)


def test_what_only_tells_sequences_apart_is_not_taken_for_knowledge() -> None:
    rng, (_, names, groups) = np.random.default_rng(1), observed(TWO, sequences=12)
    burst = {group: rng.normal(0, 1, 64) for group in groups}
    features = np.array([burst[group] for group in groups], np.float16)
    told = fit(features, names, groups)
    leaked = fit(features, names, [str(row) for row in range(len(names))])
    assert told.score > 0.6 > leaked.score


@pytest.mark.parametrize(("classes", "said"), [(("ibex",), "ibex"), ((), "none")])
def test_fewer_than_two_classes_are_refused(classes: tuple[str, ...], said: str) -> None:
    with pytest.raises(UnciaError, match=f"^a head needs at least two classes, the manifest has {said}$"):
        fit(*observed(classes))


@pytest.mark.parametrize(
    ("sequences", "folds"), [(1, 0), (2, 2), (4, 4), (FOLDS, FOLDS), (FOLDS + 1, FOLDS)]
)  # fmt: skip
def test_there_are_as_many_folds_as_the_rarest_class_has_sequences(sequences: int, folds: int) -> None:
    many, few = observed(("blank",), sequences=9), observed(("leopard",), sequences=sequences)
    fitted = fit(np.concatenate([many[0], few[0]]), many[1] + few[1], many[2] + few[2])
    assert fitted.folds == folds
    assert (fitted.score is None) is (folds == 0)
    assert fitted.strength in (STRENGTHS if folds else [DEFAULT_STRENGTH])


def test_a_head_says_how_it_was_made() -> None:
    fitted = fit(*observed(THREE))
    opened = Head(written(fitted))
    assert opened.recipe == FEATURIZER.recipe
    assert opened.thresholds == dict.fromkeys(THREE, THRESHOLD)
    assert (opened.backbone_name, opened.n_features) == ("tiny", 4)
    told = [opened.metadata[name] for name in ("strength", "folds", "log_loss", "trained_on")]
    assert told == [fitted.strength, FOLDS, fitted.score, {"images": 1}]


def test_a_sequence_of_two_classes_is_no_reason_to_choose_at_random() -> None:
    features, names, groups = observed(TWO, sequences=3)
    groups[names.index(TWO[1])] = groups[0]
    fitted = fit(features, names, groups)
    assert fitted.score is None or np.isfinite(fitted.score)
