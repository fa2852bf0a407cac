"""What hangs on what: modules and their parameters, who is given which account, and what the scripts are told.

Literal values are compared in test_infrastructure; references cannot be, so here are those that matter, by name.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from pycep import BicepParser

from cli.deployment import OUTPUTS

from .infrastructure import STAGE_TWO, Check, blocks, changed, missing
from .test_infrastructure import INFRA, ROOT

# azd itself puts these into its environment.
AZD = {"AZURE_SUBSCRIPTION_ID", "AZURE_ENV_NAME"}
# Variables of Terraform that are called otherwise in Bicep, and parameters that only azd has a use for.
CALLED = {"name": "environmentName"}
AZDS_OWN = {"principalId", "principalType"}


def parsed(file: Path) -> dict[str, Any]:
    said: dict[str, Any] = BicepParser().parse(text=file.read_text("utf-8"))
    return said


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
            config = module["config"].get("config", module["config"])  # within its condition, where it has one
            given, declared = set(config["params"]), set(there["parameters"])
            faults += [f"{name} to {target}: {fault}" for fault in missing("parameter", declared, given)]
            asked = set(re.findall(rf"\b{symbol}\.outputs\.(\w+)", text))
            faults += [f"{target} has no output {one}" for one in sorted(asked - set(there.get("outputs", {})))]
    return faults + [f"{name} is left out" for name in sorted(set(files) - used)]


def named(word: str, text: str) -> list[str]:
    return re.findall(rf"\b{word}\b", text)


def choices_differ(infra: Path) -> list[str]:
    """Parameters and variables have the same names and, unless set, the same values."""
    one = {name: said["default"] for name, said in parsed(infra / "bicep" / "main.bicep")["parameters"].items()}
    other = {camel(name): said.get("default") for name, said in variables(infra)}
    faults = missing("choice", one.keys() - AZDS_OWN, set(other))
    return faults + [f"{name} is {one.get(name)} or {value}" for name, value in other.items() if one.get(name) != value]


def variables(infra: Path) -> list[tuple[str, dict[str, Any]]]:
    text = (infra / "terraform" / "variables.tf").read_text("utf-8")
    found = re.findall(r'^variable "(\w+)" \{$(.*?)^\}$', text, re.MULTILINE | re.DOTALL)
    defaults = [(name, re.search(r"^  default +=(.*)$", body, re.MULTILINE)) for name, body in found]
    return [(name, {"default": default and yaml.safe_load(default[1])}) for name, default in defaults]


def camel(name: str) -> str:
    first, *rest = CALLED.get(name, name).split("_")
    return first + "".join(map(str.capitalize, rest))


# What must be given to whom, in the words of either. A wrong one is a missing right, or one too many.
WIRES = [
    ("bicep/stack.bicep", r"module roles .*?host: host\.outputs\.account\n"),
    ("bicep/stack.bicep", r"module roles .*?data: data\.outputs\.account\n"),
    ("bicep/stack.bicep", r"module roles .*?app: identity\.outputs\.principalId\n"),
    ("bicep/stack.bicep", r"module roles .*?topic: events\.outputs\.principalId\n"),
    ("bicep/stack.bicep", r"module roles .*?person: principalId\n"),
    ("bicep/stack.bicep", r"module app .*?identity: identity\.outputs\.id\n\s*clientId: identity\.outputs\.clientId\n"),
    ("bicep/stack.bicep", r"module app .*?host: host\.outputs\.account\n\s*data: data\.outputs\.account\n"),
    ("bicep/stack.bicep", r"module app .*?package: host\.outputs\.package\n"),
    ("bicep/stack.bicep", r"module app .*?dependsOn: \[roles\]\n"),
    ("bicep/stack.bicep", r"module events .*?account: data\.outputs\.id\n"),
    ("bicep/stack.bicep", r"module network .*?accounts: \[host\.outputs\.id, data\.outputs\.id\]\n"),
    ("bicep/stack.bicep", r"module alerts .*?insights: telemetry\.outputs\.id\n\s*topic: events\.outputs\.id\n"),
    ("bicep/roles.bicep", r"onHost = filter\(shared\.roles, role => role\.account == 'host'\)\n"),
    ("bicep/roles.bicep", r"onData = filter\(shared\.roles, role => role\.account == 'data' && "),
    ("bicep/roles.bicep", r"app: app\n\s*topic: topic\n\s*person: person\n"),
    ("bicep/roles.bicep", r"for role in onHost: \{\n[^}]*scope: hostAccount\n"),
    ("bicep/roles.bicep", r"for role in onData: \{\n[^}]*scope: dataAccount\n"),
    ("bicep/app.bicep", r"AzureWebJobsStorage__accountName: host\n"),
    ("bicep/app.bicep", r"\n  Storage__accountName: data\n"),
    ("bicep/app.bicep", r"clientSecretSettingName: 'OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID'\n"),
    ("bicep/app.bicep", r"'\$\{identity\}': \{\}\n"),
    ("bicep/main.bicep", r"principalId: principalId\n"),
    ("bicep/subscription.bicep", r"resourceId: storage\.id\n"),
    ("bicep/subscription.bicep", r"values: shared\.operations\n.*values: shared\.suffixes\n"),
    (
        "bicep/subscription.bicep",
        r"code=\$\{listKeys\('\$\{site\.id\}/host/default', [^)]*\)\.systemKeys\.blobs_extension\}",
    ),
    (
        "terraform/roles.tf",
        r"host += azurerm_storage_account\.host\.id\n\s*data += azurerm_storage_account\.data\.id\n",
    ),
    ("terraform/roles.tf", r"app += azurerm_user_assigned_identity\.app\.principal_id\n"),
    ("terraform/roles.tf", r"topic += azurerm_eventgrid_system_topic\.images\.identity\[0\]\.principal_id\n"),
    ("terraform/roles.tf", r"person += data\.azurerm_client_config\.person\.object_id\n"),
    ("terraform/roles.tf", r"scope += local\.scopes\[each\.value\.account\]\n"),
    ("terraform/roles.tf", r"principal_id += local\.who\[each\.value\.who\]\n"),
    ("terraform/app.tf", r"AzureWebJobsStorage__accountName += azurerm_storage_account\.host\.name\n"),
    ("terraform/app.tf", r"\n\s*Storage__accountName += azurerm_storage_account\.data\.name\n"),
    ("terraform/app.tf", r'value = "\$\{azurerm_storage_account\.host\.primary_blob_endpoint\}'),
    ("terraform/app.tf", r"identity_ids = \[azurerm_user_assigned_identity\.app\.id\]\n"),
    (
        "terraform/app.tf",
        r"depends_on = \[\n\s*azurerm_role_assignment\.roles,\n[^]]*azurerm_private_endpoint\.storage",
    ),
    ("terraform/alerts.tf", r"scopes += \[azurerm_application_insights\.uncia\.id\]\n"),
    ("terraform/alerts.tf", r"scopes += \[azurerm_eventgrid_system_topic\.images\.id\]\n"),
    ("terraform/events.tf", r"source_arm_resource_id = azurerm_storage_account\.data\.id\n"),
    ("terraform/network.tf", r"host = azurerm_storage_account\.host\.id, data = azurerm_storage_account\.data\.id \}"),
    ("terraform/deploy.tf", r"triggers_replace = \[local\.digest, azapi_resource\.app\.id\]\n"),
    ("terraform/deploy.tf", r"depends_on += \[azapi_update_resource\.sign_in, azurerm_role_assignment\.roles\]\n"),
]


def something_hangs_on_another_thing(infra: Path) -> list[str]:
    texts = {file: (infra / file).read_text("utf-8") for file, _ in WIRES}
    return [f"{file} lacks {wire}" for file, wire in WIRES if not re.search(wire, texts[file], re.DOTALL)]


def scripts_are_not_told_what_they_need(infra: Path) -> list[str]:
    outputs = set(parsed(infra / "bicep" / "main.bicep")["outputs"]) | AZD
    text = (infra / "terraform" / "outputs.tf").read_text("utf-8")
    terraform = set(re.findall(r'^output "(\w+)"', text, re.MULTILINE))
    deploy = (infra / "terraform" / "deploy.tf").read_text("utf-8")
    given = set(re.findall(r"^ +([A-Z]\w+) +=", deploy, re.MULTILINE))
    needs = {file.name: set(re.findall(r"\$([A-Z]\w+)", file.read_text("utf-8"))) for file in infra.glob("*.sh")}
    azd = needs["subscribe.sh"] | needs["budget.sh"]
    return (
        [f"azd does not put out {name}" for name in sorted((azd | set(OUTPUTS.values())) - outputs)]
        + [f"Terraform does not put out {name}" for name in sorted(set(OUTPUTS.values()) - terraform)]
        + [f"deploy.tf does not tell {n}" for n in sorted((needs["subscribe.sh"] | needs["publish.sh"]) - given)]
    )


def stages_are_left_out(infra: Path) -> list[str]:
    hooks = yaml.safe_load(ROOT.joinpath("azure.yaml").read_text("utf-8"))
    said = {name: hook["run"] for name, hook in hooks["hooks"].items()}
    (deploy,) = [body for kind, _, body in blocks(infra / "terraform", "resource") if kind == "terraform_data"]
    command = deploy["provisioner"][0]["local-exec"]["command"]
    stages = re.findall(r"\.\./(\w+)\.sh", command)
    return [
        *(["azd does not look for the month of the budget"] if said.get("preprovision") != "infra/budget.sh" else []),
        *(["azd does not subscribe"] if said.get("postdeploy") != "infra/subscribe.sh" else []),
        *([f"Terraform does {stages}"] if stages != ["package", "publish", "subscribe"] else []),
    ]


CHECKS: list[Check] = [
    modules_do_not_hang_together, choices_differ, something_hangs_on_another_thing,
    scripts_are_not_told_what_they_need, stages_are_left_out,
]  # fmt: skip


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_nothing_is_wrong(check: Check) -> None:
    assert check(INFRA) == []


MUTANTS: list[tuple[Check, str, str, str]] = [
    (modules_do_not_hang_together, "bicep/stack.bicep", "module alerts 'alerts.bicep'", "module alerts 'budget.bicep'"),
    (modules_do_not_hang_together, "bicep/stack.bicep", "    topic: events.outputs.id\n", ""),
    (modules_do_not_hang_together, "bicep/data.bicep", "output id string = storage.id\n", ""),
    (modules_do_not_hang_together, "bicep/app.bicep", "Count: maximumInstances", "Count: 9"),
    (choices_differ, "bicep/main.bicep", "maximumInstances int = 40", "maximumInstances int = 100"),
    (choices_differ, "terraform/variables.tf", 'variable "cool_after_days"', 'variable "cool_days"'),
    (choices_differ, "terraform/variables.tf", "default     = false", "default     = true"),
    (something_hangs_on_another_thing, "bicep/stack.bicep", "app: identity.outputs", "app: events.outputs"),
    (something_hangs_on_another_thing, "terraform/roles.tf", "account.host.id", "account.data.id"),
    (something_hangs_on_another_thing, "bicep/roles.bicep", "scope: dataAccount", "scope: hostAccount"),
    (something_hangs_on_another_thing, "terraform/app.tf", "azurerm_role_assignment.roles,", ""),
    (scripts_are_not_told_what_they_need, "bicep/main.bicep", "output UNCIA_TOPIC", "output TOPIC"),
    (scripts_are_not_told_what_they_need, "terraform/deploy.tf", "UNCIA_SCM  ", "UNCIA_SITE "),
    (scripts_are_not_told_what_they_need, "terraform/outputs.tf", 'output "UNCIA_URL"', 'output "URL"'),
    (stages_are_left_out, "terraform/deploy.tf", " && ../subscribe.sh", ""),
]  # fmt: skip


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: f"{mutant[0].__name__}-{mutant[2][:24]}")
def test_each_check_finds_what_it_is_for(mutant: tuple[Check, str, str, str], tmp_path: Path) -> None:
    check, *change = mutant
    assert check(changed(INFRA, tmp_path, *change)) != []
