"""What people know of their images, in whichever form they have it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from shared.errors import BadTable, UnciaError
from training import camtrap_dp, coco, folders, manifest
from training.below import is_there
from training.found import Found, sift
from training.manifest import Classes, Example


def read(source: Path, images: Path | None = None, rules: Classes | None = None) -> Found:
    """The images of a CSV manifest, a COCO Camera Traps file, a Camtrap DP folder or a folder for each species.

    Paths are below `images`; a folder is its own unless told otherwise. An image of several species is an example only
    where the rules put them in one class. Raises UnciaError, with the row if it has one.
    """
    if not source.exists():
        raise UnciaError(f"there is no file or folder {source}")
    if source.is_dir():
        named = camtrap_dp.read(source, images or source) if camtrap_dp.is_package(source) else folders.read(source)
        return _there(sift(named, rules or Classes()), source)
    if images is None:
        raise UnciaError(f"say with --images which folder the paths in {source.name} are below")
    if source.suffix.lower() == ".json":
        return _there(sift(coco.read(source, images), rules or Classes()), source)
    return Found(tuple(manifest.read(source, images)))


def _there(found: Found, source: Path) -> Found:
    if not found.examples:
        raise BadTable(f"{source} says of no image which one species it shows")
    there = tuple(example for example in found.examples if is_there(example.path))
    if not there:
        raise BadTable(f"none of the images that {source} names is there; the first would be {found.examples[0].path}")
    return replace(found, examples=there, n_missing=len(found.examples) - len(there))


def once(examples: Iterable[Example]) -> list[Example]:
    """Each image once, from whatever manifests name it; raises UnciaError where they do not say the same of it."""
    found: dict[Path, Example] = {}
    for example in map(_legible, examples):
        same = found.setdefault(example.path.resolve(), example)
        if (same.species, same.camera) != (example.species, example.camera):
            said = " and ".join(f"{one.species} at {one.camera}" for one in (same, example))
            raise UnciaError(f"the manifests say different things of {example.path}: {said}")
    return list(found.values())


def _legible(example: Example) -> Example:
    """The same in words that can be written: names of folders need not be text."""
    camera, species, sequence = (
        said.encode("utf-8", "replace").decode() for said in (example.camera, example.species, example.sequence)
    )
    return replace(example, camera=camera, species=species, sequence=sequence)
