"""COCO Camera Traps (github.com/agentmorris/MegaDetector, data formats): JSON of images and their annotations."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from shared import captured
from shared.camera import camera_of
from shared.errors import BadTable
from training.manifest import Example

# The format's own name of a picture with nothing in it.
_EMPTY = "empty"


def read(path: Path, images: Path) -> list[Example]:
    """The annotated images, whether their files are there or not; of several categories the first is taken.

    Raises BadTable that names the entry at fault, also where a file name leads out of the folder.
    """
    try:
        said = json.loads(path.read_text("utf-8-sig"))
        categories = {one["id"]: str(one["name"]) for one in said["categories"]}
        first: dict[Any, Any] = {}
        for one in said["annotations"]:
            first.setdefault(one["image_id"], one["category_id"])
        listed = said["images"]
    except OSError as error:
        raise BadTable(f"{path} cannot be read: {(error.strerror or 'error').lower()}") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadTable(f"{path} is no COCO Camera Traps file: it lacks or garbles {error}") from error
    found = []
    for number, one in enumerate(listed, 1):
        if isinstance(one, dict) and one.get("id") in first:
            entry, category = f"{path}, image {number}", first[one["id"]]
            if category not in categories:
                raise BadTable(f"{entry}: its category {category!r} is not listed")
            found.append(_example(entry, one, categories[category], images))
    return found


def _example(entry: str, said: Mapping[str, Any], species: str, images: Path) -> Example:
    name = str(said.get("file_name") or "")
    file = images / name
    if not name or not file.resolve().is_relative_to(images.resolve()):
        raise BadTable(f"{entry}: {name!r} is no file below the folder {images}")
    camera = str(said.get("location") or camera_of(name, {}))
    return Example(
        path=file,
        camera=camera,
        captured_at=_moment(entry, str(said.get("datetime") or "")),
        species="blank" if species == _EMPTY else species,
        sequence=f"{camera}~{said['seq_id']}" if said.get("seq_id") else "",
    )


def _moment(entry: str, text: str) -> datetime | None:
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        found = captured.read(text)
        if found is None:
            raise BadTable(f"{entry}: datetime is {text!r}, not as 2026-01-31 17:05:00") from None
        at = found
    return at.replace(tzinfo=None)
