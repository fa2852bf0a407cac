"""What travels beside the content of a message changes nothing of it, and is left out where it is wrong."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.day import Ask
from shared.frame import MESSAGE_BYTES, Frame
from shared.trace import Trace, moment
from tests.unit.shared.making import seen

PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
UPLOADED = datetime(2026, 2, 1, 8, 0, 0, 250_000, UTC)
WHOLE = Trace(PARENT, UPLOADED)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=60),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["parent", "uploaded"]), inner),
    max_leaves=4,
)


@pytest.mark.parametrize("trace", [WHOLE, Trace(PARENT), Trace(uploaded=UPLOADED), Trace()])
def test_a_trace_travels_beside_both_messages(trace: Trace) -> None:
    for message in (seen(preview=b"\xff\xd8").encode(), Ask("барс №1", "20260131").encode()):
        assert Trace.of(trace.beside(message).encode()) == trace


def test_the_content_is_the_same_with_and_without() -> None:
    one, ask = seen(preview=b"\xff\xd8", leopard=0.1 + 0.2), Ask("барс №1", "undated")
    assert Frame.decode(WHOLE.beside(one.encode()).encode()) == one
    assert Ask.decode(WHOLE.beside(ask.encode()).encode()) == ask


def test_messages_from_before_carry_none() -> None:
    for message in (seen().encode(), Ask("cam", "20260131").encode()):
        assert Trace.of(message.encode()) == Trace()


def test_a_frame_that_fills_its_message_leaves_its_trace_behind() -> None:
    full = seen(reason="x" * (MESSAGE_BYTES - len(seen().encode()) - 50)).encode()
    assert WHOLE.beside(full) == full


@given(st.binary() | ANYTHING.map(lambda value: json.dumps({"trace": value}).encode()))
def test_whatever_came_the_trace_is_one_or_none(body: bytes) -> None:
    trace = Trace.of(body)
    assert trace.parent == ""
    assert trace.uploaded is None or trace.uploaded.tzinfo


@pytest.mark.parametrize(
    "parent",
    [
        PARENT.upper(), PARENT + "\n", PARENT[:-1], "01" + PARENT[2:], PARENT.replace("-", "_"), PARENT + "-00",
        f"00-{'0' * 32}-00f067aa0ba902b7-01", f"00-4bf92f3577b34da6a3ce929d0e0e4736-{'0' * 16}-01", "x" * 10_000,
        3, [PARENT],
    ],
)  # fmt: skip
def test_a_parent_that_is_no_traceparent_is_left_out_and_the_rest_stays(parent: Any) -> None:
    body = json.dumps({"trace": {"parent": parent, "uploaded": UPLOADED.isoformat()}}).encode()
    assert Trace.of(body) == Trace(uploaded=UPLOADED)


@pytest.mark.parametrize(
    "said", ["2026-02-01T08:00:00.250+00:00", "2026-02-01T08:00:00.25Z", "2026-02-01T13:30:00.250+05:30"]
)
def test_a_moment_has_its_zone(said: str) -> None:
    assert moment(said) == UPLOADED


@pytest.mark.parametrize("said", ["2026-02-01T08:00:00", "yesterday", "", None, 3, "9" * 5_000])
def test_anything_else_is_no_moment(said: Any) -> None:
    assert moment(said) is None
