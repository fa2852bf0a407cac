"""A request to retrain goes through its message; what it leaves open is taken from the current head."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.errors import BadMessage
from shared.retraining import Retraining

TEXTS = st.none() | st.integers() | st.text(st.characters(), max_size=5)
WHOLE = Retraining(classes="cat=leopard,other=*", aim="recall=0.95", by="Ana", request="1")


def test_a_request_goes_through_its_message() -> None:
    assert Retraining.decode(WHOLE.encode().encode()) == WHOLE
    assert Retraining.decode(b"{}") == Retraining()


@given(
    st.binary()
    | st.dictionaries(st.sampled_from(["by", "aim", "x"]), TEXTS).map(lambda said: json.dumps(said).encode())
)
@example(b'{"by": "\\ud800"}')
@example(b'{"classes": "\\udfff"}')
@example(b"[" * 100_000)
@example(b'"by"')
def test_any_message_is_a_request_that_can_be_sent_on_or_told_so(body: bytes) -> None:
    with suppress(BadMessage):
        assert Retraining.decode(body).encode().encode()


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
