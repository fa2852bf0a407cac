"""What people know of their images: manifests, and the classes a head is to tell apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from shared import spreadsheet
from shared.camera import camera_of
from shared.errors import BadTable, UnciaError
from shared.sequence import Limits, group

REST = "*"
TRAIN, TEST = "train", "test"
# What people call a picture with nothing in it: Camtrap DP says blank, COCO Camera Traps empty.
BLANK = ("blank", "empty")


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
        return self.species.casefold() in BLANK


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


def read(path: Path, images: Path) -> list[Example]:
    """The examples of a manifest below `images`: `path, species`, and if known `camera, captured_at, sequence, split`.

    Sequences that the manifest does not name stay empty: times may have to come from the images first. Raises BadTable
    with the row's number.
    """
    table = spreadsheet.read(path)
    for column in ("path", "species"):
        table.column(column)
    examples = [_example(table, row, images) for row in range(len(table.rows))]
    if not examples:
        raise BadTable(f"{path} has no rows below its header")
    missing = [example.path for example in examples if not example.path.is_file()]
    if missing:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise BadTable(f"{path} names images that are not there: {missing[0]}{more}")
    return examples


def in_sequences(examples: Iterable[Example]) -> list[Example]:
    """The same examples; those without a sequence get the one that their camera and time put them in."""
    examples = list(examples)
    cameras: dict[str, list[Example]] = {}
    for example in examples:
        if not example.sequence:
            cameras.setdefault(example.camera, []).append(example)
    found = {
        example.path: f"{camera}~~{number}"
        for camera, own in cameras.items()
        for number, members in enumerate(_grouped(own))
        for example in members
    }
    return [example if example.sequence else replace(example, sequence=found[example.path]) for example in examples]


def _grouped(examples: Sequence[Example]) -> list[list[Example]]:
    return group(examples, Limits(), at=lambda example: example.captured_at, tie=lambda example: str(example.path))


def _example(table: spreadsheet.Table, row: int, images: Path) -> Example:
    said = {name: value.strip() for name, value in table.rows[row].items()}
    for column in ("path", "camera", "species"):
        if not said.get(column, "none"):
            raise table.complain(row, f"{column} is empty")
    if said.get("split", "") not in ("", TRAIN, TEST):
        raise table.complain(row, f"split is {said['split']!r}: it is {TRAIN}, {TEST} or empty")
    at = spreadsheet.moment(table, row, "captured_at") if "captured_at" in said else None
    camera = said.get("camera") or camera_of(said["path"], {})
    return Example(
        path=images / said["path"],
        camera=camera,
        captured_at=at.replace(tzinfo=None) if at else None,
        species=said["species"],
        sequence=f"{camera}~{said['sequence']}" if said.get("sequence") else "",
        split=said.get("split", ""),
    )
