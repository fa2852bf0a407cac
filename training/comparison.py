"""Which averaging is better on images that nothing was chosen by."""

from __future__ import annotations

from typing import Any

import numpy as np

from shared.averaging import Averaging
from training.arrays import Indices, Rows
from training.calibration import Calibration, difference, losses
from training.classifier import probabilities
from training.figures import auc_of
from training.sequences import averaged


def compared(
    calibration: Calibration, logits: Rows, sequences: Indices, shown: Indices, positive: int
) -> dict[str, Any]:
    """Log loss and ROC AUC of sequences by averaging, with and without temperature, and one sentence that says it.

    `logits` is N × classes; `shown` is each sequence's class. `difference` is the 95 % interval of logits' log loss
    less that of probabilities, by resampling sequences.
    """
    scores = {
        str(how): averaged(probabilities(logits / calibration.temperatures[how]), sequences, how) for how in Averaging
    } | {"uncalibrated": averaged(probabilities(logits), sequences, Averaging.PROBABILITIES)}
    each = {name: losses(own, shown) for name, own in scores.items()}
    interval = difference(each[Averaging.LOGITS] - each[Averaging.PROBABILITIES])
    return {
        "used": str(calibration.averaging),
        "temperature": calibration.temperature,
        "difference": {"log_loss": list(interval)},
        "said": _sentence(calibration, {name: float(np.mean(own)) for name, own in each.items()}, interval),
    } | {
        name: {"log_loss": float(np.mean(each[name])), "roc_auc": auc_of(own, shown, positive)}
        for name, own in scores.items()
    }  # fmt: skip


def _sentence(calibration: Calibration, means: dict[str, float], interval: tuple[float, float]) -> str:
    low, high = interval
    better = "logits" if high < 0 else "probabilities" if low > 0 else ""
    verdict = f"averaging {better} is better" if better else "neither averaging is better beyond chance"
    return (
        f"On the test part {verdict}: log loss of sequences {means['probabilities']:.3f} for probabilities and "
        f"{means['logits']:.3f} for logits, difference {low:+.3f} to {high:+.3f}; without temperature "
        f"{means['uncalibrated']:.3f}. Chosen on the training part: {calibration.averaging}, "
        f"temperature {calibration.temperature:g}."
    )
