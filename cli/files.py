"""Files that a command writes: whole, or not at all."""

from __future__ import annotations

from pathlib import Path

from shared.errors import UnciaError


def check(out: Path) -> None:
    """Raises UnciaError where a file cannot be written: before the work, not after it."""
    draft = _draft(out)
    try:
        if out.is_dir():
            raise UnciaError(f"{out} is a folder: name a file to write to")
        if not out.parent.is_dir():
            raise UnciaError(f"there is no folder {out.parent} to write {out.name} to")
        draft.touch()
        draft.unlink()
    except OSError as error:
        raise UnciaError(f"{out} cannot be written: {(error.strerror or 'error').lower()}") from error


def write(out: Path, content: bytes) -> None:
    """Writes a file; where that fails, what was there before is left as it was. Raises OSError."""
    draft = _draft(out)
    try:
        draft.write_bytes(content)
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)


def _draft(out: Path) -> Path:
    return out.with_name(out.name + ".part")
