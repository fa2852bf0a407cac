"""COCO Camera Traps (github.com/agentmorris/MegaDetector, data formats): JSON of images and their annotations."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from reprlib import repr as short
from typing import Any

from shared import captured
from shared.camera import camera_of
from shared.errors import BadTable
from shared.export.coco import MACHINE, METHOD
from training.below import below
from training.found import Named
from training.manifest import Example

# The format's own name of a picture with nothing in it.
_EMPTY = "empty"

type Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Annotation:
    """What is said of an image: the species, and the entry that says so, with the words for where it stands."""

    species: str
    entry: Entry
    place: str


def read(path: Path, images: Path) -> list[Named]:
    """The images, whether their files are there or not, each with the species that are said of it.

    Raises BadTable that names the entry at fault, also where a file name leads out of the folder.
    """
    said = _document(path)
    shown = {image: {one.species for one in own} for image, own in _annotations(path, said).items()}
    return list(_named(path, said, shown, images))


def annotated(path: Path) -> Iterator[tuple[Entry, list[Annotation]]]:
    """Each image's entry, and what people annotated it with; raises BadTable."""
    said = _document(path)
    found = _annotations(path, said)
    for place, one in _entries(path, said, "images"):
        yield one, found.get(_id(place, one, "id"), [])


def _annotations(path: Path, said: Entry) -> dict[str, list[Annotation]]:
    """By image; not what a machine said, where a file tells of that."""
    names: dict[str, str] = {}
    for place, one in _entries(path, said, "categories"):
        if names.setdefault(_id(place, one, "id"), _species(place, one)) != _species(place, one):
            raise BadTable(f"{place}: another category has the same id")
    found: dict[str, list[Annotation]] = {}
    for place, one in _entries(path, said, "annotations"):
        category = _id(place, one, "category_id")
        if category not in names:
            raise BadTable(f"{place}: its category {short(category)} is not listed")
        if one.get(METHOD) != MACHINE:
            found.setdefault(_id(place, one, "image_id"), []).append(Annotation(names[category], one, place))
    return found


def _named(path: Path, said: Entry, shown: Mapping[str, set[str]], images: Path) -> Iterator[Named]:
    """Each image and what is said of it; no id and no file comes twice."""
    seen: dict[str | Path, str] = {}
    for place, one in _entries(path, said, "images"):
        example, own = _example(place, one, images), _id(place, one, "id")
        for known, what in ((own, "id"), (example.path, "file")):
            if known in seen:
                raise BadTable(f"{place}: it has the same {what} as {seen[known]}")
            seen[known] = place
        yield example, shown.get(own, set())


def _document(path: Path) -> Entry:
    try:
        said = json.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise BadTable(f"{path} cannot be read: {(error.strerror or 'error').lower()}") from error
    except (ValueError, RecursionError) as error:
        raise BadTable(f"{path} is no COCO Camera Traps file: it is not JSON in UTF-8 ({error})") from error
    for key in ("images", "annotations", "categories"):
        if not isinstance(said, dict) or not isinstance(said.get(key), list):
            raise BadTable(f"{path} is no COCO Camera Traps file: it has no list of {key}")
    return dict(said)


def _entries(path: Path, said: Entry, key: str) -> Iterator[tuple[str, Entry]]:
    """Each entry of a list, and the words that say where it stands."""
    noun = {"images": "image", "annotations": "annotation", "categories": "category"}[key]
    for number, one in enumerate(said[key], 1):
        place = f"{path}, {noun} {number}"
        if not isinstance(one, dict):
            raise BadTable(f"{place}: it is {short(one)}, not an object")
        yield (f"{place} (id {short(one['id'])})" if "id" in one else place), one


def _id(place: str, said: Entry, key: str) -> str:
    """A number or a text, the same whether a program wrote 7, 7.0 or "7"."""
    value = said.get(key)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | str) or value == "":
        raise BadTable(f"{place}: its {key} is {short(value)}, not a number or a text")
    return str(value)


def _text(place: str, said: Entry, key: str) -> str:
    """A number or a text, or nothing."""
    return "" if said.get(key) in (None, "") else _id(place, said, key)


def _species(place: str, said: Entry) -> str:
    name = _id(place, said, "name").strip()
    return "blank" if name.casefold() == _EMPTY else name


def _example(place: str, said: Entry, images: Path) -> Example:
    name = _text(place, said, "file_name")
    file = below(images, name)
    if file is None:
        raise BadTable(f"{place}: {short(name)} is no file below the folder {images}")
    camera, sequence = _text(place, said, "location"), _text(place, said, "seq_id")
    camera = camera or camera_of(name.replace("\\", "/"), {})
    at = _moment(place, _text(place, said, "datetime"))
    return Example(file, camera, at, "", f"{camera}~{sequence}" if sequence else "")


def _moment(place: str, text: str) -> datetime | None:
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        found = captured.read(text)
        if found is None:
            raise BadTable(f"{place}: datetime is {short(text)}, not as 2026-01-31 17:05:00") from None
        at = found
    return at.replace(tzinfo=None)
