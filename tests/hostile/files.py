"""All hostile files by name, the same at every call."""

from __future__ import annotations

from collections.abc import Iterator

from tests.hostile import jpegs, pictures


def files() -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each file."""
    makers = (
        jpegs.jpegs, pictures.pngs, pictures.tiffs, pictures.others, pictures.pretenders, pictures.damaged,
    )  # fmt: skip
    for make in makers:
        for name, data in make().items():
            yield f"{make.__name__}: {name}", data
