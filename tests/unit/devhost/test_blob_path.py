"""Paths of blob triggers."""

from __future__ import annotations

import pytest

from devhost.blob_path import BlobPath
from shared.errors import UnciaError


@pytest.mark.parametrize(
    ("path", "blob", "captures"),
    [
        ("images/{name}", "a.jpg", {"name": "a.jpg"}),
        ("images/{name}", "K1/2025/a.jpg", {"name": "K1/2025/a.jpg"}),
        ("images/{camera}/{name}", "K1/a.jpg", {"camera": "K1", "name": "a.jpg"}),
        ("images/{camera}/{name}", "K1/2025/a.jpg", {"camera": "K1/2025", "name": "a.jpg"}),
        ("images/{camera}/{name}", "a.jpg", None),
        ("images/in/{name}.jpg", "in/a.jpg", {"name": "a"}),
        ("images/in/{name}.jpg", "in/axjpg", None),
        ("images/in/{name}.jpg", "out/a.jpg", None),
        ("images", "K 1/Ñ#!.jpg", {"name": "K 1/Ñ#!.jpg"}),
    ],
)
def test_captures_are_greedy_and_cross_slashes(path: str, blob: str, captures: dict[str, str] | None) -> None:
    assert BlobPath.parse(path).captures(blob) == captures


def test_only_blobs_that_begin_as_the_path_does_are_listed() -> None:
    assert BlobPath.parse("images/in/{name}.jpg").prefix == "in/"


@pytest.mark.parametrize("path", ["", "/", "{container}/{name}"])
def test_a_path_without_a_container_is_refused(path: str) -> None:
    with pytest.raises(UnciaError, match="name of a container"):
        BlobPath.parse(path)
