"""What is learnt from the steps' own spans, and what is predicted from it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bench.simulated import Seen, predicted, seen
from cli import stack
from devhost.traces import Span
from shared.errors import UnciaError

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def span(name: str, start: float, seconds: float) -> Span:
    at = BEGAN + timedelta(seconds=start)
    return Span(
        trace="t", id=f"{name}{start}", parent="", name=name, start=at, end=at + timedelta(seconds=seconds), facts={}
    )


# Ten images, half a second apart; each is aggregated in 0.2 s; one day, finalized in 0.4 s.
SPANS = [
    *(span("featurize", number / 2, 0.5) for number in range(10)),
    *(span("aggregate", 0.5 + number / 2, 0.2) for number in range(10)),
    span("finalize", 8.0, 0.4),
]


def test_steps_are_as_fast_as_their_spans_say() -> None:
    assert seen(SPANS, 10) == Seen(
        images=10,
        seconds=pytest.approx(8.4),
        each=pytest.approx({"featurize": 0.5, "aggregate": 0.2, "finalize": 0.4}),  # type: ignore[arg-type]
        finalizations=1,
        pace=pytest.approx(0.5),
    )


def test_a_run_that_lacks_images_is_refused() -> None:
    with pytest.raises(UnciaError, match="told of 10 images, not of 11"):
        seen(SPANS, 11)


def test_the_slowest_stage_and_the_pause_before_the_labels_make_the_time() -> None:
    known = Seen(images=10, seconds=8.4, each={"aggregate": 0.2, "finalize": 0.4}, finalizations=1, pace=0.5)
    # A hundred images half a second apart, the last of them aggregated after, two seconds of quiet, one more step.
    expected = 100 * 0.5 + 0.2 / 4 + float(stack.LOCAL_SETTLE) + 0.4 / 4
    assert predicted(known, 100) == pytest.approx(expected, abs=0.3)
