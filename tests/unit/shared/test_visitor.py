"""Names come from the platform's sign-in, or on one machine from the page; nobody else gets in."""

from __future__ import annotations

from typing import Any

import pytest

from shared.errors import Refused
from shared.visitor import check_writing, visitor

PAGE = {"x-uncia": "1", "content-type": "application/json; charset=utf-8", "sec-fetch-site": "same-origin"}


def test_on_one_machine_the_page_says_who_is_there() -> None:
    assert visitor({"x-uncia-name": "Ana%20Mar%C3%ADa"}, local=True, guarded=False) == "Ana María"
    assert visitor({}, local=True, guarded=False) == ""


def test_on_azure_only_the_platform_says_who_is_there() -> None:
    sent = {"x-uncia-name": "Ben", "x-ms-client-principal-name": "ana@example.org"}
    assert visitor(sent, local=False, guarded=True) == "ana@example.org"


@pytest.mark.parametrize(
    ("headers", "where", "status"),
    [
        ({"x-ms-client-principal-name": "ana"}, {"local": False, "guarded": False}, 403),
        ({"x-uncia-name": "Ben"}, {"local": False, "guarded": True}, 401),
        ({"x-ms-client-principal-name": " "}, {"local": False, "guarded": True}, 401),
        ({"x-uncia-name": "a%0Ab"}, {"local": True, "guarded": False}, 400),
        ({"x-uncia-name": "a" * 201}, {"local": True, "guarded": False}, 400),
    ],
)
def test_nobody_else_gets_in(headers: dict[str, str], where: Any, status: int) -> None:
    with pytest.raises(Refused) as refused:
        visitor(headers, **where)
    assert refused.value.status == status


@pytest.mark.parametrize(
    ("who", "headers", "status"),
    [
        ("Ana", PAGE | {"x-uncia": ""}, 403),
        ("Ana", {"content-type": "application/json"}, 403),
        ("Ana", PAGE | {"sec-fetch-site": "cross-site"}, 403),
        ("Ana", PAGE | {"sec-fetch-site": "same-site"}, 403),
        ("Ana", PAGE | {"content-type": "text/plain"}, 415),
        ("", PAGE, 401),
    ],
)
def test_what_may_come_from_another_sites_page_writes_nothing(who: str, headers: dict[str, str], status: int) -> None:
    with pytest.raises(Refused) as refused:
        check_writing(who, headers)
    assert refused.value.status == status


def test_the_page_itself_may_write_also_in_a_browser_that_does_not_say_where_it_comes_from() -> None:
    check_writing("Ana", PAGE)
    check_writing("Ana", {name: value for name, value in PAGE.items() if name != "sec-fetch-site"})
