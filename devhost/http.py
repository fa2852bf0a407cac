"""HTTP functions on 127.0.0.1, and what the host says about itself; keys of functions are not asked for."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable, Iterable, Mapping
from threading import Thread
from typing import Any

from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.routing import Map, Rule
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response
from werkzeug.wsgi import get_host

from devhost.invocation import Invoker
from devhost.runtime import Datum, Function
from shared.errors import UnciaError

STATUS = "/admin/host/status"
LOCAL = ["127.0.0.1", "localhost"]


class HttpServer:
    """Serves the HTTP functions of an app, and `status()` as JSON under /admin/host/status."""

    def __init__(
        self,
        invoker: Invoker,
        functions: Iterable[Function],
        prefix: str,
        status: Callable[[], dict[str, Any]],
        port: int = 0,
    ) -> None:
        self._invoker = invoker
        self._status = status
        self._routes = route_map(functions, prefix)
        try:
            listening = socket.create_server((LOCAL[0], port))
        except OSError as error:
            raise UnciaError(f"port {port} is in use: choose another, or 0 for any free one") from error
        with listening:
            taken = listening.getsockname()[1]
            self._server = make_server(LOCAL[0], taken, self._answer, threaded=True, fd=listening.fileno())
        self._thread = Thread(target=self._server.serve_forever, name="http", daemon=True)
        self.url = f"http://{LOCAL[0]}:{self._server.port}"

    def start(self) -> None:
        """Begins to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Takes no more requests."""
        if self._thread.is_alive():  # shutdown() waits for ever where nothing was started
            self._server.shutdown()
        self._server.server_close()

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        return self._respond(request)(environ, start_response)

    def _respond(self, request: Request) -> Response:
        # Without this, a page on the web could point its own name at 127.0.0.1 and read the answers.
        try:
            get_host(request.environ, LOCAL)
            function, parameters = self._routes.bind_to_environ(request.environ).match()
        except SecurityError:
            return Response("this host answers to 127.0.0.1 and localhost only\n", status=400)
        except HTTPException:
            return Response(status=404)
        if function is None:
            return Response(json.dumps(self._status()), mimetype="application/json")
        result = self._invoker.run(function, request_datum(request, parameters), {}, f"{request.method} {request.path}")
        return response(result.returned) if result.ok else Response(status=500)


def route_map(functions: Iterable[Function], prefix: str) -> Map:
    """The URLs of all HTTP functions; the one without a function is the host's own."""
    rules = [Rule(STATUS, endpoint=None, methods=["GET"])]
    for function in functions:
        route = str(function.trigger.get("route") or function.name).strip("/")
        methods = function.trigger.get("methods") or None
        for path in paths(f"{prefix}/{route}".strip("/")):
            rules.append(Rule(path, endpoint=function, methods=methods))
    return Map(rules, strict_slashes=False, merge_slashes=False)


def paths(route: str) -> list[str]:
    """A route as werkzeug writes it; one with an optional end, or with whatever follows, is two."""
    if everything := re.fullmatch(r"(.+)/\{\*(\w+)\}", route):
        start = paths(everything[1])
        return [*start, *(f"{one}/<path:{everything[2]}>" for one in start)]
    route = re.sub(r"\{(\w+)(:\w+)?(\?)?\}", r"<\1\3>", route)
    if optional := re.fullmatch(r"(.*)/<(\w+)\?>", route):
        return [f"/{optional[1]}", f"/{optional[1]}/<{optional[2]}>"]
    return [f"/{route}"]


def request_datum(request: Request, parameters: Mapping[str, Any]) -> Datum:
    """A request as the host hands it to a function."""
    told = {
        "method": _text(request.method),
        "url": _text(request.url),
        "headers": {name.lower(): _text(value) for name, value in request.headers.items()},
        "query": {name: _text(",".join(request.args.getlist(name))) for name in request.args},
        "params": {name: _text(str(value)) for name, value in parameters.items()},
        "body": Datum(request.get_data(), "bytes"),
    }
    return Datum(told, "http")


def response(returned: Datum | None) -> Response:
    """What a function gave back, as an answer."""
    if returned is None or returned.type is None:
        return Response(status=204)
    if returned.type != "http":
        return Response(returned.value)
    told = returned.value
    headers = [(name, value.value) for name, value in told["headers"].items()]
    headers += [("Set-Cookie", morsel.OutputString()) for jar in told["cookies"] or [] for morsel in jar.values()]
    return Response(told["body"].value, status=int(told["status_code"].value), headers=headers)


def _text(value: str) -> Datum:
    return Datum(value, "string")
