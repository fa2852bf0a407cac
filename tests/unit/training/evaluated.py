"""Evaluations to test with: scores are drawn, so that each rung is a little better than the one before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, log_loss, roc_auc_score

from training.evaluation import Evaluation, Rung
from training.figures import Figures
from training.manifest import Example
from training.outcomes import labelled, tally

RUNGS = {"L120": 0.4, "RN1": 1.2, "RN2": 1.8, "RN2+A": 1.9, "RN2+A+E": 2.6}
HOSTILE = (
    "<script>window.hurt=1</script>",
    "\"'></title></script><img src=x onerror=window.hurt=1>",
    "\u202eevil\u202c \u200f",
)


def figures(
    scores: NDArray[np.float64], truth: NDArray[np.intp], names: Sequence[str], kept: dict[str, float]
) -> Figures:
    """What the lead's evaluation says of scores, with made-up intervals."""
    labels, none = labelled(scores, np.array([kept[name] for name in names])), np.zeros(len(truth), np.bool_)
    by_class = {}
    for which, name in enumerate(names):
        counted, own = tally(labels, truth, none, which), truth == which
        auc = float(roc_auc_score(own, scores[:, which])) if 0 < own.sum() < len(own) else None
        by_class[name] = {
            "n": counted.true,
            "threshold": kept[name],
            "precision": counted.found / counted.called if counted.called else None,
            "recall": counted.found / counted.true if counted.true else None,
            "unknown": counted.by_hand / max(1, counted.true),
            "lost": counted.missed / max(1, counted.true),
            "roc_auc": auc,
            "average_precision": float(average_precision_score(own, scores[:, which])) if own.any() else None,
            "false_positives_per_1000_blank": None,
            "intervals": {"roc_auc": [auc - 0.03, min(1, auc + 0.02)]} if auc else {},
        }
    aucs = [one["roc_auc"] for one in by_class.values() if one["roc_auc"] is not None]
    said: dict[str, Any] = {
        "n": len(truth),
        "accuracy": float((scores.argmax(1) == truth).mean()),
        "balanced_accuracy": float(
            np.mean([(scores.argmax(1) == each)[truth == each].mean() for each in np.unique(truth)])
        ),
        "roc_auc": float(np.mean(aucs)) if aucs else None,
        "average_precision": None,
        "log_loss": float(log_loss(truth, scores, labels=range(len(names)))),
        "classes": by_class,
    }
    about = {key: said[key] for key in ("accuracy", "balanced_accuracy", "roc_auc") if said[key] is not None}
    return said | {"intervals": {key: [value - 0.04, min(1.0, value + 0.03)] for key, value in about.items()}}


def evaluation(
    classes: Sequence[str] = ("blank", "leopard"),
    *,
    cameras: Sequence[str] = ("Ridge 1", "Saddle №2"),
    sequences: int = 60,
    file: str = "IMG_{}.jpg",
    seed: int = 0,
    **said: Any,
) -> Evaluation:
    """An evaluation of drawn scores; sequences of one to five images, classes ever rarer."""
    draw = np.random.default_rng(seed)
    share = 0.6 ** np.arange(len(classes))
    truth = draw.choice(len(classes), sequences, p=share / share.sum())
    sizes = draw.integers(1, 6, sequences)
    of = np.repeat(np.arange(sequences), sizes)
    at = draw.integers(0, len(cameras), sequences)
    examples = tuple(
        Example(
            path=Path("/somewhere") / file.format(number),
            camera=cameras[at[sequence]],
            captured_at=datetime(2016, 1, 10) + timedelta(hours=int(sequence), seconds=number),
            species=classes[truth[sequence]],
            sequence=str(sequence),
        )
        for number, sequence in enumerate(of)
    )
    kept = dict.fromkeys(classes, 0.6)
    rungs = {}
    for name, power in RUNGS.items():
        sums = draw.normal(0, 1, (sequences, len(classes))) + power * np.eye(len(classes))[truth]
        each = sums[of] + (0 if name.endswith("E") else draw.normal(0, 0.7, (len(of), len(classes))))
        by_image, by_sequence = softmax(1.6 * each), softmax(1.6 * sums)
        of_images, of_sequences = (
            figures(by_image, truth[of], classes, kept),
            figures(by_sequence, truth, classes, kept),
        )
        rungs[name] = Rung(name, 0.01, by_image, by_sequence, of_images, of_sequences)
    part = {"images": len(of), "sequences": sequences, "cameras": list(cameras)}
    given = {
        "split": {"by": "camera", "train": part | {"cameras": ["Überhang"]}, "test": part},
        "classes": tuple(classes),
        "aim": "recall=0.95",
        "backbone": "resnet50-12345678",
        "crop": (0.035, 0.05),
        "examples": examples,
        "digests": tuple(f"{number:064x}" for number in range(len(of))),
        "truth": truth[of],
        "sequences": of,
        "sequence_truth": truth,
        "rungs": rungs,
        "thresholds": kept,
        "averaging": {"used": "probabilities", "temperature": 1.3, "said": "Averaged probabilities were as good."},
        "few": {classes[-1]: 3},
        "notes": ("2 images could not be decoded",),
    }
    return Evaluation(**given | said)


def softmax(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    raised = np.exp(sums - sums.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)
