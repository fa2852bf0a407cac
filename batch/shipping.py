"""What executors run: this very code, as one file that Spark takes to each of them."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

_ROOT = Path(__file__).parents[1]
PACKAGES = ("shared", "batch")


def packed(folder: Path) -> Path:
    """A zip file of the packages that executors import, below a folder, named by what is in it.

    By name: what an executor has loaded once stays loaded, and another version must not be taken for it.
    """
    code = {file.relative_to(_ROOT).as_posix(): file.read_bytes() for name in PACKAGES for file in _modules(name)}
    digest = hashlib.sha256(repr(sorted(code.items())).encode()).hexdigest()[:12]
    out = folder / f"uncia-{digest}.zip"
    if out.exists():  # an executor may be reading it
        return out
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in sorted(code.items()):
            file.writestr(zipfile.ZipInfo(name), content)  # of 1980, so that the same code is the same bytes
    return out


def named(file: Path, folder: Path) -> Path:
    """A copy of a file below a folder, named by its content: executors never take one backbone for another."""
    content = file.read_bytes()
    out = folder / f"{hashlib.sha256(content).hexdigest()[:16]}{file.suffix}"
    if not out.exists():
        out.write_bytes(content)
    return out


def _modules(package: str) -> list[Path]:
    return sorted((_ROOT / package).rglob("*.py"))
