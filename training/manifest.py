"""What people know of their images: manifests, and the classes a head is to tell apart."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from shared import spreadsheet
from shared.camera import camera_of
from shared.errors import BadTable, UnciaError
from shared.export import cells
from shared.sequence import Limits, group
from shared.verdict import is_blank
from training.below import below, is_there

REST = "*"
TRAIN, TEST = "train", "test"


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled image; `sequence` is unique among all cameras, or empty until it is known."""

    path: Path
    camera: str
    captured_at: datetime | None
    species: str
    sequence: str
    split: str = ""  #: TRAIN or TEST, where people chose

    @property
    def blank(self) -> bool:
        """Whether there is nothing to see."""
        return is_blank(self.species)


@dataclass(frozen=True, slots=True)
class Classes:
    """Which species make up which class; without rules each species is a class of its own."""

    rules: tuple[tuple[str, frozenset[str]], ...] = ()

    @classmethod
    def parse(cls, text: str) -> Classes:
        """The rules in `cat=bobcat|mountain_lion,other=*`; raises UnciaError."""
        rules: list[tuple[str, frozenset[str]]] = []
        for rule in text.split(","):
            name, equals, species = (part.strip() for part in rule.partition("="))
            if not (name and equals and species):
                raise UnciaError(f"--classes: {rule!r} is not of the form name=species|species or name=*")
            rules.append((name, frozenset(part.strip() for part in species.split("|"))))
        return cls(tuple(rules))

    def of(self, species: str) -> str | None:
        """The class of a species: the rule that names it, else the rule with *; None where it is in none."""
        if not self.rules:
            return species
        named = (name for name, members in self.rules if species in members)
        rest = (name for name, members in self.rules if REST in members)
        return next(named, next(rest, None))


def read(path: Path, images: Path, there: Callable[[Path], bool] = is_there) -> list[Example]:
    """The examples of a manifest below `images`: `path, species`, and if known `camera, captured_at, sequence, split`.

    Sequences that the manifest does not name stay empty: times may have to come from the images first. Raises BadTable
    with the row's number, also where two rows say different things of one image; the same said twice counts once; and
    where an image is not `there`.
    """
    table = spreadsheet.read(path)
    for column in ("path", "species"):
        table.column(column)
    if not table.rows:
        raise BadTable(f"{path} has no rows below its header")
    found: dict[Path, tuple[int, Example]] = {}
    for row in range(len(table.rows)):
        example = _example(table, row, images)
        first, same = found.setdefault(example.path, (row, example))
        if same != example:
            raise table.complain(row, f"row {table.numbers[first]} says something else of the same image")
    missing = [(row, example.path) for row, example in found.values() if not there(example.path)]
    if missing:
        more = f", and {len(missing) - 1} more are not there" if len(missing) > 1 else ""
        raise table.complain(missing[0][0], f"there is no image {missing[0][1]}{more}")
    return [example for _, example in found.values()]


def in_sequences(examples: Iterable[Example]) -> list[Example]:
    """The same examples; those without a sequence get the one that their camera and time put them in."""
    examples = list(examples)
    cameras: dict[str, list[int]] = {}
    for place, example in enumerate(examples):
        if not example.sequence:
            cameras.setdefault(example.camera, []).append(place)
    for camera, own in cameras.items():
        for number, members in enumerate(_grouped(examples, own)):
            for place in members:
                examples[place] = replace(examples[place], sequence=f"{camera}~~{number}")
    return examples


def _grouped(examples: Sequence[Example], places: Sequence[int]) -> list[list[int]]:
    return group(
        places, Limits(), at=lambda place: examples[place].captured_at, tie=lambda place: str(examples[place].path)
    )


def _example(table: spreadsheet.Table, row: int, images: Path) -> Example:
    said = {name: cells.meant(value.strip()) for name, value in table.rows[row].items()}
    for column in ("path", "camera", "species"):
        if not said.get(column, "none"):
            raise table.complain(row, f"{column} is empty")
    if said.get("split", "") not in ("", TRAIN, TEST):
        raise table.complain(row, f"split is {said['split']!r}: it is {TRAIN}, {TEST} or empty")
    file = below(images, said["path"])
    if file is None:
        raise table.complain(row, f"path is {said['path']!r}, which is no file below the folder {images}")
    camera = said.get("camera") or camera_of(Path(os.path.relpath(file, images)).as_posix(), {})
    return Example(
        path=file,
        camera=camera,
        captured_at=_moment(table, row) if "captured_at" in said else None,
        species=said["species"],
        sequence=f"{camera}~{said['sequence']}" if said.get("sequence") else "",
        split=said.get("split", ""),
    )


def _moment(table: spreadsheet.Table, row: int) -> datetime | None:
    """What the camera's clock said; a date alone would make one sequence of a day."""
    at = spreadsheet.moment(table, row, "captured_at")
    if at and not re.search(r"\d[T ]+\d", text := table.rows[row]["captured_at"]):
        raise table.complain(row, f"captured_at is {text!r}: it needs the time of day, as in 2026-01-31T17:05:00")
    return at.replace(tzinfo=None) if at else None
