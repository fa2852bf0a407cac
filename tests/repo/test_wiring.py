"""What hangs on what: modules and their parameters, who is given which account, and what the scripts are told.

Literal values are compared in test_infrastructure; references cannot be, so here are those that matter, by name.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.deployment import OUTPUTS

from .infrastructure import COMPUTED, STAGE_TWO, Check, bicep, blocks, changed, difference, literals, missing, parsed
from .test_infrastructure import INFRA, ROOT, settings
from .test_validity import config, resources

# azd itself puts these into its environment.
AZD = {"AZURE_SUBSCRIPTION_ID", "AZURE_ENV_NAME"}
# Set by nobody but the tests of the scripts.
TESTS_OWN = {"UNCIA_PAUSE_SECONDS"}
# Variables of Terraform that are called otherwise in Bicep, and parameters that only azd has a use for.
CALLED = {"name": "environmentName"}
AZDS_OWN = {"principalId", "principalType"}


def choices_differ(infra: Path) -> list[str]:
    """Parameters and variables have the same names and, unless set, the same values."""
    declared = parsed(infra / "bicep" / "main.bicep")["parameters"].items()
    one = {name: (said["default"], allowed(said)) for name, said in declared}
    other = {camel(name): said for name, *said in variables(infra)}
    faults = missing("choice", one.keys() - AZDS_OWN, set(other))
    return faults + [
        f"{name} is {one.get(name)} or {value}" for name, value in other.items() if one.get(name) != tuple(value)
    ]


def allowed(parameter: dict[str, Any]) -> list[str]:
    found: list[list[str]] = [one["argument"] for one in parameter["decorators"] if one["type"] == "allowed"]
    return found[0] if found else []


def variables(infra: Path) -> list[tuple[str, Any, list[str]]]:
    """Name, default and allowed values of Terraform's variables."""
    text = (infra / "terraform" / "variables.tf").read_text("utf-8")
    found = re.findall(r'^variable "(\w+)" \{$(.*?)^\}$', text, re.MULTILINE | re.DOTALL)
    default, some = r"default +=(.*)$", r"contains\((\[.*?\]),"
    return [
        (name, yaml.safe_load(said(body, default)), yaml.safe_load(said(body, some) or "[]")) for name, body in found
    ]


def said(body: str, pattern: str) -> str:
    found = re.search(pattern, body, re.MULTILINE)
    return found[1] if found else ""


def camel(name: str) -> str:
    first, *rest = CALLED.get(name, name).split("_")
    return first + "".join(map(str.capitalize, rest))


WIRES: dict[str, dict[str, list[str]]] = yaml.safe_load(Path(__file__).with_name("wires.yaml").read_text("utf-8"))


def something_hangs_on_another_thing(infra: Path) -> list[str]:
    faults = []
    for file, blocks_of_it in WIRES.items():
        text = (infra / file).read_text("utf-8")
        for header, wanted in blocks_of_it.items():
            found = {" ".join(line.split()) for line in within(text, header)}
            faults += [f"{file}, {header}: no {wire}" for wire in wanted if not any(says(one, wire) for one in found)]
    return faults


def within(text: str, header: str) -> list[str]:
    """The lines of every outermost block or line that begins with a word."""
    found, inside = list[str](), False
    for line in text.splitlines():
        inside = line.startswith(header) or (inside and (not line or line[0] in " }])"))
        found += [line] * inside
    return found


def says(line: str, wire: str) -> bool:
    """Whether a wire is a line, or stands in one between other things."""
    return wire in line and bool(re.search(rf"(?<![\w.]){re.escape(wire)}(?![\w.'])", line))


def parameters_are_not_passed_on(infra: Path) -> list[str]:
    """What a file is given under a name, it gives on under the same name."""
    faults = []
    for file in (infra / "bicep" / "main.bicep", infra / "bicep" / "stack.bicep"):
        told = parsed(file)
        for module in told["modules"].values():
            for name, value in config(module)["params"].items():
                if name in told["parameters"] and value != name and f"${{{name}}}" not in str(value):
                    faults.append(f"{file.name} gives {module['detail']['path']} {value} for {name}")
    return faults


def promises_are_broken(infra: Path) -> list[str]:
    """What both leave out alike, comparing the two does not find."""
    promised = yaml.safe_load(Path(__file__).with_name("promised.yaml").read_text("utf-8"))
    given = dict(one.split("=", 1) for one in settings(infra)[0])
    of = {(one["type"], one["api_version"]) for _, _, one in resources(infra)}
    kept = [
        (kind, {key: value for key, value in told.items() if value != COMPUTED})
        for kind, told in bicep(infra / "bicep")
    ]
    wanted = [(kind, told) for kind, many in promised["resources"].items() for told in many]
    return (
        [f"setting {one}" for one in sorted(given.items() ^ promised["settings"].items())]
        + [f"version {one}" for one in sorted(of ^ promised["versions"].items())]
        + difference(kept, wanted)
    )


# What subscription.bicep has to say, which has no twin: `subscribe.sh` makes it after either.
SUBSCRIPTION = {
    "destination.endpointType": "WebHook", "destination.properties.maxEventsPerBatch": 1,
    "eventDeliverySchema": "EventGridSchema", "filter.includedEventTypes": "Microsoft.Storage.BlobCreated",
    "filter.subjectBeginsWith": "/blobServices/default/containers/images/blobs/",
    "filter.enableAdvancedFilteringOnArrays": True,
    "filter.advancedFilters[0].operatorType": "StringIn", "filter.advancedFilters[0].key": "data.api",
    "filter.advancedFilters[1].operatorType": "StringEndsWith", "filter.advancedFilters[1].key": "subject",
    "retryPolicy.maxDeliveryAttempts": 30, "retryPolicy.eventTimeToLiveInMinutes": 1440,
    "deadLetterWithResourceIdentity.identity.type": "SystemAssigned",
    "deadLetterWithResourceIdentity.deadLetterDestination.endpointType": "StorageBlob",
    "deadLetterWithResourceIdentity.deadLetterDestination.properties.blobContainerName": "dead-letters",
}  # fmt: skip
SAID = [
    "name: 'images'", "parent: systemTopic", "resourceId: storage.id",
    "values: shared.operations", "values: shared.suffixes",
    "endpointUrl: 'https://${site.properties.defaultHostName}/runtime/webhooks/blobs?functionName=Host.Functions.featurize"
    "&code=${listKeys('${site.id}/host/default', '2023-12-01').systemKeys.blobs_extension}'",
]  # fmt: skip


def images_are_announced_otherwise(infra: Path) -> list[str]:
    text = (infra / "bicep" / STAGE_TWO).read_text("utf-8")
    body = parsed(infra / "bicep" / STAGE_TWO)["resources"]["subscription"]["config"]["properties"]
    found = {key: value for key, value in literals(body).items() if key in SUBSCRIPTION}
    lines = {" ".join(line.split()) for line in within(text, "resource subscription")}
    return [f"{key} is {found.get(key)}" for key, value in SUBSCRIPTION.items() if found.get(key) != value] + [
        f"{STAGE_TWO} lacks {one}" for one in SAID if one not in lines
    ]


def scripts_are_not_told_what_they_need(infra: Path) -> list[str]:
    outputs = set(parsed(infra / "bicep" / "main.bicep")["outputs"]) | AZD
    text = (infra / "terraform" / "outputs.tf").read_text("utf-8")
    terraform = set(re.findall(r'^output "(\w+)"', text, re.MULTILINE))
    deploy = (infra / "terraform" / "deploy.tf").read_text("utf-8")
    given = set(re.findall(r"^ +([A-Z]\w+) +=", deploy, re.MULTILINE))
    needs = {
        file.name: set(re.findall(r"\$\{?([A-Z]\w+)", file.read_text("utf-8"))) - TESTS_OWN
        for file in infra.glob("*.sh")
    }
    azd = needs["subscribe.sh"] | needs["budget.sh"]
    return (
        [f"azd does not put out {name}" for name in sorted((azd | set(OUTPUTS.values())) - outputs)]
        + [f"Terraform does not put out {name}" for name in sorted(set(OUTPUTS.values()) - terraform)]
        + [f"deploy.tf does not tell {n}" for n in sorted((needs["subscribe.sh"] | needs["publish.sh"]) - given)]
    )


def stages_are_left_out(infra: Path) -> list[str]:
    fetch = "{ test -s models/backbone.onnx || uncia backbone fetch; } && infra/compile.sh"
    runs = dict.fromkeys(("preup", "preprovision"), "infra/budget.sh")
    runs |= {"prepackage": fetch, "postdeploy": "infra/subscribe.sh"}
    azd = {
        "name": "uncia",
        "infra": {"provider": "bicep", "path": "infra/bicep", "module": "main"},
        "services": {"uncia": {"project": ".", "language": "python", "host": "function"}},
        "hooks": {name: {"shell": "sh", "run": run} for name, run in runs.items()},
    }
    (deploy,) = [body for kind, _, body in blocks(infra / "terraform", "resource") if kind == "terraform_data"]
    command = deploy["provisioner"][0]["local-exec"]["command"]
    stages = re.findall(r"\.\./(\w+)\.sh", command)
    return [
        *(["azd does something else"] if yaml.safe_load(ROOT.joinpath("azure.yaml").read_text("utf-8")) != azd else []),
        *([f"Terraform does {stages}"] if stages != ["package", "publish", "subscribe"] else []),
    ]


CHECKS: list[Check] = [
    choices_differ, parameters_are_not_passed_on, promises_are_broken, something_hangs_on_another_thing,
    images_are_announced_otherwise,    scripts_are_not_told_what_they_need, stages_are_left_out,
]  # fmt: skip


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_nothing_is_wrong(check: Check) -> None:
    assert check(INFRA) == []


MUTANTS: list[tuple[Check, str, str, str]] = [
    (choices_differ, "bicep/main.bicep", "maximumInstances int = 40", "maximumInstances int = 100"),
    (choices_differ, "terraform/variables.tf", 'variable "cool_after_days"', 'variable "cool_days"'),
    (choices_differ, "terraform/variables.tf", "default     = false", "default     = true"),
    (choices_differ, "bicep/main.bicep", "['512', '2048', '4096']", "['512', '1024', '4096']"),
    (something_hangs_on_another_thing, "bicep/stack.bicep", "host: host.outputs", "host: data.outputs"),
    (something_hangs_on_another_thing, "bicep/stack.bicep", "app: identity.outputs", "app: events.outputs"),
    (something_hangs_on_another_thing, "terraform/roles.tf", "account.host.id", "account.data.id"),
    (something_hangs_on_another_thing, "bicep/roles.bicep", "scope: dataAccount", "scope: hostAccount"),
    (something_hangs_on_another_thing, "terraform/app.tf", "azurerm_role_assignment.roles,", ""),
    (something_hangs_on_another_thing, "terraform/data.tf", '? "Deny" : "Allow"', '? "Allow" : "Allow"'),
    (parameters_are_not_passed_on, "bicep/stack.bicep", "instanceMemory: instanceMemory", "instanceMemory: '2048'"),
    (parameters_are_not_passed_on, "bicep/main.bicep", "principalType: principalType", "principalType: 'User'"),
    (promises_are_broken, "bicep/app.bicep", "  Storage__credential: 'managedidentity'\n", ""),
    (promises_are_broken, "bicep/data.bicep", "isVersioningEnabled: true", "isVersioningEnabled: false"),
    (promises_are_broken, "bicep/app.bicep", "['/api/health', '/runtime/webhooks/blobs']", "['/']"),
    (promises_are_broken, "bicep/app.bicep", "sites@2024-11-01", "sites@2022-03-01"),
    (images_are_announced_otherwise, "bicep/subscription.bicep", "values: shared.suffixes", "values: ['.jpg']"),
    (images_are_announced_otherwise, "bicep/subscription.bicep", "containers/images/blobs/", "containers/images"),
    (images_are_announced_otherwise, "bicep/subscription.bicep", "'SystemAssigned'", "'UserAssigned'"),
    (images_are_announced_otherwise, "bicep/subscription.bicep", "Functions.featurize", "Functions.featurise"),
    (scripts_are_not_told_what_they_need, "bicep/main.bicep", "output UNCIA_TOPIC", "output TOPIC"),
    (scripts_are_not_told_what_they_need, "terraform/deploy.tf", "UNCIA_SCM  ", "UNCIA_SITE "),
    (scripts_are_not_told_what_they_need, "terraform/outputs.tf", 'output "UNCIA_URL"', 'output "URL"'),
    (stages_are_left_out, "terraform/deploy.tf", " && ../subscribe.sh", ""),
]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: f"{mutant[0].__name__}-{mutant[2][:24]}")
def test_each_check_finds_what_it_is_for(mutant: tuple[Check, str, str, str], tmp_path: Path) -> None:
    check, *change = mutant
    assert check(changed(INFRA, tmp_path, *change)) != []
