"""`uncia doctor --azure`: whether what was deployed is as the infrastructure describes it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from azure.core.exceptions import AzureError

from cli import screen
from cli.deployment import Deployment
from cli.doctor import Finding, finding_of
from cli.management import Read
from cli.stack import ROOT
from shared.errors import UnciaError

# As in infra/bicep.
WEB, GRID, ROLES, GROUP = "2024-04-01", "2022-06-15", "2022-04-01", "2021-04-01"
STORAGE, INSIGHTS = "microsoft.storage/storageaccounts", "microsoft.insights/components"
NOBODY = "00000000-0000-0000-0000-000000000000"
MEANING = {
    401: "Azure does not take your login: sign in to its tenant, `az login --tenant TENANT`",
    403: "your login may not look at resource group {group}: its owner gives you the role Reader there",
    404: "something is missing in resource group {group}: deploy again (`azd up`), which creates it",
}


def examine(here: Deployment, read: Read) -> Iterator[Finding]:
    """The app's functions, the roles of app and Event Grid, and whether uploads are announced."""
    for what, check in (("functions", functions), ("roles", roles), ("events", events)):
        yield finding_of(what, partial(_explaining, here, partial(check, here, read)))


def functions(here: Deployment, read: Read) -> str:
    """Whether the app has every function: one that fails to start has none, and says so nowhere else."""
    ours = re.findall(r'^@app\.function_name\("(\w+)"\)$', ROOT.joinpath("function_app.py").read_text("utf-8"), re.M)
    listed = {str(one["name"]).rpartition("/")[2] for one in read(f"{_site(here)}/functions", WEB, {})["value"]}
    if lacking := [name for name in ours if name not in listed]:
        said = ", ".join(lacking)
        raise UnciaError(f"the app lacks {said}: its log says why it did not start; then deploy again (`azd deploy`)")
    return f"the app has all {len(ours)}"


def roles(here: Deployment, read: Read) -> str:
    """Whether app and Event Grid have the roles that infra/uncia.json lists; one that lacks fails without a word."""
    listed = json.loads(ROOT.joinpath("infra", "uncia.json").read_text("utf-8"))["roles"]
    who = {"app": _identity(read(_site(here), WEB, {})), "topic": _identity(read(_topic(here), GRID, {}))}
    wanted = [role for role in listed if role["who"] in who]
    assigned = {name: _assigned(here, read, principal) for name, principal in who.items()}
    if lacking := missing(wanted, assigned, _scopes(here, read(f"{_group(here)}/resources", GROUP, {})["value"])):
        role = lacking[0]
        whose = {"app": "the app", "topic": "Event Grid"}[role["who"]]
        more = f", and {len(lacking) - 1} more" if len(lacking) > 1 else ""
        raise UnciaError(
            f"{whose} lacks the role {role['role']} ({role['reason']}){more}: "
            "deploy again (`azd up`), and wait ten minutes"
        )
    return f"app and Event Grid have the {len(wanted)} that they need"


def missing(
    wanted: Sequence[dict[str, Any]], assigned: Mapping[str, Sequence[dict[str, Any]]], scopes: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The roles that nothing assigned gives: neither on the resource itself nor on what it lies in."""

    def given(role: dict[str, Any], one: dict[str, Any]) -> bool:
        scope = scopes.get(role["account"], "")
        within = f"{scope}/".startswith(f"{one['properties']['scope'].lower().rstrip('/')}/")
        return bool(scope and within and one["properties"]["roleDefinitionId"].lower().endswith(f"/{role['id']}"))

    return [role for role in wanted if not any(given(role, one) for one in assigned[role["who"]])]


def events(here: Deployment, read: Read) -> str:
    """Whether the event subscription is there, in force, and tells this app."""
    properties = read(f"{_topic(here)}/eventSubscriptions/images", GRID, {})["properties"]
    again = "make it anew with `infra/subscribe.sh` (or `azd deploy`)"
    if (state := properties.get("provisioningState")) != "Succeeded":
        raise UnciaError(f"the event subscription is {state}, not Succeeded: {again}")
    told = str(properties.get("destination", {}).get("properties", {}).get("endpointBaseUrl", ""))
    if not told.lower().startswith(f"{here.url.rstrip('/').lower()}/"):
        raise UnciaError(f"the event subscription tells {told or 'nobody'}, not {here.url}: {again}")
    return "uploads are announced to the app"


def _explaining(here: Deployment, check: Callable[[], str]) -> str:
    try:
        return check()
    except AzureError as error:
        meaning = MEANING.get(getattr(error, "status_code", None) or 0, f"Azure answered: {screen.first_line(error)}")
        raise UnciaError(meaning.replace("{group}", here.group)) from error


def _group(here: Deployment) -> str:
    return f"/subscriptions/{here.subscription}/resourceGroups/{here.group}"


def _site(here: Deployment) -> str:
    return f"{_group(here)}/providers/Microsoft.Web/sites/{here.app}"


def _topic(here: Deployment) -> str:
    return f"{_group(here)}/providers/Microsoft.EventGrid/systemTopics/{here.topic}"


def _identity(resource: Mapping[str, Any]) -> str:
    """Who a resource acts as: the identity given to it, else its own."""
    said = resource.get("identity") or {}
    given = [one["principalId"] for one in (said.get("userAssignedIdentities") or {}).values()]
    return str((given or [said.get("principalId") or NOBODY])[0])


def _assigned(here: Deployment, read: Read, principal: str) -> list[dict[str, Any]]:
    path = f"{_group(here)}/providers/Microsoft.Authorization/roleAssignments"
    found: list[dict[str, Any]] = read(path, ROLES, {"$filter": f"principalId eq '{principal}'"})["value"]
    return found


def _scopes(here: Deployment, resources: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Where the roles of each account are given, in small letters."""
    found = {}
    for one in resources:
        match one["type"].lower():
            case kind if kind == STORAGE:
                found["data" if one["name"] == here.account else "host"] = one["id"].lower()
            case kind if kind == INSIGHTS:
                found["insights"] = one["id"].lower()
    return found
