"""A request to retrain goes through its message; what it leaves open is taken from the current head."""

from __future__ import annotations

from typing import Any

import pytest

from shared.retraining import Retraining

WHOLE = Retraining(classes="cat=leopard,other=*", aim="recall=0.95", by="Ana", request="1")


def test_a_request_goes_through_its_message() -> None:
    assert Retraining.decode(WHOLE.encode().encode()) == WHOLE
    assert Retraining.decode(b"{}") == Retraining()


@pytest.mark.parametrize(
    ("metadata", "classes", "aim"),
    [
        ({"rules": "a=b,c=*", "aim": "precision=0.9"}, "a=b,c=*", "precision=0.9"), ({}, "", ""),
        ({"rules": 3, "aim": ["x"]}, "", ""),
    ],
)  # fmt: skip
def test_what_is_left_open_is_as_in_the_current_head(metadata: dict[str, Any], classes: str, aim: str) -> None:
    assert Retraining(by="Ana").filled(metadata) == Retraining(classes=classes, aim=aim, by="Ana")
    assert WHOLE.filled(metadata) == WHOLE
