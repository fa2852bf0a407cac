"""`uncia train`: manifests with their folders, and a head's file written whole or not at all."""

from __future__ import annotations

import json
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
    for turned in (2, 3):
        desk.joinpath(f"card/a/{turned}.jpg").write_bytes(written(noise().rotate(90 * turned)))
    rows = ["path,camera,captured_at,species", "a/1.jpg,a,,bobcat", "a/2.jpg,a,,rock", "a/3.jpg,b,,dog"]
    desk.joinpath("labels.csv").write_text("\n".join(rows), "utf-8")
    made = ["--out", "head.onnx", "--crop-bottom", 0.1, "--classes", "cat=bobcat|lynx,blank=rock"]
    answer = uncia("train", "labels.csv", "--images", "card", *made)
    head = Head(desk.joinpath("head.onnx").read_bytes())
    assert answer[:2] == (0, "")
    assert "trained on 2 images in 2 sequences from 1 camera: blank 1, cat 1" in answer.err
    assert (head.classes, head.recipe.crop_top, head.recipe.crop_bottom) == (("blank", "cat"), 0.0, 0.1)
    assert head.metadata["trained_on"]["images_by_class"] == {"blank": 1, "cat": 1}
    assert desk.joinpath("head.md").read_text("utf-8").startswith(f"# Head {head.version}\n")


def test_what_is_left_out_is_counted_by_reason(desk: Path, uncia: Callable[..., Answer]) -> None:
    names = [{"id": 1, "name": "lynx"}, {"id": 2, "name": "fox"}]
    images = [{"id": number, "file_name": f"a/{number}.jpg"} for number in range(1, 6)]
    said = [{"image_id": image, "category_id": name} for image, name in [(1, 1), (2, 2), (3, 1), (3, 2), (4, 1)]]
    for number in (2, 3, 5):
        desk.joinpath(f"card/a/{number}.jpg").write_bytes(written(noise().rotate(number)))
    desk.joinpath("x.json").write_text(json.dumps({"images": images, "categories": names, "annotations": said}))
    answer = uncia("train", "x.json", "--images", "card", "--out", "head.onnx")
    assert answer.code == 0
    for why in ("not there", "nobody said what it shows", "several species that are not one class"):
        assert f"Left out of x.json: 1 image, {why}." in answer.err


def test_manifests_that_contradict_each_other_are_refused(desk: Path, uncia: Callable[..., Answer]) -> None:
    for name, species in (("one", "lynx"), ("two", "fox")):
        desk.joinpath(f"{name}.csv").write_text(f"path,camera,species\na/1.jpg,a,{species}\n")
    answer = uncia("train", "one.csv", "two.csv", "--images", "card", "--out", "head.onnx")
    sentence = "uncia: the manifests say different things of card/a/1.jpg: lynx at a and fox at a\n"
    assert (answer.code, answer.err) == (1, sentence)
