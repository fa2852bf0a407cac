"""Every sentence of `uncia doctor --azure` on what is wrong, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    HttpResponseError,
    ResourceNotFoundError,
    ServiceRequestError,
)

from cli import deployed, refused
from cli.doctor import Finding
from cli.refused import BLOBS, QUEUE, TABLE, Service
from shared.errors import UnciaError

from .conftest import Answer


def answer(code: str, error: type[HttpResponseError] = HttpResponseError) -> HttpResponseError:
    made = error(f"{code}\nRequestId: 1")
    made.error_code = code  # type: ignore[attr-defined]
    return made


SENTENCES = [
    (
        answer("AuthorizationPermissionMismatch"),
        "your login lacks the role {role} on storage account field: its owner",
    ),
    (answer("AuthorizationFailure"), "the network rules of storage account field keep this machine out"),
    (answer("KeyBasedAuthenticationNotPermitted"), "storage account field takes no keys: unset Storage"),
    (answer("QueueNotFound", ResourceNotFoundError), "missing on storage account field: deploy again (`azd up`)"),
    (ServiceRequestError("no such host"), "the {name} service of storage account field does not answer"),
    (answer("InvalidAuthenticationInfo", ClientAuthenticationError), "storage account field does not take your login"),
    (answer("ServerBusy"), "storage answered with an error: ServerBusy"),
]


@pytest.mark.parametrize("service", [BLOBS, QUEUE, TABLE])
@pytest.mark.parametrize(("error", "sentence"), SENTENCES)
def test_an_error_is_told_with_what_to_do_about_it(error: AzureError, sentence: str, service: Service) -> None:
    def check() -> str:
        raise error

    finding = refused.tried("queue frames", service, "field", check)
    assert finding.said.startswith(sentence.format(role=service.role, name=service.name))
    assert "\n" not in finding.said
    assert not finding.well


def test_a_missing_role_is_given_by_a_command_that_names_role_and_account() -> None:
    said = refused.explained(answer("AuthorizationPermissionMismatch"), QUEUE, "field")
    assert '--role "Storage Queue Data Contributor"' in said
    assert "az storage account show --name field" in said


def test_nobody_signed_in_ends_the_examination_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def get_token(scope: str) -> None:
        raise ClientAuthenticationError("EnvironmentCredential: secret things\nAzureCliCredential: more")

    monkeypatch.setattr("shared.connect.credential", lambda connection: SimpleNamespace(get_token=get_token))
    found = [*deployed.examine({"account": "field", "client": ""}, "", lambda store: pytest.fail("was not asked for"))]
    said = "nobody is signed in on this machine: run `az login` (or `azd auth login`)"
    assert found == [Finding("login", False, said)]


def test_a_token_is_asked_for_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    credential = SimpleNamespace(get_token=lambda scope: SimpleNamespace(token="eyJ"))
    monkeypatch.setattr("shared.connect.credential", lambda connection: credential)
    assert deployed.signed_in({"account": "field", "client": ""}) == "signed in, for storage account field"


@pytest.mark.parametrize("name", ["Field", "a/b", "https://field.blob.core.windows.net", "ab"])
def test_what_can_be_no_account_is_refused_before_anything_is_sent(uncia: Callable[..., Answer], name: str) -> None:
    answer = uncia("doctor", "--azure", "--account", name)
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith(f"uncia: '{name}' is no storage account: a name has 3 to 24 small letters and digits")


def test_account_and_url_are_for_a_deployed_stack(uncia: Callable[..., Answer]) -> None:
    for option in ("--account", "--url"):
        assert uncia("doctor", option, "field").err == "uncia: --account and --url go with --azure\n"


@pytest.mark.parametrize(
    ("head", "n_scored", "sentence"),
    [("", 0, "became a label in 7 s"), ("1", 1, "became a label in 7 s"), ("1", 0, "came through without a score")],
)
def test_an_image_without_a_score_is_a_finding_where_there_is_a_head(head: str, n_scored: int, sentence: str) -> None:
    passage: Any = SimpleNamespace(run=lambda: (SimpleNamespace(head=head, n_scored=n_scored), 7.2))
    try:
        said = deployed.through(passage)
    except UnciaError as error:
        said = str(error)
    assert said.startswith(sentence)
