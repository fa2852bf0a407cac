"""Requests over the web: who asks, what they get, and what every answer says to the browser."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import azure.functions as func

from shared import settings
from shared.errors import Refused, UnciaError
from shared.rate import Rate
from shared.visitor import check_writing, visitor

# Nothing but what this app itself serves is loaded or run, and no other page may show it in a frame.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
_ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# A review of a thousand sequences at once, with all their frames' keys, takes 0.2 MB.
MOST_BYTES = 2_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, as steps see it."""

    who: str
    query: Mapping[str, str]
    path: str = ""  #: what follows the page's own address
    unless: str = ""  #: the ETag of what the browser already has
    body: bytes = b""

    def json(self) -> Any:
        """The body; raises Refused where it is too long or no JSON."""
        if len(self.body) > MOST_BYTES:
            raise Refused(f"at most {MOST_BYTES:,} bytes are taken at once", 413)
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise Refused("this is not JSON", 400) from error


@dataclass(frozen=True, slots=True)
class Answer:
    """What a step gives back: bytes of some kind, and how long they may be kept."""

    body: bytes = b""
    kind: str = "application/json"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, told: Any, status: int = 200) -> Answer:
        """Anything that JSON can say."""
        return cls(json.dumps(told, ensure_ascii=False).encode(), status=status)


def queried(step: Callable[[Mapping[str, str]], Any]) -> Callable[[Asked], Answer]:
    """A step that needs no more than a query, and gives what JSON can say."""
    return lambda asked: Answer.of(step(asked.query))


def posted(step: Callable[[Mapping[str, str]], Any]) -> Callable[[Asked], Answer]:
    """The same where a query is too long for an address: it comes as a JSON object of texts."""

    def run(asked: Asked) -> Answer:
        said = asked.json()
        if not isinstance(said, dict) or not all(isinstance(text, str) for text in said.values()):
            raise Refused("this is no object of texts", 400)
        return Answer.of(step(said))

    return run


def answer(
    request: func.HttpRequest, step: Callable[[Asked], Answer], *, writes: bool = False, rate: Rate | None = None
) -> func.HttpResponse:
    """What a step says to a visitor who may ask; a mistake of theirs is told in one sentence of JSON.

    What is dear has a `rate`: who asks more often is told with 429 when to ask again, and the step does not run.
    """
    try:
        asked = _asked(request, writes)
        wait = rate.wait(asked.who, time.monotonic()) if rate else 0.0
        given = _later(wait) if wait else step(asked)
    except Refused as error:
        given = Answer.of({"error": str(error)}, error.status)
    except UnciaError as error:
        given = Answer.of({"error": str(error)}, 400)
    headers = _ALWAYS | {"Cache-Control": "no-store"} | dict(given.headers)
    return func.HttpResponse(given.body, status_code=given.status, headers=headers, mimetype=given.kind)


def _later(seconds: float) -> Answer:
    told = Answer.of({"error": "you ask faster than Uncia can answer: wait a moment"}, 429)
    return replace(told, headers={"Retry-After": str(math.ceil(seconds))})


def _asked(request: func.HttpRequest, writes: bool) -> Asked:
    headers = {name.lower(): value for name, value in request.headers.items()}
    who = visitor(headers, local=settings.local(), guarded=settings.guarded())
    if writes:
        check_writing(who, headers)
    path = request.route_params.get("file") or ""
    return Asked(who, dict(request.params), path, headers.get("if-none-match", ""), request.get_body())
