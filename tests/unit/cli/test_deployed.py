"""Every sentence of `uncia doctor --azure` on what is wrong, and what to do about it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
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


@pytest.fixture
def page() -> Iterator[Callable[[int, str], str]]:
    """The address of an app that answers as it is told to."""
    answer = {"status": 200, "text": ""}

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(answer["status"] if self.path == "/api/health" else 418)
            self.end_headers()
            self.wfile.write(str(answer["text"]).encode())

        def log_message(self, format: str, *args: Any) -> None:
            return

    with HTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()

        def answering(status: int, text: str) -> str:
            answer.update(status=status, text=text)
            return f"http://127.0.0.1:{server.server_port}/"

        yield answering
        server.shutdown()


def test_an_app_that_answers_is_told_by_its_version(page: Callable[[int, str], str]) -> None:
    assert deployed.healthy(page(200, json.dumps({"version": "1.2"}))) == "version 1.2 answers"


@pytest.mark.parametrize(
    ("status", "text", "sentence"),
    [
        (401, "", "answers 401: sign-in is required there"),
        (403, "", "answers 403: the app is stopped or its network rules keep this machine out"),
        (404, "", "answers 404: no function answers there; deploy again"),
        (500, "", "answers 500: the app runs but does not reach its storage"),
        (503, "", "answers 503: the app is stopped or starting"),
        (200, "<html>", "answers, but not as Uncia does"),
        (200, "[]", "answers, but not as Uncia does"),
    ],
)
def test_an_app_that_is_not_well_is_told_by_what_it_answers(
    page: Callable[[int, str], str], status: int, text: str, sentence: str
) -> None:
    with pytest.raises(UnciaError, match=f"^http://127.0.0.1:[0-9]+/api/health {sentence}"):
        deployed.healthy(page(status, text))


@pytest.mark.parametrize(
    ("url", "sentence"),
    [("app.azurewebsites.net", "is no address"), ("file:///etc/passwd", "is no address"),
     ("http://127.0.0.1:1", "/api/health does not answer: is that the address")],
)  # fmt: skip
def test_an_address_that_is_none_or_leads_nowhere_is_said(url: str, sentence: str) -> None:
    with pytest.raises(UnciaError, match=sentence):
        deployed.healthy(url)
