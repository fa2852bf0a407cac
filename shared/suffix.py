"""Which files are images, by the ends of their names; infra/uncia.json announces the same on Azure."""

from __future__ import annotations

# What cameras and their users' programs call pictures, also those that Uncia cannot decode: they become corrupt frames.
SUFFIXES = frozenset(
    ".jpg .jpeg .jpe .jfif .mpo .png .tif .tiff .webp .bmp .gif .heic .heif .avif".split()  # noqa: SIM905 - a list to read
)
_ENDS = tuple(sorted(SUFFIXES))


def is_announced(name: str) -> bool:
    """Whether an upload of this name is announced to `featurize`: Event Grid's StringEndsWith, in any case."""
    return name.lower().endswith(_ENDS)
