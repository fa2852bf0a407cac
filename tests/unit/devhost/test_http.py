"""Routes of HTTP functions."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.test import Client

from devhost.http import HttpServer, paths, route_map
from devhost.runtime import Function


def matched(url: str, method: str = "GET", prefix: str = "api") -> tuple[str | None, dict[str, Any]]:
    routes: dict[str, dict[str, Any]] = {
        "labels": {"route": "labels/{camera?}", "methods": ["GET"]},
        "newest": {"route": "labels/newest"},
        "image": {"route": "images/{*path}", "methods": ["GET"]},
        "day": {"route": "cameras/{camera}/days/{day:int}"},
        "health": {},
    }
    functions = [Function(name, name, trigger, []) for name, trigger in routes.items()]
    function, parameters = route_map(functions, prefix).bind("localhost").match(url, method=method)
    return function.name if function else None, dict(parameters)


@pytest.mark.parametrize(
    ("url", "name", "parameters"),
    [
        ("/api/labels", "labels", {}),
        ("/api/labels/K1", "labels", {"camera": "K1"}),
        ("/api/labels/newest", "newest", {}),
        ("/api/images/K1/2025/a.jpg", "image", {"path": "K1/2025/a.jpg"}),
        ("/api/cameras/K1/days/20250131", "day", {"camera": "K1", "day": "20250131"}),
        ("/api/health", "health", {}),
        ("/admin/host/status", None, {}),
    ],
)
def test_a_url_finds_its_function_and_parameters(url: str, name: str | None, parameters: dict[str, str]) -> None:
    assert matched(url) == (name, parameters)


@pytest.mark.parametrize("url", ["/labels", "/api", "/api/labels/K1/more", "/api/cameras//days/1"])
def test_a_url_of_no_function_is_not_found(url: str) -> None:
    with pytest.raises(NotFound):
        matched(url)


def test_a_method_that_the_function_does_not_take_is_refused() -> None:
    with pytest.raises(MethodNotAllowed):
        matched("/api/labels", method="POST")


def test_an_empty_prefix_puts_routes_at_the_root() -> None:
    assert matched("/health", prefix="") == ("health", {})


class Ran:
    """An invoker that notes what it ran."""

    def __init__(self) -> None:
        self.functions: list[str] = []

    def run(self, function: Function, *_: Any) -> SimpleNamespace:
        self.functions.append(function.name)
        return SimpleNamespace(ok=True, returned=None)


@pytest.mark.parametrize("path", ["/api/wall", "/admin/host/status", "/nowhere"])
@pytest.mark.parametrize("host", ["uncia.example", "localhost.example", "127.0.0.1.example:7071", ""])
def test_a_page_whose_name_points_here_is_not_answered(path: str, host: str) -> None:
    ran: Any = Ran()
    server = HttpServer(ran, [Function("wall", "wall", {}, [])], "api", status=lambda: pytest.fail("told"))
    given = Client(server._answer).get(path, headers={"Host": host})
    server.stop()
    assert (given.status_code, ran.functions) == (400, [])


@pytest.mark.parametrize("host", ["127.0.0.1:7071", "localhost"])
def test_a_page_of_this_machine_is_answered(host: str) -> None:
    ran: Any = Ran()
    server = HttpServer(ran, [Function("wall", "wall", {}, [])], "api", status=dict)
    Client(server._answer).get("/api/wall", headers={"Host": host})
    server.stop()
    assert ran.functions == ["wall"]


def test_a_route_with_an_optional_end_is_two_paths() -> None:
    assert paths("api/labels/{camera?}") == ["/api/labels", "/api/labels/<camera>"]
    assert paths("api/review/{*file}") == ["/api/review", "/api/review/<path:file>"]
