"""What a command writes is there whole or not at all, and it is known beforehand whether it can be written."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.files import check, write
from shared.errors import UnciaError


def test_a_file_replaces_another_and_leaves_no_draft(tmp_path: Path) -> None:
    for content in (b"old", b"new"):
        write(tmp_path / "head.onnx", content)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"head.onnx": b"new"}


def test_what_was_there_stays_where_writing_fails(tmp_path: Path) -> None:
    write(tmp_path / "head.onnx", b"old")
    with pytest.raises(TypeError):
        write(tmp_path / "head.onnx", "no bytes")  # type: ignore[arg-type]
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"head.onnx": b"old"}


def test_a_file_that_can_be_written_is_left_as_it_is(tmp_path: Path) -> None:
    write(tmp_path / "labels.json", b"[]")
    check(tmp_path / "labels.json")
    assert [file.name for file in tmp_path.iterdir()] == ["labels.json"]


@pytest.mark.parametrize(
    ("out", "why"), [("folder", "is a folder"), ("nowhere/x", "no folder"), ("n" * 300, "cannot be")]
)
def test_what_cannot_be_written_is_told_before_the_work(tmp_path: Path, out: str, why: str) -> None:
    tmp_path.joinpath("folder").mkdir()
    with pytest.raises(UnciaError, match=why):
        check(tmp_path / out)
