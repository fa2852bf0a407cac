"""An evaluation as one HTML page that needs nothing else: no network, no other file, and no script but its own."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared import __version__
from training import charts, curves, outcomes, wording
from training.evaluation import Evaluation, Rung
from training.gallery import MISTAKES, Previews, gallery
from training.outcomes import BLANK, Tally

HERE = Path(__file__).parent
COMMON = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
LEVELS = ("image", "sequence")


@dataclass(frozen=True, slots=True)
class ClassView:
    """One class on the page."""

    name: str
    threshold: float
    tally: Tally
    charts: dict[str, list[Any]]  #: by level: ROC, then precision–recall
    table: list[tuple[float, Tally]]  #: what would become of it, were this every class's threshold


def html(evaluation: Evaluation, previews: Previews, title: str) -> str:
    """The page; `previews` gives the JPEG bytes of test images by index, b"" for one that has none.

    The same evaluation and previews give the same page. Names come from strangers: the template escapes every one.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= wording.FILTERS
    style, script = ((HERE / name).read_text("utf-8") for name in ("report.css", "report.js"))
    page = environment.get_template("report.html").render(
        view(evaluation, previews),
        title=title,
        version=__version__,
        style=style,
        script=script,
        policy=f"default-src 'none'; img-src data:; style-src {_hash(style)}; script-src {_hash(script)};"
        " base-uri 'none'; form-action 'none'",
    )
    # File names that are no UTF-8 hold lone surrogates, which no page can.
    return page.encode("utf-8", "replace").decode("utf-8")


def view(evaluation: Evaluation, previews: Previews) -> dict[str, Any]:
    """Everything that the template shows."""
    last = [*evaluation.rungs.values()][-1]
    thresholds = np.array([evaluation.thresholds[name] for name in evaluation.classes], np.float64)
    labels = outcomes.labelled(last.by_sequence, thresholds)
    images, truth = outcomes.members(evaluation), evaluation.sequence_truth
    bins = curves.reliability(last.by_sequence, truth)
    wrong = outcomes.mistakes(last.by_sequence, labels, truth)
    given = int((labels != outcomes.NONE).sum())
    return {
        "evaluation": evaluation,
        "last": last,
        "better": _better(evaluation, last),
        "totals": {"sequences": len(labels), "given": given, "right": int((labels == truth).sum())},
        "ladders": [charts.ladder(evaluation.rungs, *key) for key in (("accuracy", "accuracy"), ("roc_auc", "AUC"))],
        "classes": [_class(evaluation, which, labels) for which in range(len(evaluation.classes))],
        "focus": focus(evaluation),
        "confusion": outcomes.confusion(labels, truth, len(evaluation.classes)).tolist(),
        "reliability": charts.reliability(bins),
        "bins": bins,
        "error": curves.calibration_error(bins),
        "places": outcomes.places(evaluation, labels, images),
        "n_wrong": len(wrong),
        "mistakes": gallery(evaluation, last.by_sequence, wrong[:MISTAKES], images, previews),
        "data": embedded(evaluation, last.by_sequence, thresholds),
    }


def focus(evaluation: Evaluation) -> int:
    """The class shown first: of two the rarer, of more the commonest, but never `blank`."""
    counts = np.bincount(evaluation.sequence_truth, minlength=len(evaluation.classes))
    order = np.argsort(counts if len(counts) == 2 else -counts, kind="stable")
    return next((int(which) for which in order if evaluation.classes[which] != BLANK), 0)


def embedded(evaluation: Evaluation, scores: NDArray[np.float64], thresholds: NDArray[np.float64]) -> dict[str, Any]:
    """What the sliders reckon with: a label depends on the likeliest class and its score alone.

    `images` lists (sequence, class, number of images), because a burst may hold frames of another class.
    """
    pairs = np.stack([evaluation.sequences, evaluation.truth], axis=1)
    kinds, counts = np.unique(pairs, axis=0, return_counts=True)
    return {
        "thresholds": thresholds.tolist(),
        "likeliest": scores.argmax(axis=1).tolist(),
        "score": scores.max(axis=1).tolist(),
        "truth": evaluation.sequence_truth.tolist(),
        "blank": outcomes.blanks(evaluation).astype(int).tolist(),
        "images": np.column_stack([kinds, counts]).tolist(),
    }


def _class(evaluation: Evaluation, which: int, labels: NDArray[np.intp]) -> ClassView:
    name, last = evaluation.classes[which], [*evaluation.rungs.values()][-1]
    truth, blank = evaluation.sequence_truth, outcomes.blanks(evaluation)
    common = [each for each in COMMON if each >= 1 / len(evaluation.classes)]
    same = [outcomes.labelled(last.by_sequence, np.full(len(evaluation.classes), each)) for each in common]
    return ClassView(
        name=name,
        threshold=evaluation.thresholds[name],
        tally=outcomes.tally(labels, truth, blank, which),
        charts={level: _curves(evaluation, which, level) for level in LEVELS},
        table=[(each, outcomes.tally(own, truth, blank, which)) for each, own in zip(common, same, strict=True)],
    )


def _curves(evaluation: Evaluation, which: int, level: str) -> list[Any]:
    truth = evaluation.truth if level == "image" else evaluation.sequence_truth
    scores = {rung.name: (rung.scores if level == "image" else rung.by_sequence) for rung in evaluation.rungs.values()}
    name = evaluation.classes[which]
    drawn = []
    for kind, points, says in (
        ("roc", curves.roc, f"ROC curves of {name}, by {level}"),
        ("pr", curves.precision_recall, f"Precision and recall of {name}, by {level}"),
    ):
        lines = [(rung, points(each[:, which], truth == which)) for rung, each in scores.items()]
        drawn.append(charts.curve(kind, lines, which, says))
    return drawn


def _better(evaluation: Evaluation, last: Rung) -> Rung | None:
    """The rung that named more sequences rightly than the last, if one did."""
    best = max(evaluation.rungs.values(), key=lambda rung: rung.sequence["accuracy"])
    return best if best.sequence["accuracy"] > last.sequence["accuracy"] else None


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
