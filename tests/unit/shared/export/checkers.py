"""Checkers of two formats, written from what is published of them, and from nothing of ours.

MegaDetector results 1.6: lila.science/megadetector-output-format. COCO Camera Traps: lila.science/coco-camera-traps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any


def megadetector(said: Any) -> list[str]:
    """Whatever is wrong with MegaDetector results."""
    if not isinstance(said, dict):
        return ["not an object"]
    return [*_head(said), *_images(said)]


def _head(said: dict[str, Any]) -> Iterator[str]:
    version = said.get("info", {}).get("format_version")
    if not (isinstance(version, str) and re.fullmatch(r"\d+\.\d+", version)):
        yield f"format_version is {version!r}"
    for key in said.keys() - {"info", "images", "detection_categories", "classification_categories"}:
        if key != "classification_category_descriptions":
            yield f"there is no key {key}"
    for key in ("detection_categories", "classification_categories"):
        for number, name in said.get(key, {} if key == "classification_categories" else {"": ""}).items():
            if not re.fullmatch(r"\d+", number) or not isinstance(name, str) or not name.strip():
                yield f"{key}: {number!r} is {name!r}"
    described = said.get("classification_category_descriptions")
    if described is not None and described.keys() != said.get("classification_categories", {}).keys():
        yield "descriptions are of other categories"


def _images(said: dict[str, Any]) -> Iterator[str]:
    if not isinstance(said.get("images"), list):
        yield "there is no list of images"
        return
    files = [one.get("file") for one in said["images"]]
    if len({*files}) < len(files):
        yield "a file comes twice"
    for one in said["images"]:
        if not isinstance(one.get("file"), str) or not one["file"] or "\\" in one["file"]:
            yield f"file is {one.get('file')!r}"
        failure, found = one.get("failure"), one.get("detections")
        if failure is not None and (not isinstance(failure, str) or not failure or found is not None):
            yield f"a failure is a text without detections: {one}"
        elif failure is None and not isinstance(found, list):
            yield f"no failure and no detections: {one}"
        for detection in found or []:
            yield from _detection(said, detection)


def _detection(said: dict[str, Any], one: dict[str, Any]) -> Iterator[str]:
    if one.get("category") not in said.get("detection_categories", {}):
        yield f"category {one.get('category')!r}"
    if not isinstance(one.get("conf"), float) or not 0 <= one["conf"] <= 1:
        yield f"conf {one.get('conf')!r}"
    box = one.get("bbox")
    if (
        not isinstance(box, list)
        or len(box) != 4
        or not all(isinstance(edge, float) and 0 <= edge <= 1 for edge in box)
    ):
        yield f"bbox {box!r}"
    elif box[0] + box[2] > 1 or box[1] + box[3] > 1:
        yield f"bbox {box!r} leads out of the image"
    classes = one.get("classifications", [])
    if any(number not in said.get("classification_categories", {}) for number, _ in classes):
        yield f"classifications {classes!r} of no category"
    scores = [score for _, score in classes]
    if scores != sorted(scores, reverse=True) or not all(0 <= score <= 1 for score in scores):
        yield f"classifications {classes!r} do not descend"


def coco(said: Any) -> list[str]:
    """Whatever is wrong with a COCO Camera Traps file."""
    if not isinstance(said, dict) or not all(isinstance(said.get(key), list) for key in _LISTS):
        return ["not an object with three lists"]
    return [*_info(said), *_unique(said), *_frames(said), *_categories(said), *_annotations(said)]


_LISTS = ("images", "categories", "annotations")


def _info(said: dict[str, Any]) -> Iterator[str]:
    info = said.get("info", {})
    if not isinstance(info.get("version"), str) or not isinstance(info.get("description"), str):
        yield f"info is {info!r}"
    if not isinstance(info.get("year", 0), int):
        yield f"year is {info['year']!r}"


def _unique(said: dict[str, Any]) -> Iterator[str]:
    for key in _LISTS:
        ids = [one.get("id") for one in said[key]]
        if len({*map(str, ids)}) < len(ids) or None in ids:
            yield f"ids of {key} are missing, or come twice"
    names = [one.get("file_name") for one in said["images"]]
    if len({*names}) < len(names):
        yield "a file comes twice"


def _frames(said: dict[str, Any]) -> Iterator[str]:
    kinds = {
        "id": str, "file_name": str, "width": int, "height": int, "rights_holder": str, "datetime": str, "seq_id": str,
        "seq_num_frames": int, "frame_num": int, "location": str, "corrupt": bool,
    }  # fmt: skip
    sequences: dict[str, list[dict[str, Any]]] = {}
    for one in said["images"]:
        yield from (
            f"{key} is {one[key]!r}" for key, kind in kinds.items() if key in one and type(one[key]) is not kind
        )
        if not one.get("file_name") or not re.fullmatch(r"[^\\]+", str(one["file_name"]), re.DOTALL):
            yield f"file_name is {one.get('file_name')!r}"
        if "datetime" in one and not _is_time(str(one["datetime"])):
            yield f"datetime is {one['datetime']!r}"
        sequences.setdefault(str(one.get("seq_id")), []).append(one)
    for name, own in sequences.items():
        if sorted(one.get("frame_num", -1) for one in own) != [*range(len(own))]:
            yield f"frames of {name} are not numbered from 0"
        if any(one.get("seq_num_frames") != len(own) for one in own):
            yield f"{name} has {len(own)} frames"


def _is_time(text: str) -> bool:
    try:
        return f"{datetime.strptime(text, '%Y-%m-%d %H:%M:%S')}" == text
    except ValueError:
        return False


def _categories(said: dict[str, Any]) -> Iterator[str]:
    for one in said["categories"]:
        number, name = one.get("id"), one.get("name")
        if type(number) is not int or number < 0 or not isinstance(name, str) or not name:
            yield f"category {one!r}"
        elif (number == 0) != (name == "empty") or name.casefold() in ("blank", "nothing", "false trigger", "misfire"):
            yield f"category {one!r}: 0 is empty"


def _annotations(said: dict[str, Any]) -> Iterator[str]:
    images, numbers = {one.get("id") for one in said["images"]}, {one.get("id") for one in said["categories"]}
    for one in said["annotations"]:
        if not isinstance(one.get("id"), str) or one.get("image_id") not in images:
            yield f"annotation {one!r} of no image"
        if type(one.get("category_id")) is not int or one["category_id"] not in numbers:
            yield f"annotation {one!r} of no category"
        if not isinstance(one.get("sequence_level_annotation", False), bool):
            yield f"annotation {one!r} does not say whether it is of a sequence"
