"""Folders of images, and what a folder for each species says."""

from __future__ import annotations

from pathlib import Path

from shared.camera import UNNAMED
from training.manifest import Example

# What cameras and their users' programs call pictures, also those that Uncia cannot decode: they become corrupt frames.
SUFFIXES = frozenset(
    ".jpg .jpeg .jpe .jfif .mpo .png .tif .tiff .webp .bmp .gif .heic .heif .avif".split()  # noqa: SIM905 - a list to read
)
# macOS leaves a ._ file beside every file that it copies to a card: resource forks, not pictures.
_MAC = "._"


def images(folder: Path) -> list[Path]:
    """Every image below a folder, in order; raises OSError where one cannot be read: none is left out unsaid."""

    def stop(error: OSError) -> None:
        raise error

    files = sorted(parent / name for parent, _, names in folder.walk(on_error=stop) for name in names)
    return [file for file in files if file.suffix.lower() in SUFFIXES and not file.name.startswith(_MAC)]


def read(folder: Path) -> list[Example]:
    """The images of a folder for each species, as CAMERA/SPECIES/image or SPECIES/image; times are the images' own.

    Images that lie directly in the folder are of no species, and left out.
    """
    return [_example(file, file.relative_to(folder).parts) for file in images(folder) if file.parent != folder]


def _example(file: Path, parts: tuple[str, ...]) -> Example:
    return Example(file, parts[0] if len(parts) > 2 else UNNAMED, None, parts[-2], "")
