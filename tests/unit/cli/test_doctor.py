"""`uncia doctor` where nothing runs: what is well, what is not, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from azure.core.exceptions import AzureError

from cli import backbones, doctor
from cli.doctor import Finding
from shared.errors import UnciaError
from shared.settings import Settings
from tests.unit.shared.making import corrupt, seen

from .conftest import Answer
from .stored import Site


def found(settings: Settings, data: Path = Path(".uncia")) -> dict[str, Finding]:
    return {finding.what: finding for finding in doctor.examine(settings, data)}


def test_where_nothing_runs_the_storage_says_what_to_do(desk: Path) -> None:
    findings = found(Settings.from_env())
    assert list(findings) == ["Python", "Azurite", "backbone", "storage"]
    assert findings["Python"].well
    assert findings["backbone"] == Finding("backbone", True, "tiny-" + findings["backbone"].said[5:])
    assert not findings["storage"].well
    assert findings["storage"].said.startswith("no storage: run `uncia up`")


@pytest.mark.parametrize(("name", "sentence"), [("gone.onnx", "cannot be read"), ("no time.csv", "is no backbone")])
def test_a_backbone_that_cannot_be_used_is_found(
    desk: Path, monkeypatch: pytest.MonkeyPatch, name: str, sentence: str
) -> None:
    monkeypatch.setenv("UNCIA_BACKBONE", name)
    finding = found(Settings.from_env())["backbone"]
    assert not finding.well
    assert sentence in finding.said


def test_azurite_that_is_not_installed_is_found(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.doctor.ROOT", desk)
    assert found(Settings.from_env())["Azurite"] == Finding("Azurite", False, "not installed: run `make setup`")


def test_storage_that_refuses_is_found(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(data: Path) -> None:
        raise AzureError("AuthenticationFailed\nTime: 2")

    monkeypatch.setattr("cli.storage.found", refuse)
    said = "storage answered with an error: AuthenticationFailed"
    assert found(Settings.from_env())["storage"] == Finding("storage", False, said)


@pytest.mark.parametrize(("second", "well"), [(True, True), (False, False)])
def test_all_is_good_when_every_finding_is(second: bool, well: bool) -> None:
    assert doctor.good([Finding("a", True, ""), Finding("b", second, "")]) is well


def test_the_command_lists_its_findings_and_fails_where_one_is_bad(desk: Path, uncia: Callable[..., Answer]) -> None:
    answer = uncia("doctor")
    assert answer.code == 1
    assert [line.split(":")[0] for line in answer.out.splitlines()][0::3] == ["✓ Python", "✗ storage"]


def test_frames_of_other_recipes_are_counted_by_recipe(site: Site) -> None:
    settings, data = Settings.from_env(), Path(".uncia")
    wanted = str(backbones.chosen(settings, None))
    site.hold(seen(0, recipe=wanted), corrupt(1))
    assert doctor.recipes(settings, data).endswith(", uncropped")
    crop = {"recipe": "sha~0.035~0.05", "backbone": "big\n1"}
    site.hold(seen(2, **crop), seen(3, **crop), seen(4, recipe="0123456789~0.0~0.0"), seen(5, recipe="what"))
    said = (
        "2 by big\ufffd1, cropped by 0.035 above and 0.05 below, 1 by 01234567, uncropped, 1 by 'what', which is none"
    )
    with pytest.raises(UnciaError, match=f"^frames of another recipe, which go unlabelled: {said}; run `uncia rec"):
        doctor.recipes(settings, data)


def test_what_a_head_calls_its_classes_cannot_steer_the_terminal(
    uncia: Callable[..., Answer], desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.doctor.examine", lambda settings, data: [Finding("head", True, "1: \x1b[2Jleopard")])
    assert uncia("doctor").out == "✓ head: 1: �[2Jleopard\n"
