"""What is fitted was chosen with no sequence on both sides, and judged on what it never saw."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sklearn.model_selection import StratifiedGroupKFold

from shared.errors import UnciaError
from tests.unit.training.learning import THREE, TWO, observed, part
from training import fitting
from training.aim import Aim
from training.fitting import DEFAULT_STRENGTH, FOLDS, STRENGTHS, calibrate, fit, proof


def test_no_sequence_is_on_both_sides(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    features, known = observed(TWO)

    class Watched(StratifiedGroupKFold):
        def split(self, x: Any, y: Any = None, groups: Any = None) -> Any:
            for sides in super().split(x, y, groups):
                seen.append([{known.sequences[row] for row in side} for side in sides])
                yield sides

    monkeypatch.setattr(fitting, "StratifiedGroupKFold", Watched)
    fit(features, known)
    assert len(seen) == FOLDS
    assert all(not learnt & judged for learnt, judged in seen)


def test_what_only_tells_sequences_apart_is_not_taken_for_knowledge() -> None:
    chance, (_, known) = np.random.default_rng(1), observed(TWO, sequences=12)
    burst = {one: chance.normal(0, 1, 64) for one in known.sequences}
    features = np.array([burst[one] for one in known.sequences], np.float16)
    told = fit(features, known)
    leaked = fit(features, replace(known, sequences=tuple(map(str, range(len(known.sequences))))))
    assert told.score > 0.6 > leaked.score


@pytest.mark.parametrize(("classes", "said"), [(("ibex",), "ibex"), ((), "none")])
def test_fewer_than_two_classes_are_refused(classes: tuple[str, ...], said: str) -> None:
    with pytest.raises(UnciaError, match=f"^a head needs at least two classes, the manifest has {said}$"):
        fit(*observed(classes))


@pytest.mark.parametrize(("sequences", "folds"), [(1, 0), (2, 2), (4, 4), (FOLDS, FOLDS), (FOLDS + 1, FOLDS)])
def test_there_are_as_many_folds_as_the_rarest_class_has_sequences(sequences: int, folds: int) -> None:
    many, few = observed(("blank",), sequences=9), observed(("leopard",), sequences=sequences)
    known = part(many[1].classes + few[1].classes, many[1].sequences + few[1].sequences)
    fitted = fit(np.concatenate([many[0], few[0]]), known)
    assert fitted.folds == folds
    assert (fitted.score is None) is (fitted.held_out is None) is (folds == 0)
    assert fitted.strength in (STRENGTHS if folds else [DEFAULT_STRENGTH])


def test_a_sequence_of_two_classes_is_no_reason_to_choose_at_random() -> None:
    features, known = observed(TWO, sequences=3)
    mixed = list(known.sequences)
    mixed[known.classes.index(TWO[1])] = mixed[0]
    fitted = fit(features, replace(known, sequences=tuple(mixed)))
    assert fitted.score is None or np.isfinite(fitted.score)


def test_each_image_is_judged_by_a_head_that_never_saw_it() -> None:
    features, known = observed(TWO, apart=0)
    # A feature that names each image: whoever saw it knows its class.
    names = np.eye(len(known.classes)) * 50
    fitted = fit(np.hstack([features, names]), known)
    assert (fitted.held_out.argmax(axis=1) == known.truth(TWO)).mean() < 0.8
    assert (fitted.classifier.logits(np.hstack([features, names])).argmax(axis=1) == known.truth(TWO)).all()


def test_mirrored_copies_are_learnt_from_and_never_judged() -> None:
    features, known = observed(THREE)
    mirrored = features[:, ::-1]
    fitted = fit(features, known, mirrored=mirrored)
    assert fitted.held_out.shape == (len(features), 3)
    assert not np.allclose(fitted.classifier.weights, fit(features, known).classifier.weights)


def test_a_mirrored_copy_is_on_the_side_of_its_image() -> None:
    features, known = observed(TWO, apart=0, sequences=12)
    names = np.repeat(np.eye(24), 3, axis=0) * 50
    fitted = fit(np.hstack([features, names]), known, mirrored=np.hstack([features, names]))
    assert (fitted.held_out.argmax(axis=1) == known.truth(TWO)).mean() < 0.8


def test_a_class_that_a_fold_would_not_learn_leaves_no_folds() -> None:
    known = part(["ibex"] * 4 + ["leopard"] * 2, ["s", "t", "u", "v", "s", "s"])
    assert fit(np.arange(12, dtype=float).reshape(6, 2), known).folds == 0


def test_what_was_tested_is_told_with_intervals() -> None:
    features, known = observed(THREE)
    fitted = fit(features, known)
    said = proof(fitted, calibrate(fitted, known, Aim("recall", 0.9)), known)
    assert (said["images"], said["sequences"]) == (72, 24)
    assert said["figures"]["accuracy"] > 0.9
    assert set(said["figures"]["classes"]) == set(THREE)


def test_where_nothing_was_held_out_nothing_was_tested() -> None:
    features, known = observed(TWO, sequences=1)
    fitted = fit(features, known)
    calibration = calibrate(fitted, known, Aim("recall", 0.9))
    assert proof(fitted, calibration, known) == {}
    assert (calibration.temperature, calibration.thresholds) == (1.0, (0.5, 0.5))
