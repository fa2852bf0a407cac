"""What Bicep's compiler and Terraform's validation would say, as far as it can be said without them: decision 0020."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .infrastructure import STAGE_TWO, Check, blocks, changed, missing, parsed
from .test_infrastructure import ARGUMENTS, INFRA

# What every resource of Terraform has that knows it.
EVERYWHERE = {
    "name", "location", "resource_group_name", "resource_group_id", "tags", "parent_id", "storage_account_id", "scopes",
    "scope", "principal_id", "role_definition_id", "workspace_id", "source_id", "subnet_id", "virtual_network_id",
}  # fmt: skip
# Terraform makes up the name, or the place, or knows neither for what lies inside something.
EXCEPT = {
    ("azurerm_role_assignment", "name"), ("azurerm_monitor_action_group", "location"),
    ("azapi_resource", "location"), ("azapi_resource", "tags"),
}  # fmt: skip
# In Bicep, what lies directly in a resource group has these.
PLACED = {"name", "location", "tags"}
UNPLACED = {"Microsoft.Authorization/roleAssignments", "Microsoft.Consumption/budgets"}
VERSION = re.compile(r"\d{4}-\d\d-\d\d(-preview)?")


def config(of: dict[str, Any]) -> dict[str, Any]:
    """The body of a resource or module, within its condition or loop where it has one."""
    inner: dict[str, Any] = of["config"]
    return inner["config"] if "condition" in inner or "loop_type" in inner else inner


def resources(infra: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for file in sorted((infra / "bicep").glob("*.bicep")):
        for symbol, resource in parsed(file).get("resources", {}).items():
            yield file.name, symbol, resource


def modules_do_not_hang_together(infra: Path) -> list[str]:
    files = {file.name: file for file in (infra / "bicep").glob("*.bicep")}
    faults, used = list[str](), {"main.bicep", STAGE_TWO}
    for name, file in files.items():
        text, told = file.read_text("utf-8"), parsed(file)
        faults += [f"{name}: {one} has no use" for one in told.get("parameters", {}) if len(named(one, text)) < 2]
        for symbol, module in told.get("modules", {}).items():
            target = module["detail"]["path"]
            used.add(target)
            there = parsed(files[target])
            given, declared = set(config(module)["params"]), set(there["parameters"])
            faults += [f"{name} to {target}: {fault}" for fault in missing("parameter", declared, given)]
            asked = set(re.findall(rf"\b{symbol}\.outputs\.(\w+)", text))
            faults += [f"{target} has no output {one}" for one in sorted(asked - set(there.get("outputs", {})))]
    return faults + [f"{name} is left out" for name in sorted(set(files) - used)]


def named(word: str, text: str) -> list[str]:
    return re.findall(rf"\b{word}\b", text)


def bicep_lacks_something(infra: Path) -> list[str]:
    faults = []
    for file, symbol, resource in resources(infra):
        inside = resource["type"].count("/") > 1
        set_here = set(config(resource))
        wanted = {"name"} if resource["existing"] or resource["type"] in UNPLACED else PLACED
        wanted = {"name", "parent"} if inside and not resource["existing"] else wanted
        faults += [f"{file}: {symbol} has no {word}" for word in sorted(wanted - set_here)]
        if not VERSION.fullmatch(resource["api_version"]):
            faults.append(f"{file}: {symbol} is of version {resource['api_version']}")
    return faults


def bicep_names_what_is_not_there(infra: Path) -> list[str]:
    faults = []
    for file in sorted((infra / "bicep").glob("*.bicep")):
        text, told = code(file.read_text("utf-8"), "//"), parsed(file)
        kinds = ("parameters", "variables", "resources", "modules")
        known = {"environment", *(name for kind in kinds for name in told.get(kind, {}))}
        known |= {name for found in re.findall(r"\bfor (\w+) in|\b(\w+) =>", text) for name in found if name}
        asked = set(re.findall(r"(?<![\w.'/])(\w+)\.(?:outputs|properties|id|name|identity|key|value)\b", text))
        faults += [f"{file.name}: {name} is nothing" for name in sorted(asked - known)]
        loaded = re.findall(r"load(?:Json|Text)Content\('([^']+)'\)", text)
        faults += [f"{file.name}: no file {name}" for name in loaded if not (file.parent / name).is_file()]
    return faults


def code(text: str, comment: str) -> str:
    """A text without the lines that are comments or descriptions."""
    return "\n".join(one for one in text.splitlines() if not one.strip().startswith((comment, "@description")))


def terraform_lacks_something(infra: Path) -> list[str]:
    faults = []
    for kind, name, body in blocks(infra / "terraform", "resource"):
        known = set(ARGUMENTS.get(kind, {"arguments": []})["arguments"]) & EVERYWHERE
        wanted = {word for word in known if (kind, word) not in EXCEPT}
        faults += [f"{kind}.{name} has no {word}" for word in sorted(wanted - set(body))]
    return faults


def terraform_names_what_is_not_there(infra: Path) -> list[str]:
    texts = [code(file.read_text("utf-8"), "#") for file in sorted((infra / "terraform").glob("*.tf"))]
    text = re.sub(r"^ *description +=.*$", "", "\n".join(texts), flags=re.MULTILINE)
    there = {f"{kind}.{name}" for kind, name in re.findall(r'^(?:resource) "(\w+)" "(\w+)"', text, re.MULTILINE)}
    there |= {f"data.{kind}.{name}" for kind, name in re.findall(r'^data "(\w+)" "(\w+)"', text, re.MULTILINE)}
    there |= {f"var.{name}" for name in re.findall(r'^variable "(\w+)"', text, re.MULTILINE)}
    locals_ = "\n".join(re.findall(r"^locals \{$(.*?)^\}$", text, re.MULTILINE | re.DOTALL))
    there |= {f"local.{name}" for name in re.findall(r"^  (\w+) +=", locals_, re.MULTILINE)}
    asked = set(re.findall(r'(?<![\w."/-])((?:data\.)?(?:azurerm|azapi)_\w+\.\w+|(?:var|local)\.\w+)', text))
    asked |= set(re.findall(r"\$\{((?:\w+\.)?(?:azurerm|azapi)_\w+\.\w+)", text))
    unused = {name for name in there if name.startswith("var.")} - asked
    return [f"{name} is nothing" for name in sorted(asked - there)] + [f"{name} has no use" for name in sorted(unused)]


def versions_differ(infra: Path) -> list[str]:
    """What Terraform makes by Azure's own interface is of the version that Bicep makes it by."""
    versions = {resource["type"]: resource["api_version"] for _, _, resource in resources(infra)}
    made = [(body["type"], name) for kind, name, body in blocks(infra / "terraform", "resource") if "azapi" in kind]
    return [f"{name}: {one}" for one, name in made if versions.get(one.partition("@")[0]) != one.partition("@")[2]]


CHECKS: list[Check] = [
    modules_do_not_hang_together, bicep_lacks_something, bicep_names_what_is_not_there, terraform_lacks_something,
    terraform_names_what_is_not_there, versions_differ,
]  # fmt: skip


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_nothing_is_wrong(check: Check) -> None:
    assert check(INFRA) == []


MUTANTS: list[tuple[Check, str, str, str]] = [
    (modules_do_not_hang_together, "bicep/stack.bicep", "module alerts 'alerts.bicep'", "module alerts 'budget.bicep'"),
    (modules_do_not_hang_together, "bicep/stack.bicep", "    topic: events.outputs.id\n", ""),
    (modules_do_not_hang_together, "bicep/data.bicep", "output id string = storage.id\n", ""),
    (modules_do_not_hang_together, "bicep/app.bicep", "Count: maximumInstances", "Count: 9"),
    (bicep_lacks_something, "bicep/data.bicep", "  parent: blobs\n", ""),
    (bicep_lacks_something, "bicep/telemetry.bicep", "  location: location\n", ""),
    (bicep_lacks_something, "bicep/app.bicep", "sites@2024-11-01", "sites@2024-11"),
    (bicep_names_what_is_not_there, "bicep/app.bicep", "= app.name", "= site.name"),
    (bicep_names_what_is_not_there, "bicep/telemetry.bicep", "../workbook.json", "workbook.json"),
    (terraform_lacks_something, "terraform/host.tf", "  location    ", "  place       "),
    (terraform_lacks_something, "terraform/data.tf", "  storage_account_id = azurerm_storage_account.data.id\n", ""),
    (terraform_names_what_is_not_there, "terraform/app.tf", "= azapi_resource.app.id", "= azapi_resource.site.id"),
    (terraform_names_what_is_not_there, "terraform/main.tf", "= var.location", "= var.region"),
    (versions_differ, "terraform/app.tf", "sites@2024-11-01", "sites@2024-04-01"),
]  # fmt: skip


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: f"{mutant[0].__name__}-{mutant[2][:24]}")
def test_each_check_finds_what_it_is_for(mutant: tuple[Check, str, str, str], tmp_path: Path) -> None:
    check, *change = mutant
    assert check(changed(INFRA, tmp_path, *change)) != []
