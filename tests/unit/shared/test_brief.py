"""A sequence in brief says what its label says."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

from shared.brief import Brief, beginning
from shared.label import label
from shared.verdict import Verdict
from tests.unit.shared.making import NOON, FakeHead, corrupt, seen

SAID = Verdict(camera="cam", row_key=seen().row_key, said="cat", by="Ana", at=datetime(2026, 2, 1, tzinfo=UTC))


def test_a_brief_says_what_the_label_says() -> None:
    made = label([seen(0, 0.91239, verdict=SAID), seen(30, 0.91239)], FakeHead())
    brief = Brief.of(replace(made, earlier={"a": ("unknown", 0.5), "b": ("blank", 0.7)}))
    assert (brief.camera, brief.sequence_id, brief.label) == ("cam", seen().row_key, "leopard")
    assert (brief.probability, round(brief.margin, 4)) == (0.9124, 0.8248)
    assert (brief.start, brief.seconds, brief.n_frames) == (NOON, 30, 2)
    assert (brief.said, brief.complete, brief.before) == (("cat",), False, "blank")


def test_what_the_head_before_said_is_told_where_it_said_something_else() -> None:
    assert Brief.of(replace(label([seen()], FakeHead()), earlier={"a": ("leopard", 0.7)})).before == ""


def test_a_sequence_without_scores_is_neither_likely_nor_doubtful() -> None:
    brief = Brief.of(label([corrupt(None)], FakeHead()))
    assert (brief.label, brief.probability, brief.margin, brief.start) == ("corrupt", None, 1.0, None)


def test_a_brief_survives_being_written_down() -> None:
    brief = Brief.of(label([seen(0, verdict=SAID)], FakeHead()))
    assert Brief.decoded("cam", json.loads(json.dumps(brief.encoded()))) == brief


def test_a_day_tells_of_the_sequences_that_begin_on_it() -> None:
    both = [label([seen(at)], FakeHead()) for at in (0, datetime(2026, 2, 1))]
    assert beginning("20260201", both) == both[1:]
