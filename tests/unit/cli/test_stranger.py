"""What the doctor says of the app, met as by a stranger."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from cli import stranger
from shared.errors import UnciaError


@pytest.fixture
def page() -> Iterator[Callable[[int, str], str]]:
    """The address of an app that answers as it is told to; with an address for a text, it sends people there."""
    answer = {"status": 200, "text": ""}

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(answer["status"] if self.path in ("/api/health", "/") else 418)
            if str(answer["text"]).startswith("https://"):
                self.send_header("Location", str(answer["text"]))
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
    assert stranger.healthy(page(200, json.dumps({"version": "1.2"}))) == "version 1.2 answers"


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
        stranger.healthy(page(status, text))


@pytest.mark.parametrize(
    ("url", "sentence"),
    [("app.azurewebsites.net", "is no address"), ("file:///etc/passwd", "is no address"),
     ("http://127.0.0.1:1", "/api/health does not answer: is that the address")],
)  # fmt: skip
def test_an_address_that_is_none_or_leads_nowhere_is_said(url: str, sentence: str) -> None:
    with pytest.raises(UnciaError, match=sentence):
        stranger.healthy(url)
    with pytest.raises(UnciaError, match=sentence.removeprefix("/api/health")):
        stranger.turned_away(url)


@pytest.mark.parametrize(
    ("status", "to"),
    [(401, ""), (302, "https://login.microsoftonline.com/tenant/oauth2"), (302, "https://login.windows.net/tenant")],
)
def test_a_stranger_is_asked_to_sign_in(page: Callable[[int, str], str], status: int, to: str) -> None:
    assert stranger.turned_away(page(status, to)) == "strangers are turned away"


@pytest.mark.parametrize(
    ("status", "to"),
    [(200, ""), (404, ""), (500, ""), (302, "https://elsewhere.example/login.microsoftonline.com"), (204, "")],
)
def test_an_app_that_answers_a_stranger_is_open(page: Callable[[int, str], str], status: int, to: str) -> None:
    with pytest.raises(UnciaError, match=f"/ answers a stranger with {status}: sign-in is off; deploy again"):
        stranger.turned_away(page(status, to))
