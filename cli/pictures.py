"""Folders of images, and the times that a CSV file gives them."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from shared import spreadsheet
from shared.errors import BadTable, UnciaError
from training import folders

# Blob names have at most 1,024 characters (Naming and referencing containers, blobs, and metadata).
LONGEST_NAME = 1_024


@dataclass(frozen=True, slots=True)
class LocalImage:
    """An image file and what it will be called in storage."""

    file: Path
    name: str  #: blob name: the path below the folder, with slashes
    metadata: Mapping[str, str]

    def sha256(self) -> str:
        """The digest that names its frame."""
        with self.file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()


def below(folder: Path, times: Path | None = None, camera: str = "") -> list[LocalImage]:
    """The images below a folder in order of name; `camera` goes in front as their first folder.

    Raises UnciaError where there is no folder or no image in it, or a time is for no image.
    """
    if not folder.is_dir():
        raise UnciaError(f"{folder} is not a folder" if folder.exists() else f"there is no folder {folder}")
    files = folders.images(folder)
    if not files:
        raise UnciaError(f"no images below {folder}: none of its files ends in .jpg, .png or another image's suffix")
    known = metadata(times) if times else {}
    images = [LocalImage(file, _name(file, folder, camera), known.pop(_path(file, folder), {})) for file in files]
    if known:
        raise BadTable(f"{times} names images that are not below {folder}: {_first(known)}")
    _check_names([image.name for image in images])
    return images


def metadata(times: Path) -> dict[str, dict[str, str]]:
    """Blob metadata by path, from a CSV file with path, captured_at and perhaps camera; raises BadTable."""
    table = spreadsheet.read(times)
    path = table.column("path")
    table.column("captured_at")
    found: dict[str, dict[str, str]] = {}
    for number, row in enumerate(table.rows):
        at = spreadsheet.moment(table, number, "captured_at")
        said = {"captured_at": at.isoformat() if at else "", "camera": row.get("camera", "").strip()}
        # HTTP headers, which metadata travels in, carry ASCII only.
        found[row[path].strip()] = {name: quote(value, safe=" :+") for name, value in said.items() if value}
    return found


def _check_names(names: Sequence[str]) -> None:
    if long := [name for name in names if len(name) > LONGEST_NAME]:
        raise UnciaError(f"storage takes names of at most {LONGEST_NAME} characters, this one is longer: {long[0]}")
    if twice := [name for name, times in Counter(names).items() if times > 1]:
        raise UnciaError(f"two files would have the same name in storage, rename one of them: {twice[0]}")


def _name(file: Path, folder: Path, camera: str) -> str:
    return f"{_readable(camera)}/{_path(file, folder)}" if camera else _path(file, folder)


def _path(file: Path, folder: Path) -> str:
    # Storage takes a backslash in a blob's name for a slash.
    return _readable(file.relative_to(folder).as_posix()).replace("\\", "/")


def _readable(name: str) -> str:
    """A name as Unicode: bytes on old cards that are no UTF-8 become =E9 and the like."""
    return "".join(f"={ord(sign) - 0xDC00:02X}" if "\udc80" <= sign <= "\udcff" else sign for sign in name)


def _first(names: Iterable[str]) -> str:
    names = sorted(names)
    return names[0] + (f" and {len(names) - 1} more" if len(names) > 1 else "")
