"""What the workflows on GitHub may do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
FILES = sorted(ROOT.joinpath(".github", "workflows").glob("*.yml"))
# Whose commit could not be checked; its line says so.
BY_VERSION = {"Azure/setup-azd@v2"}
READ = {"contents": "read"}

every = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


def parsed(file: Path) -> dict[Any, Any]:
    said: dict[Any, Any] = yaml.safe_load(file.read_text("utf-8"))
    return said


def steps(file: Path) -> list[dict[str, Any]]:
    return [step for job in parsed(file)["jobs"].values() for step in job["steps"]]


def test_there_are_two() -> None:
    assert [file.stem for file in FILES] == ["ci", "deploy"]


@every
def test_no_secret_is_used_but_the_webhooks_by_the_step_that_deploys(file: Path) -> None:
    hook = steps(file)[-1].get("env", {}) == {"UNCIA_ALERT_SECRET": "${{ secrets.UNCIA_ALERT_SECRET }}"}
    used = re.findall(r"secrets\.(\w+)", file.read_text("utf-8"))
    assert sorted({*used} - {"GITHUB_TOKEN"}) == ["UNCIA_ALERT_SECRET"] * hook
    assert used.count("UNCIA_ALERT_SECRET") == hook
    assert "inherit" not in file.read_text("utf-8")


@every
def test_a_workflow_may_read_the_code_and_only_a_deployment_may_sign_in(file: Path) -> None:
    assert parsed(file)["permissions"] == READ
    allowed = READ | {"id-token": "write"} if file.stem == "deploy" else READ
    assert all(job.get("permissions", READ) == allowed for job in parsed(file)["jobs"].values())


@every
def test_every_job_ends_within_an_hour(file: Path) -> None:
    assert all(0 < job["timeout-minutes"] <= 60 for job in parsed(file)["jobs"].values())


@every
def test_every_action_is_pinned(file: Path) -> None:
    used = {step["uses"] for step in steps(file) if "uses" in step} - BY_VERSION
    assert used
    assert [name for name in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", name)] == []


@every
def test_nothing_from_outside_is_put_into_a_script_and_no_login_is_left_behind(file: Path) -> None:
    assert [step["run"] for step in steps(file) if "${{" in step.get("run", "")] == []
    checkouts = [step for step in steps(file) if step.get("uses", "").startswith("actions/checkout@")]
    assert [step["with"]["persist-credentials"] for step in checkouts] == [False] * len(parsed(file)["jobs"])


def test_ci_runs_lint_and_tests_on_every_proposal_with_the_python_that_is_deployed() -> None:
    ci = parsed(ROOT / ".github/workflows/ci.yml")
    assert set(ci[True]) == {"push", "pull_request", "schedule"}  # YAML reads the word `on` as true
    assert any(step.get("run", "").endswith("make lint test test-more") for step in steps(FILES[0]))
    python = [step["with"] for step in steps(FILES[0]) if "setup-python" in step.get("uses", "")]
    assert python == [{"python-version-file": ".python-version"}] * 2
    assert ROOT.joinpath(".python-version").read_text("utf-8").strip() == "3.13"


def test_known_holes_are_asked_for_on_every_proposal_and_every_week() -> None:
    ci = parsed(ROOT / ".github/workflows/ci.yml")
    assert [step["run"] for step in ci["jobs"]["audit"]["steps"] if "run" in step] == ["make audit"]
    assert "if" not in ci["jobs"]["audit"]
    assert ci["jobs"]["test"]["if"] == "github.event_name != 'schedule'"
    assert [len(one["cron"].split()) for one in ci[True]["schedule"]] == [5]


def test_a_deployment_is_asked_for_by_a_person_and_signs_in_without_a_secret() -> None:
    assert set(parsed(ROOT / ".github/workflows/deploy.yml")[True]) == {"workflow_dispatch"}
    (login,) = [step["with"] for step in steps(FILES[1]) if step.get("uses", "").startswith("azure/login@")]
    assert set(login) == {"client-id", "tenant-id", "subscription-id"}
    assert all(re.fullmatch(r"\$\{\{ vars\.\w+ \}\}", value) for value in login.values())


def test_a_deployment_signs_azd_in_and_does_all_that_azd_up_does_or_fails() -> None:
    job = parsed(FILES[1])["jobs"]["deploy"]
    runs = [step["run"].split() for step in job["steps"] if "run" in step]
    assert runs[-1] == ["azd", "up", "--no-prompt"]
    assert runs[-2][:5] == ["azd", "auth", "login", "--client-id", '"$AZURE_CLIENT_ID"']
    assert runs[-2][-2:] == ["--federated-credential-provider", "github"]
    assert "continue-on-error" not in FILES[1].read_text("utf-8")
    assert job["environment"] == "azure"
    assert job["env"]["AZURE_PRINCIPAL_TYPE"] == "ServicePrincipal"
    names = [f"${{{{ vars.{name} }}}}" for name in job["env"] if name.startswith("AZURE_") and "TYPE" not in name]
    assert names == [value for name, value in job["env"].items() if name.startswith("AZURE_") and "TYPE" not in name]


def test_the_backbone_that_is_deployed_is_never_the_stand_in() -> None:
    runs = [step["run"] for step in steps(FILES[1]) if "run" in step]
    assert any("uncia backbone fetch" in run for run in runs)
    assert not any("untrained" in run or "make setup" in run for run in runs)


def test_a_deployment_passes_on_all_that_can_be_chosen() -> None:
    asked = set(re.findall(r"\$\{(\w+)", ROOT.joinpath("infra/bicep/main.parameters.json").read_text("utf-8")))
    given = set(parsed(FILES[1])["jobs"]["deploy"]["env"]) | set(steps(FILES[1])[-1]["env"])
    # azd knows who is signed in, and infra/budget.sh asks Azure for the month.
    assert asked - given == {"AZURE_PRINCIPAL_ID", "UNCIA_BUDGET_START"}
