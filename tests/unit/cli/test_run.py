"""What `uncia run` decides before and after the work."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from cli import backbones, stack
from cli.pictures import below
from cli.run import folder, frames_of, without_camera, write
from shared.errors import BackboneUnusable, HeadRefused
from shared.head import Head
from shared.label import Label, by_camera_and_start, label
from shared.recipe import Recipe
from shared.settings import Settings
from tests.unit.shared.making import FakeHead, backbone, frame, head, seen

SHA = hashlib.sha256(backbone()).hexdigest()


@pytest.fixture
def settings(desk: Path) -> Settings:
    return replace(Settings.from_env({}), backbone=Path("tiny.onnx"))


def sequence(camera: str = "cam", at: float | None = 0) -> Label:
    return label([seen(at, camera=camera)], FakeHead())


def test_without_a_head_the_recipe_is_that_of_the_settings(settings: Settings) -> None:
    assert backbones.chosen(replace(settings, crop_top=0.1), None) == Recipe(SHA, 0.1, 0.0)


@pytest.mark.parametrize(("top", "bottom"), [(0.0, 0.06), (1 / 30, 1 / 7)])
def test_a_head_brings_the_crop_it_was_trained_with(settings: Settings, desk: Path, top: float, bottom: float) -> None:
    known = Head(head(recipe={"backbone": SHA, "crop_top": top, "crop_bottom": bottom}))
    said = Settings.from_env(backbones.environment(settings, backbones.chosen(settings, known)))
    assert said.backbone == desk / "tiny.onnx"
    assert (said.crop_top, said.crop_bottom) == (top, bottom)


def test_a_head_of_another_backbone_is_refused(settings: Settings) -> None:
    with pytest.raises(HeadRefused, match=rf"trained on backbone tiny \(ffffffff\), the one in use is {SHA[:8]}"):
        backbones.chosen(settings, Head(head("f" * 64)))


def test_a_head_without_a_backbone_to_check_it_by_is_refused(settings: Settings) -> None:
    with pytest.raises(BackboneUnusable, match="cannot be read"):
        backbones.chosen(replace(settings, backbone=Path("nowhere.onnx")), Head(head(SHA)))


def test_a_folder_remembers_the_recipe_it_was_used_with(tmp_path: Path) -> None:
    assert stack.recipe(tmp_path) is None
    assert stack.note_recipe(tmp_path, Recipe("a", 0.1))
    assert stack.note_recipe(tmp_path, Recipe("a", 0.1))
    assert not stack.note_recipe(tmp_path, Recipe("b", 0.1))
    assert stack.recipe(tmp_path) == Recipe("b", 0.1)


def test_images_in_no_cameras_folder_are_told_of(tmp_path: Path) -> None:
    for name in ("DCIM/1.jpg", "2.jpg", "Ridge/3.jpg"):
        tmp_path.joinpath(name).parent.mkdir(exist_ok=True)
        tmp_path.joinpath(name).write_bytes(b"1")
    assert without_camera(below(tmp_path)).startswith("2 images in no camera's folder")
    assert without_camera(below(tmp_path / "Ridge", camera="Ridge")) == ""


def test_labels_are_in_order_of_camera_and_time_the_undated_last() -> None:
    wanted = [sequence("a", 0), sequence("a", 90), sequence("a", None), sequence("b", -90), sequence("b", None)]
    assert by_camera_and_start(iter(wanted[::-1])) == wanted
    assert by_camera_and_start(iter([*wanted[2:], *wanted[:2]])) == wanted


def test_an_image_is_expected_at_its_camera_by_its_digest(tmp_path: Path) -> None:
    for name in ("a/1.jpg", "a/DCIM/2.jpg", "b/c/1.jpg", "3.jpg"):
        tmp_path.joinpath(name).parent.mkdir(parents=True, exist_ok=True)
        tmp_path.joinpath(name).write_bytes(b"the same")
    digest = hashlib.sha256(b"the same").hexdigest()[:16]
    assert frames_of(below(tmp_path)) == {("a", digest), ("b", digest), ("unnamed", digest)}


def test_an_image_is_expected_where_its_times_put_it(desk: Path) -> None:
    desk.joinpath("times.csv").write_text("path,captured_at,camera\na/1.jpg,,Überhang/2\n", "utf-8")
    ((camera, key),) = frames_of(below(desk / "card", desk / "times.csv"))
    assert camera == "Überhang=2F2"
    assert frame(camera="x", digest=key + 48 * "0").row_key.endswith(f"~{key}")


def test_labels_are_written_as_people_read_them(tmp_path: Path) -> None:
    write([sequence("Überhang"), sequence("b", None)], tmp_path / "labels.json")
    first, second = json.loads(tmp_path.joinpath("labels.json").read_text("utf-8"))
    assert (first["camera"], first["label"], second["start"]) == ("Überhang", "leopard", None)
    assert "Überhang" in tmp_path.joinpath("labels.json").read_text("utf-8")


def test_labels_are_written_whole_or_not_at_all(tmp_path: Path) -> None:
    out = tmp_path / "labels.json"
    write([sequence()], out)
    before = out.read_bytes()
    with pytest.raises(UnicodeEncodeError):
        write([sequence(), replace(sequence(), camera="not UTF-8: \udcff")], out)
    assert out.read_bytes() == before
    write([], out)
    assert out.read_text("utf-8") == "[]\n"
    assert [path.name for path in tmp_path.iterdir()] == ["labels.json"]


def test_the_folder_of_a_run_is_gone_afterwards_unless_it_was_given(tmp_path: Path) -> None:
    with folder(None) as passing:
        passing.joinpath("file").write_text("")
    with folder(tmp_path) as kept:
        kept.joinpath("file").write_text("")
    assert (passing.exists(), tmp_path.joinpath("file").exists()) == (False, True)
