"""A file of spans becomes lines for people."""

from __future__ import annotations

import json
from typing import Any

import pytest

from devhost.traces import drawn, spans
from shared.errors import UnciaError


def line(name: str, span: str, parent: str | None, second: float, trace: str = "0xa1", **facts: Any) -> str:
    at = "2026-02-01T08:00:{:09.6f}Z"
    times = {"start_time": at.format(second), "end_time": at.format(second + 0.05)}
    told = {"name": name, "context": {"trace_id": trace, "span_id": span}, "parent_id": parent, "attributes": facts}
    return json.dumps(told | times)


WHOLE = [
    line("finalize", "0x3", "0x2", 2.5, **{"uncia.day": "20260131"}),
    line("featurize", "0x1", None, 0),
    line("aggregate", "0x2", "0x1", 0.25),
]


def test_steps_stand_in_order_below_what_they_came_from() -> None:
    assert drawn(spans(WHOLE)) == [
        "trace a1: 2.55 s",
        "    0.00 s  featurize           50 ms  ",
        "    0.25 s    aggregate         50 ms  ",
        "    2.50 s      finalize        50 ms  day=20260131",
    ]


def test_metrics_are_passed_over() -> None:
    assert len(spans([*WHOLE, '{"resource_metrics": []}'])) == 3


@pytest.mark.parametrize("wrong", [WHOLE[0][:40], "[]", "3", "{}", '{"context": {}}', ""])
def test_a_line_that_is_no_span_is_named(wrong: str) -> None:
    with pytest.raises(UnciaError, match=r"^line 2 is neither a span nor metrics: "):
        spans([WHOLE[0], wrong])
