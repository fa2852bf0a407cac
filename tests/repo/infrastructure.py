"""Both infrastructures read into one form: resources by Azure's own types, with what is set in them.

pycep and python-hcl2 parse; here azurerm's words are put into Azure's. What follows from something else is COMPUTED:
a parameter of the one and a variable of the other cannot be told apart, literal values can.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import hcl2
from pycep import BicepParser

COMPUTED = "(computed)"
# Where a resource lies and what it waits for: said in other ways by the two.
BESIDES = {"location", "tags", "parent", "scope", "dependsOn"}
SERVICES = re.compile(r"/(blob|queue|table)Services$")

type Set = dict[str, Any]
type Resource = tuple[str, Set]
# Says what is wrong below a folder of infrastructures.
type Check = Callable[[Path], list[str]]

STORAGE = "Microsoft.Storage/storageAccounts"
# Written inside the resource that they belong to by Terraform.
INSIDE = "Microsoft.Network/privateEndpoints/privateDnsZoneGroups"
# The second stage, which ../subscribe.sh makes after either of the two.
STAGE_TWO = "subscription.bicep"
# azurerm's arguments by Azure's properties ("" where Azure has none), and what a property implies in azurerm.
AZURERM: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("azurerm_words.json").read_text("utf-8"))
# Azure names a role by a GUID, which Bicep computes and Terraform makes; a policy is always called default.
UNNAMED = {"azurerm_role_assignment", "azurerm_storage_management_policy"}
NAMED_BY_AZURE = {AZURERM[kind]["azure"] for kind in UNNAMED}
BY_TERRAFORM = {"count", "for_each", "depends_on", "resource_group_name"}
# The same thing, called otherwise.
CALLED = {"private": "None"}
# Of some forty files one is changed at a time, and every check reads them all: a text is parsed once.
TEXTS = 128


def bicep(folder: Path) -> list[Resource]:
    """The resources of every Bicep file but those that exist already, and the second stage's."""
    files = [file for file in sorted(folder.glob("*.bicep")) if file.name != STAGE_TWO]
    return [resource for file in files for resource in _of_bicep(file)]


def parsed(file: Path) -> dict[str, Any]:
    """What pycep makes of a Bicep file."""
    return _bicep(file.read_text("utf-8"))


@lru_cache(TEXTS)
def _bicep(text: str) -> dict[str, Any]:
    told: dict[str, Any] = _parser().parse(text=text)
    return told


@cache
def _parser() -> BicepParser:
    return BicepParser()


def literals(body: Mapping[str, Any]) -> Set:
    """The values in a body of Bicep by their path."""
    return dict(_flat(body, set()))


def _of_bicep(file: Path) -> Iterator[Resource]:
    told = parsed(file)
    symbols = {*told.get("parameters", {}), *told.get("variables", {}), *told.get("resources", {})}
    found = {name: one for name, one in told.get("resources", {}).items() if not one["existing"]}
    sets = {name: dict(_flat(_body(one["config"]), symbols | _loop(one["config"]))) for name, one in found.items()}
    for name, one in found.items():
        parent = _body(one["config"]).get("parent")
        if SERVICES.search(one["type"]):
            kind = SERVICES.search(one["type"])[1]  # type: ignore[index]
            sets[parent] |= {
                key.replace("properties", kind): value for key, value in sets[name].items() if key != "name"
            }
    for name, one in found.items():
        if one["type"] in NAMED_BY_AZURE:
            del sets[name]["name"]
        if not SERVICES.search(one["type"]) and one["type"] != INSIDE:
            yield one["type"], sets[name]


def _body(config: Mapping[str, Any]) -> Mapping[str, Any]:
    return config["config"] if "loop_type" in config else config


def _loop(config: Mapping[str, Any]) -> set[str]:
    detail = config.get("loop_type", {}).get("detail", {})
    return {value for key, value in detail.items() if key.endswith("name") and isinstance(value, str)}


def _flat(value: Any, symbols: set[str], path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and not _is_expression(value):
        for key, inner in value.items():
            if path or key not in BESIDES:
                yield from _flat(inner, symbols, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list) and any(isinstance(one, dict) and not _is_expression(one) for one in value):
        for place, one in enumerate(value):
            yield from _flat(one, symbols, f"{path}[{place}]")
    else:
        yield path, _literal(value, symbols)


def _is_expression(value: dict[str, Any]) -> bool:
    return any(isinstance(value.get(key), dict) for key in ("operator", "function", "loop_type"))


def _literal(value: Any, symbols: set[str]) -> Any:
    if isinstance(value, list):
        each = [_literal(one, symbols) for one in value]
        return COMPUTED if COMPUTED in each else each[0] if len(each) == 1 else each
    is_computed = isinstance(value, dict) or (isinstance(value, str) and (value in symbols or "${" in value))
    return COMPUTED if is_computed or value is None else CALLED.get(str(value), value)


def terraform(folder: Path) -> list[Resource]:
    """The resources of every Terraform file, in Azure's words; raises KeyError for an argument without one."""
    return [_in_azures_words(kind, body) for kind, _, body in blocks(folder, "resource") if kind != "terraform_data"]


def blocks(folder: Path, kind: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Type, name and body of every block of a kind."""
    for file in sorted(folder.glob("*.tf")):
        for block in _hcl(file.read_text("utf-8")).get(kind, []):
            for one, named in block.items():
                for name, body in named.items() if isinstance(named, dict) else ():
                    yield one, name, body


@lru_cache(TEXTS)
def _hcl(text: str) -> dict[str, Any]:
    told: dict[str, Any] = _plain(hcl2.loads(text))
    return told


def _plain(value: Any) -> Any:
    """What python-hcl2 gives, without its quotes and marks."""
    if isinstance(value, dict):
        return {_plain(key): _plain(inner) for key, inner in value.items() if not key.startswith("__")}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, str) and value.startswith('"') and value.endswith('"'):
        return value[1:-1]
    return value


def _in_azures_words(kind: str, body: dict[str, Any]) -> Resource:
    if kind in ("azapi_resource", "azapi_update_resource"):
        own = _body_of_azapi(body)
        return body["type"].partition("@")[0], dict(_flat(own, set()))
    said, found = AZURERM[kind], {} if kind in UNNAMED else {"name": _literal(body.get("name"), set())}
    for key, value in _flat({key: inner for key, inner in body.items() if key not in BY_TERRAFORM | {"name"}}, set()):
        word = said["words"].get(key) or said["words"][key.replace("[0]", "")]
        both = f"{found[word]}_{value}" if word in found else value
        found[word] = COMPUTED if COMPUTED in (found.get(word), value) else both
    found.pop("", None)
    for word in found.keys() & said["implied"].keys():
        found |= said["implied"][word]
    return said["azure"], found


def _body_of_azapi(body: dict[str, Any]) -> dict[str, Any]:
    own = {"name": body.get("name")} | body["body"]
    if identity := body.get("identity"):
        own["identity"] = {"type": identity[0]["type"], "userAssignedIdentities": {"${identity}": {}}}
    return own


def difference(one: list[Resource], other: list[Resource]) -> list[str]:
    """What only one of two infrastructures has, in words; nothing where they are the same."""
    first, second = (sorted({json.dumps(each, sort_keys=True) for each in resources}) for resources in (one, other))
    return [f"only in the first: {each}" for each in first if each not in second] + [
        f"only in the second: {each}" for each in second if each not in first
    ]


def missing(what: str, wanted: set[str], found: set[str]) -> list[str]:
    """What is wanted and not there, and what is there and not wanted, in words."""
    return [f"{what} {name} is missing" for name in sorted(wanted - found)] + [
        f"{what} {name} is nobody's" for name in sorted(found - wanted)
    ]


def changed(infra: Path, copy: Path, file: str, before: str, after: str) -> Path:
    """A copy of the infrastructures with one change in one file."""
    shutil.copytree(infra, copy / "infra", ignore=shutil.ignore_patterns(".terraform"))
    text = (copy / "infra" / file).read_text("utf-8")
    assert before in text
    (copy / "infra" / file).write_text(text.replace(before, after, 1), "utf-8")
    return copy / "infra"
