"""`uncia train`: manifests with their folders, and a head's file written whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cli.labelled import matched
from shared.errors import UnciaError
from shared.head import Head
from tests.unit.shared.making import noise, written

from .conftest import Answer

A, B, C = Path("a"), Path("b"), Path("c")


@pytest.mark.parametrize(
    ("manifests", "folders", "together"),
    [([A], [B], [B]), ([A, B], [C], [C, C]), ([A, B], [B, A], [B, A])],
)
def test_each_manifest_has_its_folder_or_all_share_one(
    manifests: list[Path], folders: list[Path], together: list[Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in folders:
        folder.mkdir()
    assert matched(manifests, folders) == together


@pytest.mark.parametrize(("manifests", "folders"), [([A], [B, C]), ([A, B, C], [A, B]), ([A, B], [A, B, C])])
def test_too_many_or_too_few_folders_are_refused(
    manifests: list[Path], folders: list[Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in folders:
        folder.mkdir()

    with pytest.raises(UnciaError, match=rf"each of the {len(manifests)} manifests; it came {len(folders)} times"):
        matched(manifests, folders)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnciaError, match="there is no folder"):
        matched([A], [tmp_path / "nowhere"])


def test_the_command_trains_a_head_that_names_what_it_knows(desk: Path, uncia: Callable[..., Answer]) -> None:
    desk.joinpath("card/a/2.jpg").write_bytes(written(noise().rotate(180)))
    rows = ["path,camera,captured_at,species", "a/1.jpg,a,,bobcat", "a/2.jpg,a,,rock", "a/2.jpg,b,,dog"]
    desk.joinpath("labels.csv").write_text("\n".join(rows), "utf-8")
    made = ["--out", "head.onnx", "--crop-bottom", 0.1, "--classes", "cat=bobcat|lynx,blank=rock"]
    answer = uncia("train", "labels.csv", "--images", "card", *made)
    head = Head(desk.joinpath("head.onnx").read_bytes())
    assert answer[:2] == (0, "")
    assert "trained on 2 images in 2 sequences from 1 camera: blank 1, cat 1" in answer.err
    assert (head.classes, head.recipe.crop_top, head.recipe.crop_bottom) == (("blank", "cat"), 0.0, 0.1)
    assert head.metadata["trained_on"]["images_by_class"] == {"blank": 1, "cat": 1}
    assert desk.joinpath("head.md").read_text("utf-8").startswith(f"# Head {head.version}\n")
