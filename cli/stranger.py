"""The deployed app as a stranger meets it: it says that it is well, and lets nobody in."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from http.client import HTTPMessage
from typing import IO
from urllib.parse import urlsplit

from shared.errors import UnciaError

# An instance that starts from nothing answers after half a minute.
PATIENCE_SECONDS = 60.0
ADDRESS = "is that the address that `azd env get-value UNCIA_URL` gives?"
BROKEN = "the app runs but does not reach its storage, as when its identity lacks a role; deploy again (`azd up`)"
MEANING = {
    401: "sign-in is required there; turn it off for this page, or leave out --url",
    403: "the app is stopped or its network rules keep this machine out; the portal says which",
    404: "no function answers there; deploy again (`azd deploy`), and see in the portal that functions are listed",
    503: "the app is stopped or starting; try again in a minute",
}
# Where Entra ID takes a person in.
SIGN_IN = ("login.microsoftonline.com", "login.windows.net")


def healthy(url: str) -> str:
    """The app's own word for it, from its health page."""
    page = f"{_address(url)}/api/health"
    try:
        with urllib.request.urlopen(page, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310 - checked above
            return f"version {json.load(answer)['version']} answers"
    except urllib.error.HTTPError as error:
        raise UnciaError(f"{page} answers {error.code}: {MEANING.get(error.code, BROKEN)}") from error
    except OSError as error:
        raise UnciaError(f"{page} does not answer: {ADDRESS}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise UnciaError(f"{page} answers, but not as Uncia does: {ADDRESS}") from error


def turned_away(url: str) -> str:
    """Whether a page that is not for everybody asks a stranger to sign in."""
    page = f"{_address(url)}/"
    try:
        with urllib.request.build_opener(_Here).open(page, timeout=PATIENCE_SECONDS) as answer:
            status, to = answer.status, ""
    except urllib.error.HTTPError as error:
        status, to = error.code, error.headers.get("Location", "")
    except OSError as error:
        raise UnciaError(f"{page} does not answer: {ADDRESS}") from error
    if status == 401 or (to and urlsplit(to).hostname in SIGN_IN):
        return "strangers are turned away"
    raise UnciaError(f"{page} answers a stranger with {status}: sign-in is off; deploy again (`azd provision`)")


class _Here(urllib.request.HTTPRedirectHandler):
    """Says where it is sent, and does not go."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


def _address(url: str) -> str:
    if urlsplit(url).scheme not in ("http", "https"):
        raise UnciaError(f"{url} is no address: it looks like https://NAME.azurewebsites.net")
    return url.rstrip("/")
