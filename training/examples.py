"""What people know of their images, in whichever form they have it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from shared.errors import BadTable, UnciaError
from training import camtrap_dp, coco, folders, manifest
from training.manifest import Example


@dataclass(frozen=True, slots=True)
class Found:
    """Labelled images whose files are there, and how many more were named."""

    examples: tuple[Example, ...]
    n_missing: int = 0


def read(source: Path, images: Path | None = None) -> Found:
    """The images of a CSV manifest, a COCO Camera Traps file, a Camtrap DP folder or a folder for each species.

    Paths are below `images`; a folder is its own unless told otherwise. Raises UnciaError, with the row if it has one.
    """
    if not source.exists():
        raise UnciaError(f"there is no file or folder {source}")
    if not source.is_dir():
        if images is None:
            raise UnciaError(f"say with --images which folder the paths in {source.name} are below")
        if source.suffix.lower() != ".json":
            return Found(tuple(manifest.read(source, images)))
        return _there(coco.read(source, images), source)
    if camtrap_dp.is_package(source):
        return _there(camtrap_dp.read(source, images or source), source)
    return _there(folders.read(source), source)


def _there(examples: list[Example], source: Path) -> Found:
    if not examples:
        raise BadTable(f"{source} says of no image what it shows")
    found = tuple(example for example in examples if example.path.is_file())
    if not found:
        raise BadTable(f"none of the images that {source} names is there; the first would be {examples[0].path}")
    return Found(found, len(examples) - len(found))
