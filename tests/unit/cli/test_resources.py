"""Every sentence of the doctor on the resources that were deployed; and how Azure is asked about them."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from azure.core.credentials import AccessToken
from azure.core.exceptions import HttpResponseError, ServiceRequestError
from azure.core.pipeline.transport import RequestsTransport

from cli import management, resources
from cli.deployment import Deployment
from cli.doctor import Finding

HERE = Deployment(
    subscription="0815", group="rg-ridge", app="func-ridge", topic="evgt-ridge", account="unciadata1",
    url="https://func-ridge.azurewebsites.net",
)  # fmt: skip
GROUP = "/subscriptions/0815/resourceGroups/rg-ridge"
STORAGE = "Microsoft.Storage/storageAccounts"
SCOPES = {
    "host": f"{GROUP}/providers/{STORAGE}/unciahost1",
    "data": f"{GROUP}/providers/{STORAGE}/unciadata1",
    "insights": f"{GROUP}/providers/microsoft.insights/components/appi-ridge",
}
SITE = f"{GROUP}/providers/Microsoft.Web/sites/func-ridge"
TOPIC = f"{GROUP}/providers/Microsoft.EventGrid/systemTopics/evgt-ridge"
LISTED = json.loads(Path(__file__).parents[3].joinpath("infra", "uncia.json").read_text("utf-8"))["roles"]
FUNCTIONS = [
    "featurize", "aggregate", "retrain", "finalize", "notify", "sweep", "reconcile", "bury", "health", "pages", "about",
    "wall", "happened", "preview", "image", "export", "decisions",
]  # fmt: skip
ROLE = "/subscriptions/0815/providers/Microsoft.Authorization/roleDefinitions/"


def assignments(who: str) -> dict[str, Any]:
    given = [role for role in LISTED if role["who"] == who]
    return {"value": [{"properties": {"roleDefinitionId": ROLE + role["id"], "scope": SCOPES[role["account"]]}}
                      for role in given]}  # fmt: skip


def sound() -> dict[str, Any]:
    """What Azure says of a deployment without a fault, by path; assignments by principal."""
    kinds = {"host": STORAGE, "data": STORAGE, "insights": "microsoft.insights/components"}
    listed = [
        {"id": scope, "name": scope.rpartition("/")[2], "type": kinds[account]} for account, scope in SCOPES.items()
    ]
    return {
        SITE: {"identity": {"userAssignedIdentities": {"/id-ridge": {"principalId": "app-1", "clientId": "2"}}}},
        TOPIC: {"identity": {"type": "SystemAssigned", "principalId": "topic-1"}},
        f"{SITE}/functions": {"value": [{"name": f"func-ridge/{name}"} for name in FUNCTIONS]},
        f"{GROUP}/resources": {"value": [*listed, {"id": f"{GROUP}/x", "name": "x", "type": "Microsoft.Web/sites"}]},
        f"{TOPIC}/eventSubscriptions/images": {
            "properties": {
                "provisioningState": "Succeeded",
                "destination": {"properties": {"endpointBaseUrl": f"{HERE.url}/runtime/webhooks/blobs"}},
            }
        },
        "principalId eq 'app-1'": assignments("app"),
        "principalId eq 'topic-1'": assignments("topic"),
    }


def found(said: Mapping[str, Any]) -> dict[str, Finding]:
    def read(path: str, version: str, query: Mapping[str, str]) -> Any:
        answer = said[query.get("$filter", path)]
        if isinstance(answer, Exception):
            raise answer
        return copy.deepcopy(answer)

    return {finding.what: finding for finding in resources.examine(HERE, read)}


def test_a_sound_deployment_has_nothing_to_mend() -> None:
    own = sum(role["who"] != "person" for role in LISTED)
    assert [(one.what, one.well, one.said) for one in found(sound()).values()] == [
        ("functions", True, f"the app has all {len(FUNCTIONS)}"),
        ("roles", True, f"app and Event Grid have the {own} that they need"),
        ("events", True, "uploads are announced to the app"),
    ]


@pytest.mark.parametrize("role", [role for role in LISTED if role["who"] != "person"], ids=lambda role: role["name"])
def test_each_role_that_is_missing_is_named_with_its_reason(role: dict[str, str]) -> None:
    said = sound()
    of = said[f"principalId eq '{role['who']}-1'"]["value"]
    of[:] = [one for one in of if one["properties"] != {"roleDefinitionId": ROLE + role["id"],
                                                       "scope": SCOPES[role["account"]]}]  # fmt: skip
    whose = {"app": "the app", "topic": "Event Grid"}[role["who"]]
    finding = found(said)["roles"]
    assert not finding.well
    assert finding.said.startswith(f"{whose} lacks the role {role['role']} ({role['reason']}): deploy again")


def test_a_role_on_another_account_is_none_and_one_on_the_group_is_one() -> None:
    said = sound()
    rows = said["principalId eq 'topic-1'"]["value"]
    rows[0]["properties"]["scope"] = SCOPES["data"] + "0"  # whose name only begins like it
    assert found(said)["roles"].said.startswith("Event Grid lacks the role Storage Blob Data Contributor")
    rows[0]["properties"]["scope"] = GROUP.upper()
    assert found(said)["roles"].well


def test_an_app_without_an_identity_lacks_all_its_roles() -> None:
    said = sound() | {SITE: {}, f"principalId eq '{resources.NOBODY}'": {"value": []}}
    own = sum(role["who"] == "app" for role in LISTED)
    assert f", and {own - 1} more: deploy again" in found(said)["roles"].said


def test_functions_that_did_not_start_are_named() -> None:
    said = sound()
    said[f"{SITE}/functions"]["value"].pop(0)
    assert found(said)["functions"] == Finding(
        "functions", False,
        f"the app lacks {FUNCTIONS[0]}: its log says why it did not start; then deploy again (`azd deploy`)",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"provisioningState": "AwaitingManualAction"},
            "the event subscription is AwaitingManualAction, not Succeeded",
        ),
        ({"destination": {"properties": {"endpointBaseUrl": "https://old.example/x"}}}, "tells https://old.example/x,"),
        ({"destination": {"properties": {"endpointBaseUrl": f"{HERE.url}.evil.example/"}}}, "evil.example/, not https"),
        ({"destination": {}}, "the event subscription tells nobody, not https://func-ridge.azurewebsites.net"),
    ],
)
def test_a_subscription_that_does_not_tell_this_app_is_found(change: dict[str, Any], sentence: str) -> None:
    said = sound()
    said[f"{TOPIC}/eventSubscriptions/images"]["properties"] |= change
    finding = found(said)["events"]
    assert not finding.well
    assert sentence in finding.said
    assert "infra/subscribe.sh" in finding.said


def refusal(status: int) -> HttpResponseError:
    error = HttpResponseError(f"({status}) no\nCode: secret")
    error.status_code = status
    return error


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (refusal(401), "Azure does not take your login: sign in to its tenant"),
        (refusal(403), "your login may not look at resource group rg-ridge: its owner gives you the role Reader there"),
        (refusal(404), "something is missing in resource group rg-ridge: deploy again"),
        (refusal(500), "Azure answered: (500) no"),
        (ServiceRequestError("no such host"), "Azure answered: no such host"),
    ],
)
def test_what_azure_refuses_is_told_in_a_sentence(error: Exception, sentence: str) -> None:
    findings = found(dict.fromkeys(sound(), error)).values()
    assert len(findings) == 3
    for finding in findings:
        assert not finding.well
        assert finding.said.startswith(sentence)
        assert "secret" not in finding.said


class Azure(requests.adapters.BaseAdapter):
    """Answers in place of the network, and keeps what it was asked."""

    def __init__(self, status: int) -> None:
        super().__init__()
        self.status, self.asked = status, list[requests.PreparedRequest]()

    def send(self, request: requests.PreparedRequest, **_: Any) -> requests.Response:  # type: ignore[override]
        self.asked.append(request)
        answer = requests.Response()
        answer.status_code, answer.request, answer.url = self.status, request, str(request.url)
        answer._content, answer.headers["Content-Type"] = b'{"value": [1]}', "application/json"
        answer.raw = SimpleNamespace(version=11, enforce_content_length=False)
        return answer

    def close(self) -> None:
        return


@pytest.fixture
def asking() -> Callable[[int], tuple[management.Read, Azure]]:
    def of(status: int) -> tuple[management.Read, Azure]:
        session, azure = requests.Session(), Azure(status)
        session.mount("https://management.azure.com", azure)
        credential: Any = SimpleNamespace(get_token=lambda scope, **_: AccessToken(f"token for {scope}", 2**40))
        return management.reader(credential, RequestsTransport(session=session, session_owner=False)), azure

    return of


def test_azure_is_asked_with_the_callers_login(asking: Callable[[int], tuple[management.Read, Azure]]) -> None:
    read, azure = asking(200)
    assert read("/subscriptions/1", "2024-04-01", {"$filter": "a eq 'b'"}) == {"value": [1]}
    (asked,) = azure.asked
    assert asked.method == "GET"
    assert asked.headers["Authorization"] == "Bearer token for https://management.azure.com/.default"
    address = "https://management.azure.com/subscriptions/1?api-version=2024-04-01&$filter=a%20eq%20'b'"
    assert str(asked.url) == address


def test_what_azure_refuses_is_raised(asking: Callable[[int], tuple[management.Read, Azure]]) -> None:
    read, _ = asking(403)
    with pytest.raises(HttpResponseError) as refused:
        read("/subscriptions/1", "2024-04-01", {})
    assert refused.value.status_code == 403
