"""Which file below a folder a table means by a name."""

from __future__ import annotations

import errno
import os
from pathlib import Path


def below(images: Path, said: str) -> Path | None:
    """The file that a table means, whether it is there or not; None where the name leads out of the folder.

    A backslash parts folders, as Windows writes them, unless a file is called so. Links below the folder are followed.
    """
    home = Path(os.path.normpath(images))
    for name in (said, said.replace("\\", "/")):
        file = Path(os.path.normpath(home / name))
        inside = file.absolute() != home.absolute() and file.absolute().is_relative_to(home.absolute())
        if inside and is_there(file):
            return file
    return file if inside else None


def is_there(file: Path) -> bool:
    """Whether a file is there; none is whose name no disk could hold."""
    try:
        return file.is_file()
    except OSError as error:
        if error.errno != errno.ENAMETOOLONG:
            raise
        return False
