"""MegaDetector results 1.6 (lila.science/megadetector-output-format): what Timelapse and AddaxAI read.

The format is for what machines said. It has no sequences: each frame has its sequence's answer. It has no answers for a
whole image either: they stand in one box around all of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.export.form import Form, Rows
from shared.export.names import BLANK, HUMAN, VEHICLE
from shared.export.survey import Placed, Survey
from shared.export.tally import Tally, text
from shared.frame import Status
from shared.label import Label

VERSION = "1.6"
_IMAGES = "images"
_CATEGORIES = {"1": "animal", "2": "person", "3": "vehicle"}
_CATEGORY = {HUMAN: "2", VEHICLE: "3"}
_WHOLE = (0.0, 0.0, 1.0, 1.0)
_TIME = "%Y-%m-%d %H:%M:%S"
# Of averaged probabilities: from where programs show what was found, and from where if all is to be seen.
_THRESHOLDS = {"typical_detection_threshold": 0.5, "conservative_detection_threshold": 0.1}


def _before(survey: Survey) -> Mapping[str, str]:
    return {_IMAGES: f'{{"detection_categories": {text(_CATEGORIES)},\n"images": [\n'}


def _rows(placed: Placed, survey: Survey, tally: Tally) -> Rows:
    found = _detections(placed.label, survey, tally)
    return {_IMAGES: [text({"file": photo.shot.path} | _said(photo.shot.status, found)) for photo in placed.photos]}


def _said(status: Status, found: list[dict[str, Any]] | None) -> dict[str, Any]:
    if status is Status.CORRUPT:
        return {"failure": "the image cannot be decoded", "detections": None}
    if found is None:
        return {"failure": "no head has scored the image yet", "detections": None}
    return {"detections": found}


def _detections(label: Label, survey: Survey, tally: Tally) -> list[dict[str, Any]] | None:
    """One box around everything, none for a blank; None where nothing was scored."""
    if not label.scores:
        return None
    names = survey.project.names
    things = {name: score for name, score in label.scores.items() if names.of(name).kind != BLANK}
    if names.of(label.label).kind == BLANK or not things:
        return []
    word = max(things, key=lambda name: things[name])
    ordered = sorted(label.scores.items(), key=lambda one: (-one[1], one[0]))
    return [{
        "category": _CATEGORY.get(names.of(word).kind, "1"),
        "conf": round(float(things[word]), 6),
        "bbox": _WHOLE,
        "classifications": [[str(tally.numbers[name]), round(float(score), 6)] for name, score in ordered],
    }]  # fmt: skip


def _after(survey: Survey, tally: Tally) -> Mapping[str, str]:
    made = survey.created.strftime(_TIME)
    info = {
        "format_version": VERSION,
        "detector": "none: one box around each whole image",
        "detection_completion_time": made,
        "classifier": "Uncia, head " + (", ".join(sorted(tally.heads)) or "none"),
        "classification_completion_time": made,
        "detector_metadata": _THRESHOLDS,
        "classifier_metadata": {"typical_classification_threshold": 0.5},
    }
    classes = {str(number): name for name, number in tally.numbers.items()}
    known = {number: _described(name, survey) for number, name in classes.items()}
    return {
        _IMAGES: f'\n],\n"classification_categories": {text(classes)},\n'
        f'"classification_category_descriptions": {text(known)},\n"info": {text(info)}}}\n'
    }


def _described(name: str, survey: Survey) -> str:
    meaning = survey.project.names.of(name)
    return meaning.scientific_name or meaning.kind


FORM = Form(
    name="megadetector",
    files={"megadetector.json": (_IMAGES,)},
    before=_before,
    rows=_rows,
    after=_after,
    between=",\n",
    named=True,
)
