"""What azd and Terraform remember of a deployment, asked through programs of these names."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from cli import deployment, look
from cli.deployment import OUTPUTS, Deployment

from .conftest import Answer

SAID = {name: f"the {field}" for field, name in OUTPUTS.items()} | {"AZURE_ENV_NAME": "ridge"}
FOUND = Deployment(**{field: f"the {field}" for field in OUTPUTS})


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Puts programs on the path that print what they are told to, and note where and how they were asked."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "checkout" / "infra" / "terraform").mkdir(parents=True)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))

    def put(name: str, text: str, code: int = 0) -> Path:
        program = tmp_path / "bin" / name
        program.with_suffix(".txt").write_text(text, "utf-8")
        program.write_text(f'#!/bin/sh\necho "$PWD $@" >"$0.asked"\n/bin/cat "$0.txt"\nexit {code}\n', "utf-8")
        program.chmod(0o755)
        return program

    return put


def told(said: Mapping[str, str]) -> str:
    """As Terraform prints its outputs."""
    return json.dumps({name: {"sensitive": False, "type": "string", "value": value} for name, value in said.items()})


def test_azd_is_asked_in_the_checkout(programs: Callable[..., Path], tmp_path: Path) -> None:
    azd = programs("azd", json.dumps(SAID))
    assert deployment.known(tmp_path / "checkout") == FOUND
    asked = azd.with_suffix(".asked").read_text("utf-8")
    assert asked == f"{tmp_path / 'checkout'} env get-values --output json\n"


def test_terraform_is_asked_where_its_files_are(programs: Callable[..., Path], tmp_path: Path) -> None:
    terraform = programs("terraform", told(SAID))
    assert deployment.known(tmp_path / "checkout") == FOUND
    assert terraform.with_suffix(".asked").read_text("utf-8").startswith(f"{tmp_path}/checkout/infra/terraform output")


def test_terraform_answers_where_azd_has_deployed_nothing(programs: Callable[..., Path], tmp_path: Path) -> None:
    programs("azd", json.dumps({"AZURE_ENV_NAME": "ridge", "AZURE_SUBSCRIPTION_ID": "1"}))
    programs("terraform", told(SAID))
    assert deployment.known(tmp_path / "checkout") == FOUND


@pytest.mark.parametrize(
    ("text", "code"), [(json.dumps(SAID), 1), ("no environment", 0), ("", 0), ("[]", 0), ("{}", 0)]
)
def test_a_program_that_tells_nothing_is_nothing(
    programs: Callable[..., Path], tmp_path: Path, text: str, code: int
) -> None:
    programs("azd", text, code)
    assert deployment.known(tmp_path / "checkout") is None


def test_without_either_program_nothing_is_known(programs: Callable[..., Path], tmp_path: Path) -> None:
    assert deployment.known(tmp_path / "checkout") is None


def test_what_is_named_comes_first_then_what_is_set_then_what_was_deployed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert deployment.connection("", FOUND, tmp_path) == {"account": "the account", "client": ""}
    monkeypatch.setenv("Storage__accountName", "field")
    assert deployment.connection("", FOUND, tmp_path)["account"] == "field"
    assert deployment.connection("other", FOUND, tmp_path) == {"account": "other", "client": ""}


def test_where_there_is_nothing_the_doctor_says_so_in_a_sentence(
    programs: Callable[..., Path], uncia: Callable[..., Answer], desk: Path
) -> None:
    answer = uncia("doctor", "--azure")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith("uncia: neither azd nor Terraform knows of anything deployed from here: name it")


@pytest.mark.parametrize(("account", "here"), [("", FOUND), ("other", None)])
def test_the_resources_are_those_of_the_account_that_is_examined(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, account: str, here: Deployment | None
) -> None:
    asked = []
    monkeypatch.setattr("cli.deployment.known", lambda: FOUND)
    monkeypatch.setattr("cli.deployed.examine", lambda storage, url, passage, here: asked.append((url, here)) or ())
    assert list(look.deployed(account, "", tmp_path)) == []
    assert asked == [("the url" if here else "", here)]
