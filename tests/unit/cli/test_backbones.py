"""Which backbone is in use, and which heads go with it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from cli import backbones
from shared.errors import BackboneUnusable, HeadRefused, UnciaError
from shared.head import Head
from shared.recipe import Recipe
from shared.settings import Settings
from tests.unit.shared.making import backbone, head

OURS = "a" * 64


def using(path: Path) -> Settings:
    return replace(Settings.from_env({}), backbone=path)


def test_a_head_of_the_recipe_in_use_passes() -> None:
    assert backbones.check(Head(head(OURS)), Recipe(OURS)) is None


@pytest.mark.parametrize(
    ("recipe", "sentence"),
    [
        (
            Recipe("b" * 64),
            "the head was trained on backbone tiny (aaaaaaaa), the one in use is bbbbbbbb: "
            "train it again, or set UNCIA_BACKBONE to the other file",
        ),
        (
            Recipe(OURS, 0.1, 0.06),
            "the head was trained on pictures cropped by 0 above and 0 below, the stack crops 0.1 and 0.06: "
            "set UNCIA_CROP_TOP and UNCIA_CROP_BOTTOM, or train it again",
        ),
    ],
)
def test_a_head_of_another_recipe_is_refused_with_what_to_do(recipe: Recipe, sentence: str) -> None:
    with pytest.raises(HeadRefused) as refused:
        backbones.check(Head(head(OURS)), recipe)
    assert str(refused.value) == sentence


def test_the_backbone_that_is_set_goes_before_the_packaged_one() -> None:
    assert backbones.path(using(Path("other.onnx"))) == Path("other.onnx")
    assert backbones.path(Settings.from_env({})) == backbones.PACKAGED


@pytest.mark.parametrize(("name", "warned"), [("tiny", False), (backbones.UNTRAINED, True)])
def test_only_an_untrained_backbone_is_warned_of(tmp_path: Path, name: str, warned: bool) -> None:
    tmp_path.joinpath("b.onnx").write_bytes(backbone(name=name))
    assert backbones.name(using(tmp_path / "b.onnx")) == name
    assert ("mean nothing" in backbones.warning(using(tmp_path / "b.onnx"))) is warned


@pytest.mark.parametrize("content", [b"", b"no network", head()[:40]])
def test_a_file_that_is_no_network_has_no_name(tmp_path: Path, content: bytes) -> None:
    tmp_path.joinpath("b.onnx").write_bytes(content)
    with pytest.raises(
        BackboneUnusable,
        match=r"b\.onnx is no backbone: it is not an ONNX network .*; make one with `uncia backbone",
    ):
        backbones.name(using(tmp_path / "b.onnx"))


def test_a_backbone_is_known_by_the_digest_of_its_file(tmp_path: Path) -> None:
    tmp_path.joinpath("b.onnx").write_bytes(backbone())
    assert backbones.digest(using(tmp_path / "b.onnx")) == hashlib.sha256(backbone()).hexdigest()
    assert backbones.load(using(tmp_path / "b.onnx")).sha256 == backbones.digest(using(tmp_path / "b.onnx"))


@pytest.mark.parametrize("ask", [backbones.digest, backbones.name, backbones.load, backbones.warning])
def test_a_missing_backbone_says_how_to_get_one(tmp_path: Path, ask: object) -> None:
    with pytest.raises(BackboneUnusable, match=r"the backbone .*b\.onnx cannot be read.*run `make setup`"):
        ask(using(tmp_path / "b.onnx"))


def test_a_head_is_read_with_its_bytes(tmp_path: Path) -> None:
    tmp_path.joinpath("h.onnx").write_bytes(head(OURS))
    content, opened = backbones.read_head(tmp_path / "h.onnx")
    assert content == head(OURS)
    assert opened.version == hashlib.sha256(content).hexdigest()[:12]


@pytest.mark.parametrize(
    ("content", "sentence"), [(None, "cannot be read: no such file"), (b"JPEG", "h.onnx: this is no head")]
)
def test_a_head_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None, sentence: str) -> None:
    if content:
        tmp_path.joinpath("h.onnx").write_bytes(content)
    with pytest.raises(UnciaError, match=sentence):
        backbones.read_head(tmp_path / "h.onnx")
