"""Folders of images, and what a folder for each species says."""

from __future__ import annotations

from pathlib import Path

from shared.camera import UNNAMED
from shared.suffix import SUFFIXES
from training.found import Named
from training.manifest import Example

# macOS leaves a ._ file beside every file that it copies to a card: resource forks, not pictures.
_MAC = "._"


def images(folder: Path) -> list[Path]:
    """Every image below a folder, in order; raises OSError where one cannot be read: none is left out unsaid."""

    def stop(error: OSError) -> None:
        raise error

    files = sorted(parent / name for parent, _, names in folder.walk(on_error=stop) for name in names)
    return [file for file in files if file.suffix.lower() in SUFFIXES and not file.name.startswith(_MAC)]


def read(folder: Path) -> list[Named]:
    """The images of a folder for each species, as CAMERA/SPECIES/image or SPECIES/image; times are the images' own.

    Of images that lie directly in the folder no species is said. What lies in hidden folders, as programs leave them
    beside pictures, is not looked at; links to folders are not followed.
    """
    files = [(file, file.relative_to(folder).parts) for file in images(folder)]
    return [_named(file, parts) for file, parts in files if not any(part.startswith(".") for part in parts)]


def _named(file: Path, parts: tuple[str, ...]) -> Named:
    camera = parts[0] if len(parts) > 2 else UNNAMED
    return Example(file, camera, None, "", ""), {parts[-2]} if len(parts) > 1 else set()
