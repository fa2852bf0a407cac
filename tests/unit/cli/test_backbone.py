"""`uncia backbone`: numbers given by hand, and a file written whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cli.backbone import keep, triple
from shared.backbone import Backbone
from shared.errors import UnciaError

from .conftest import Answer


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("", None), ("0,0.5,1", (0.0, 0.5, 1.0)), (" 1, 2 ,3e-1", (1.0, 2.0, 0.3)), ("-1,0,1", (-1.0, 0.0, 1.0))],
)
def test_three_numbers_are_read(text: str, numbers: tuple[float, float, float] | None) -> None:
    assert triple(text, "--mean") == numbers


@pytest.mark.parametrize("text", ["1", "1,2", "1,2,3,4", "a,b,c", "1;2;3", ",,"])
def test_anything_else_is_refused_by_the_name_of_the_option(text: str) -> None:
    with pytest.raises(UnciaError, match=f"^--std takes three numbers with commas between them, not '{text}'$"):
        triple(text, "--std")


def test_a_backbone_replaces_another_and_leaves_no_draft(tmp_path: Path) -> None:
    for content in (b"old", b"new"):
        keep(content, tmp_path / "backbone.onnx")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"new"]


def test_a_prepared_network_is_named_after_its_file(desk: Path, uncia: Callable[..., Answer]) -> None:
    answer = uncia("backbone", "build", "tiny.onnx", "--out", "new.onnx", "--mean", "0,0,0", "--std", "1,1,1")
    made = Backbone.load(desk / "new.onnx", threads=1)
    assert (answer.code, made.name, made.n_features, made.size) == (0, "tiny", 4, 8)
