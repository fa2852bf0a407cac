"""Two infrastructures, one Uncia: the same resources, what the code needs, and nothing open. See docs/decisions/0020.

Each check is a function that says what is wrong below a folder; the mutants at the end show that each one can.
"""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

import function_app
from shared import failures
from shared.connect import ALERTS
from shared.message import IMAGES, POISON
from shared.settings import Settings
from shared.store import TABLES
from shared.suffix import SUFFIXES

from .infrastructure import (
    COMPUTED,
    STORAGE,
    Check,
    Resource,
    bicep,
    blocks,
    changed,
    difference,
    missing,
    parsed,
    terraform,
)

ROOT = Path(__file__).parents[2]
INFRA = ROOT / "infra"
ARGUMENTS = json.loads(Path(__file__).with_name("provider_arguments.json").read_text("utf-8"))
BINDINGS = [one for each in function_app.app.get_functions() for one in each.get_bindings_dict()["bindings"]]
QUEUES = {one["queueName"] for one in BINDINGS if "queueName" in one}
# Others read these: they have no function that could fail.
READ_BY_OTHERS = {ALERTS}
# Terraform's own, of every block.
META = {"count", "for_each", "depends_on", "lifecycle", "provisioner"}


def shared(infra: Path) -> dict[str, Any]:
    said: dict[str, Any] = json.loads((infra / "uncia.json").read_text("utf-8"))
    return said


def both(infra: Path) -> list[tuple[str, list[Resource]]]:
    return [("bicep", bicep(infra / "bicep")), ("terraform", terraform(infra / "terraform"))]


def they_differ(infra: Path) -> list[str]:
    (_, one), (_, other) = both(infra)
    return difference(one, other) + missing("setting", *settings(infra))


def settings(infra: Path) -> tuple[set[str], set[str]]:
    """The app's settings by either, as name and value; what is computed counts as such."""
    told = parsed(infra / "bicep" / "app.bicep")
    one = told["variables"]["settings"]["value"]["function"]["parameters"]["arg_2"]
    text = (infra / "terraform" / "app.tf").read_text("utf-8")
    merged = re.search(r"merge\(local\.shared\.settings, \{(.*?)\n  \}\)", text, re.DOTALL)
    assert merged
    other = dict(re.findall(r"^\s+(\w+)\s+= (.+)$", merged[1], re.MULTILINE))
    symbols = set(told["parameters"]) | {None}
    return (
        {f"{key}={value if isinstance(value, str) and '$' not in value and value not in symbols else COMPUTED}"
         for key, value in one.items()},
        {f"{key}={value[1:-1] if value[0] == '"' and '$' not in value else COMPUTED}" for key, value in other.items()},
    )  # fmt: skip


def storage_is_not_what_the_code_uses(infra: Path) -> list[str]:
    said = shared(infra)
    return (
        missing("queue", QUEUES | {*POISON.values()} | READ_BY_OTHERS, set(said["queues"]))
        + missing("poison queue", {f"{name}-poison" for name in QUEUES}, {*POISON.values()} - {POISON[IMAGES]})
        + missing("table", {*TABLES, *failures.TABLES}, set(said["tables"]))
        + missing("container", {"images", "models", "dead-letters"}, set(said["containers"]))
    )


def settings_are_not_the_codes(infra: Path) -> list[str]:
    read = set(re.findall(r'"([A-Z]+(?:_[A-Z]+)+)"', (ROOT / "shared" / "settings.py").read_text("utf-8")))
    code = {f"UNCIA_{name}" for name in read if f"UNCIA_{name}" in (ROOT / "docs" / "settings.md").read_text("utf-8")}
    set_here = set(shared(infra)["settings"]) | {one.partition("=")[0] for one in settings(infra)[0]}
    values = shared(infra)["settings"]
    # The packaged backbone is the one, and traces are recorded by the local host alone.
    return missing("setting", code - {"UNCIA_TRACE"}, {name for name in set_here if name.startswith("UNCIA_")}) + (
        ["a setting has another value than unless set"] if Settings.from_env(values) != Settings.from_env({}) else []
    )


def telemetry_is_asked_for_what_nobody_tells(infra: Path) -> list[str]:
    told = set(re.findall(r'"(uncia\.\w+)"', (ROOT / "functions" / "telemetry.py").read_text("utf-8")))
    text = (infra / "uncia.json").read_text("utf-8") + (infra / "workbook.json").read_text("utf-8")
    watched = (ROOT / "docs" / "deploying.md").read_text("utf-8").partition("## What is watched")[2]
    alerts = set(re.findall(r"^\| (\w+) \|", watched, re.MULTILINE)) - {"alert", "undelivered"}
    documented = (ROOT / "docs" / "settings.md").read_text("utf-8").partition("## Telemetry on Azure")[2]
    wanted = set(re.findall(r"^\| `(\w+)` \|", documented, re.MULTILINE))
    faults = missing("alert", alerts, set(shared(infra)["alerts"]))
    return (
        faults
        + [f"nobody tells {name}" for name in sorted(set(re.findall(r"'(uncia\.\w+)'", text)) - told)]
        + [
            f"setting {name} is missing"
            for name in sorted(wanted - {one.partition("=")[0] for one in settings(infra)[0]})
        ]
    )


def azd_cannot_fill_in_the_parameters(infra: Path) -> list[str]:
    filled = json.loads((infra / "bicep" / "main.parameters.json").read_text("utf-8"))["parameters"]
    declared = parsed(infra / "bicep" / "main.bicep")["parameters"]
    needed = {name for name, one in declared.items() if one["default"] is None}
    documented = set(
        re.findall(r"^\| `(UNCIA_\w+)` \|", (ROOT / "docs" / "deploying.md").read_text("utf-8"), re.MULTILINE)
    )
    read = {name: re.fullmatch(r"\$\{(\w+)(?:=(.*))?\}", one["value"]) for name, one in filled.items()}
    from_azd = {name: said[1] for name, said in read.items() if said}
    return (
        [f"no parameter {name}" for name in sorted(set(filled) - set(declared))]
        + [f"parameter {name} is asked for" for name in sorted(needed - set(filled))]
        + [f"{name} cannot be set" for name in sorted((documented | {"AZURE_PRINCIPAL_TYPE"}) - set(from_azd.values()))]
        + [f"{name} is read from {said}" for name, said in from_azd.items() if said not in called_by_azd(name)]
        + [f"{name} is {said[2]} for azd" for name, said in read.items()
           if said and said[2] is not None and said[2] != declared[name]["default"]]
    )  # fmt: skip


def called_by_azd(parameter: str) -> set[str]:
    """The variables of azd that a parameter may be read from."""
    words = re.sub(r"([A-Z])", r"_\1", parameter).upper()
    return {f"UNCIA_{words}", f"AZURE_{words}", f"AZURE_{words.removesuffix('IRONMENT_NAME')}_NAME"}


# What each kind of trigger and step needs: reference of Microsoft, "Connecting to host storage with an identity".
NEEDS = {
    "host-blobs": ("app", "host", "Storage Blob Data Owner"),
    "host-queues": ("app", "host", "Storage Queue Data Contributor"),
    "data-blobs": ("app", "data", "Storage Blob Data Owner"),
    "data-queues": ("app", "data", "Storage Queue Data Contributor"),
    "data-tables": ("app", "data", "Storage Table Data Contributor"),
    "telemetry": ("app", "insights", "Monitoring Metrics Publisher"),
    "dead-letters": ("topic", "data", "Storage Blob Data Contributor"),
    "person-blobs": ("person", "data", "Storage Blob Data Contributor"),
    "person-queues": ("person", "data", "Storage Queue Data Contributor"),
    "person-tables": ("person", "data", "Storage Table Data Contributor"),
}
# Azure built-in roles, Microsoft's list.
IDS = {
    "Storage Blob Data Owner": "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
    "Storage Blob Data Contributor": "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
    "Storage Queue Data Contributor": "974c5e8b-45b9-4653-ba55-5f855dd0fb88",
    "Storage Table Data Contributor": "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
    "Monitoring Metrics Publisher": "3913510d-42f4-4e42-8a64-420c390055eb",
}


def roles_do_not_suffice(infra: Path) -> list[str]:
    roles = shared(infra)["roles"]
    found = {one["name"]: (one["who"], one["account"], one["role"]) for one in roles}
    return (
        missing("role", {f"{key}: {value}" for key, value in NEEDS.items()}, {f"{k}: {v}" for k, v in found.items()})
        + [f"role {one['name']} has another role's id" for one in roles if IDS.get(one["role"]) != one["id"]]
        + [f"role {one['name']} has no reason" for one in roles if len(one["reason"]) < 20]
    )


def something_is_open(infra: Path) -> list[str]:
    wanted = {
        STORAGE: {
            "properties.allowBlobPublicAccess": False, "properties.allowSharedKeyAccess": False,
            "properties.minimumTlsVersion": "TLS1_2", "properties.supportsHttpsTrafficOnly": True,
        },
        f"{STORAGE}/blobServices/containers": {"properties.publicAccess": "None"},
        "Microsoft.Insights/components": {"properties.DisableLocalAuth": True},
        "Microsoft.Web/sites": {
            "properties.httpsOnly": True, "properties.siteConfig.minTlsVersion": "1.2",
            "properties.siteConfig.ftpsState": "Disabled",
        },
        "Microsoft.Web/sites/basicPublishingCredentialsPolicies": {"properties.allow": False},
    }  # fmt: skip
    faults = [
        f"{by}: {kind} {key} is {said.get(key)}"
        for by, resources in both(infra)
        for kind, said in resources
        for key, value in wanted.get(kind, {}).items()
        if said.get(key) != value
    ]
    guards = ("platform.enabled", "globalValidation.requireAuthentication")
    for by, resources in both(infra):
        found = [said for kind, said in resources if kind == "Microsoft.Web/sites/config"]
        if not any(all(said.get(f"properties.{guard}") is True for guard in guards) for said in found):
            faults.append(f"{by}: nobody has to sign in")
    return faults


def a_secret_is_told(infra: Path) -> list[str]:
    """What is secret is marked so wherever it passes, has no value of its own, and is put out nowhere."""
    faults = []
    for file in sorted((infra / "bicep").glob("*.bicep")):
        secret = {name: one for name, one in parsed(file).get("parameters", {}).items() if "secret" in name.lower()}
        faults += [
            f"{file.name}: {name}" for name, one in secret.items()
            if one["default"] or {"type": "secure"} not in one["decorators"]
        ]  # fmt: skip
        faults += [f"{file.name}: {one}" for one in re.findall("^output .*[sS]ecret.*$", file.read_text("utf-8"), re.M)]
    for kind, body in re.findall(
        r'^(variable|output) "\w*secret\w*" \{$(.*?)^\}$', all_terraform(infra), re.MULTILINE | re.DOTALL
    ):
        if kind == "output" or not re.search(r'default +=\s*""\n +sensitive +=\s*true\n', body):
            faults.append(f"Terraform tells a secret: {kind}{body}")
    return faults + [f"Terraform puts out {one}" for one in re.findall(r"^ +value +=.*secret.*$", outputs(infra), re.M)]


def all_terraform(infra: Path) -> str:
    return "".join(file.read_text("utf-8") for file in sorted((infra / "terraform").glob("*.tf")))


def outputs(infra: Path) -> str:
    return (infra / "terraform" / "outputs.tf").read_text("utf-8")


def sizes_are_not_the_hosts(infra: Path) -> list[str]:
    host = json.loads((ROOT / "host.json").read_text("utf-8"))["extensions"]
    size = shared(infra)["sizes"]["2048"]
    told = {"messages_at_once": host["queues"]["batchSize"], "images_at_once": host["blobs"]["maxDegreeOfParallelism"]}
    return [f"{name}: host.json {value}, 2048 MB {size[name]}" for name, value in told.items() if value != size[name]]


def some_images_are_not_announced(infra: Path) -> list[str]:
    said = shared(infra)
    # The ends of every way to write a blob whole: Microsoft, "Azure Blob Storage as an Event Grid source".
    operations = {"PutBlob", "PutBlockList", "CopyBlob"}
    return missing("suffix", set(SUFFIXES), set(said["suffixes"])) + missing(
        "operation", operations, set(said["operations"])
    )


def terraform_has_unknown_words(infra: Path) -> list[str]:
    return [
        f"{kind}.{name}: no argument {word}"
        for kind, name, body in blocks(infra / "terraform", "resource")
        if kind != "terraform_data"
        for word in unknown(body, ARGUMENTS.get(kind, {"arguments": [], "blocks": {}}))
    ]


def unknown(body: dict[str, Any], documented: dict[str, Any], path: str = "") -> list[str]:
    found = []
    known = documented.get("blocks", {})
    for key, value in body.items():
        if key in known:
            found += [each for one in value for each in unknown(one, known[key], f"{path}{key}.")]
        elif key not in documented["arguments"] and not (key in META and not path):
            found.append(path + key)
    return found


CHECKS: list[Check] = [
    they_differ, storage_is_not_what_the_code_uses, settings_are_not_the_codes, roles_do_not_suffice, something_is_open,
    a_secret_is_told, telemetry_is_asked_for_what_nobody_tells, azd_cannot_fill_in_the_parameters,
    sizes_are_not_the_hosts, some_images_are_not_announced, terraform_has_unknown_words,
]  # fmt: skip


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_nothing_is_wrong(check: Check) -> None:
    assert check(INFRA) == []


MUTANTS: list[tuple[Check, str, str, str]] = [
    (
        roles_do_not_suffice,
        "uncia.json",
        '"name": "data-tables", "who": "app"',
        '"name": "data-tables", "who": "topic"',
    ),
    (roles_do_not_suffice, "uncia.json", "ba92f5b4-2d11", "b7e6dc6d-f1e8"),
    (storage_is_not_what_the_code_uses, "uncia.json", '"sequences-poison"', '"sequences-poisoned"'),
    (storage_is_not_what_the_code_uses, "uncia.json", '"judged"', '"judge"'),
    (settings_are_not_the_codes, "uncia.json", '"UNCIA_CROP_TOP": "0",', ""),
    (settings_are_not_the_codes, "uncia.json", '"UNCIA_SETTLE_SECONDS": "30"', '"UNCIA_SETTLE_SECONDS": "3"'),
    (telemetry_is_asked_for_what_nobody_tells, "uncia.json", '"silent": {', '"quiet": {'),
    (some_images_are_not_announced, "uncia.json", '"PutBlob", ', ""),
    (azd_cannot_fill_in_the_parameters, "bicep/main.parameters.json", "MEMORY=2048", "MEMORY=4096"),
    (azd_cannot_fill_in_the_parameters, "bicep/main.parameters.json", "UNCIA_SIGN_IN_CLIENT_ID", "UNCIA_SIGN_IN"),
    (they_differ, "terraform/app.tf", "PYTHON_THREADPOOL_THREAD_COUNT", "PYTHON_THREADS"),
    (they_differ, "bicep/app.bicep", "Storage__credential: 'managedidentity'", "Storage__credential: 'other'"),
    (they_differ, "bicep/data.bicep", "days: 30", "days: 7"),
    (they_differ, "terraform/app.tf", '"RollingUpdate"', '"Recreate"'),
    (they_differ, "terraform/budget.tf", "threshold      = 50", "threshold      = 90"),
    (telemetry_is_asked_for_what_nobody_tells, "workbook.json", "'uncia.corrupt'", "'uncia.corrupted'"),
    (telemetry_is_asked_for_what_nobody_tells, "bicep/app.bicep", "OTEL_PYTHON_DISABLED", "OTEL_DISABLED"),
    (azd_cannot_fill_in_the_parameters, "bicep/main.parameters.json", '"alertEmail"', '"email"'),
    (something_is_open, "bicep/data.bicep", "allowBlobPublicAccess: false", "allowBlobPublicAccess: true"),
    (
        something_is_open,
        "terraform/data.tf",
        "shared_access_key_enabled       = false",
        "shared_access_key_enabled = true",
    ),
    (something_is_open, "terraform/host.tf", '"private"', '"blob"'),
    (something_is_open, "bicep/app.bicep", "requireAuthentication: true", "requireAuthentication: false"),
    (a_secret_is_told, "bicep/main.bicep", "@secure()\n", ""),
    (a_secret_is_told, "bicep/main.bicep", "Secret string = ''", "Secret string = 'chosen'"),
    (a_secret_is_told, "bicep/app.bicep", "@secure()\n", ""),
    (a_secret_is_told, "bicep/app.bicep", "output name string = app.name", "output name string = alertSecret"),
    (a_secret_is_told, "terraform/variables.tf", "sensitive   = true", "sensitive   = false"),
    (a_secret_is_told, "terraform/outputs.tf", "azapi_resource.app.name", "var.alert_secret"),
    (sizes_are_not_the_hosts, "uncia.json", '"2048": {"images_at_once": 4', '"2048": {"images_at_once": 9'),
    (some_images_are_not_announced, "uncia.json", '".jpg", ', ""),
    (terraform_has_unknown_words, "terraform/data.tf", "min_tls_version ", "minimum_tls_version "),
]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: f"{mutant[0].__name__}-{mutant[2][:24]}")
def test_each_check_finds_what_it_is_for(mutant: tuple[Check, str, str, str], tmp_path: Path) -> None:
    check, *change = mutant
    assert check(changed(INFRA, tmp_path, *change)) != []


def test_the_page_on_deploying_tells_the_sizes() -> None:
    text = (ROOT / "docs" / "deploying.md").read_text("utf-8")
    for memory, size in shared(INFRA)["sizes"].items():
        row = " | ".join(str(size[key]) for key in ("images_at_once", "messages_at_once", "threads"))
        assert re.search(rf"^\| {memory} \| \S+ \| {re.escape(row)} \|$", text, re.MULTILINE), memory


def test_every_check_that_checkov_leaves_out_has_its_reason() -> None:
    text = (INFRA / ".checkov.yaml").read_text("utf-8")
    left_out = yaml.safe_load(text)["skip-check"]
    assert len(left_out) == len(re.findall(r"^  - CKV\w+ # .{20,}$", text, re.MULTILINE)) > 0


@pytest.mark.parametrize("script", sorted(INFRA.glob("*.sh")), ids=lambda path: path.name)
def test_scripts_are_sound(script: Path) -> None:
    assert subprocess.run(["/bin/sh", "-n", str(script)], check=False).returncode == 0
    assert script.stat().st_mode & 0o111
    assert "set -eu" in script.read_text("utf-8")
