"""COCO Camera Traps (lila.science/coco-camera-traps): for training, and for sharing labelled images on LILA.

What people said of a sequence comes in the place of what the machine said; frames of it that nobody looked at have no
annotation then. Who said it stands in fields of our own, which the format allows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from shared.export.form import Form, Rows
from shared.export.survey import Photo, Placed, Survey
from shared.export.tally import Tally, text
from shared.frame import Status
from shared.label import CORRUPT
from shared.verdict import is_blank

_IMAGES, _ANNOTATIONS = "images", "annotations"
_EMPTY = "empty"
# Fields of our own.
METHOD, BY, AT = "classification_method", "classified_by", "classification_timestamp"
HUMAN, MACHINE = "human", "machine"


def _before(survey: Survey) -> Mapping[str, str]:
    info = {
        "version": "1",
        "description": survey.project.title,
        "contributor": ", ".join(one["title"] for one in survey.project.contributors),
        "year": survey.created.year,
        "date_created": f"{survey.created:%Y-%m-%d %H:%M:%S}",
    }
    return {_IMAGES: f'{{"info": {text(info)},\n"images": [\n', _ANNOTATIONS: '\n],\n"annotations": [\n'}


def _rows(placed: Placed, survey: Survey, tally: Tally) -> Rows:
    images, annotations = [], []
    for number, photo in enumerate(placed.photos):
        image = image_id(placed.label.camera, photo.shot.row_key)
        images.append(text({"id": image} | _image(placed, number, photo)))
        annotations += [
            text({"id": f"{image}~1", "image_id": image} | said) for said in _said(placed, photo, survey, tally)
        ]
    return {_IMAGES: images, _ANNOTATIONS: annotations}


def image_id(camera: str, row_key: str) -> str:
    """What a frame is called among those of all cameras."""
    return f"{camera}~{row_key}"


def _image(placed: Placed, number: int, photo: Photo) -> dict[str, Any]:
    label = placed.label
    place = photo.deployment.place if photo.deployment else ""
    told = {
        "file_name": photo.shot.path,
        "seq_id": image_id(label.camera, label.sequence_id),
        "seq_num_frames": label.n_frames,
        "frame_num": number,
        "location": place or label.camera,
        "corrupt": photo.shot.status is Status.CORRUPT,
    }
    return told | ({"datetime": f"{photo.at:%Y-%m-%d %H:%M:%S}"} if photo.at else {})


def _said(placed: Placed, photo: Photo, survey: Survey, tally: Tally) -> Iterator[dict[str, Any]]:
    label, verdict = placed.label, photo.shot.verdict
    if label.judgement and not survey.machine:
        if verdict:
            yield {
                "category_id": _category(verdict.said, tally),
                "sequence_level_annotation": verdict.of_sequence,
                METHOD: HUMAN,
                BY: verdict.by,
                AT: verdict.at.isoformat(),
            }
    elif label.label != CORRUPT:
        yield {
            "category_id": _category(label.label, tally),
            "sequence_level_annotation": True,
            METHOD: MACHINE,
            BY: f"Uncia, head {label.head or 'none'}",
        }


def _category(word: str, tally: Tally) -> int:
    return 0 if is_blank(word) else tally.numbers[word]


def _after(survey: Survey, tally: Tally) -> Mapping[str, str]:
    named = [{"id": number, "name": name} for name, number in tally.numbers.items() if not is_blank(name)]
    return {_ANNOTATIONS: f'\n],\n"categories": {text([{"id": 0, "name": _EMPTY}, *named])}}}\n'}


FORM = Form(
    name="coco",
    files={"coco.json": (_IMAGES, _ANNOTATIONS)},
    before=_before,
    rows=_rows,
    after=_after,
    between=",\n",
)
