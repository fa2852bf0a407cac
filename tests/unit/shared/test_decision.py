"""A decision is one word about frames of one camera, by whoever signed in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import rows
from shared.decision import MOST_DECISIONS, MOST_FRAMES, Decision, decisions
from shared.errors import UnciaError

NOW = datetime(2026, 2, 1, tzinfo=UTC)
KEY, OTHER = "20260131T120000000000~0123456789abcdef", "undated~0123456789abcdef"
ONE: dict[str, Any] = {"camera": "a/b", "sequence_id": KEY, "frames": [KEY, OTHER, KEY], "said": "cat"}
REFUSED = [
    ([], "1 to 200 decisions"),
    ({"decisions": [ONE] * (MOST_DECISIONS + 1)}, "1 to 200 decisions"),
    ({"decisions": [3]}, "is an object"),
    ({"decisions": [ONE | {"camera": 3}]}, "texts"),
    ({"decisions": [ONE | {"frames": "12"}]}, "list of frames"),
    ({"decisions": [ONE | {"frames": [1]}]}, "list of frames"),
    ({"decisions": [ONE | {"frames": []}]}, "frames of a camera"),
    ({"decisions": [ONE | {"frames": [""]}]}, "frames of a camera"),
    ({"decisions": [ONE | {"frames": ["garbage"]}]}, "'garbage' is no key of a frame"),
    ({"decisions": [ONE | {"sequence_id": "20261301T000000000000~0123456789abcdef"}]}, "there is no such time"),
    ({"decisions": [ONE | {"frames": [f"undated~{n:016x}" for n in range(MOST_FRAMES + 1)]}]}, "at most 20,000 frames"),
    ({"decisions": [ONE | {"said": "a\nb"}]}, "control characters"),
    ({"decisions": [ONE | {"seen": "yesterday"}]}, "seen is an object"),
    ({"decisions": [ONE | {"seen": {KEY: "2026-01-01"}}]}, "with their zone"),
]
JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner), max_leaves=4)


@pytest.mark.parametrize(("sent", "sentence"), REFUSED)
def test_what_is_no_decision_is_refused_in_one_sentence(sent: Any, sentence: str) -> None:
    with pytest.raises(UnciaError, match=sentence):
        decisions(sent, "Ana", NOW)


@given(st.dictionaries(st.sampled_from([*ONE, "of", "seen"]), JSON))
def test_whatever_is_sent_is_a_decision_or_refused(sent: dict[str, Any]) -> None:
    try:
        (made,) = decisions({"decisions": [ONE | sent]}, "Ana", NOW)
    except UnciaError:
        return
    assert (made.by, made.at) == ("Ana", NOW)


def test_nobody_can_decide_for_others_or_at_another_time() -> None:
    (made,) = decisions({"decisions": [ONE | {"by": "Ben", "at": "2020-01-01T00:00:00Z"}]}, "Ana", NOW)
    assert (made.by, made.at, made.frames, made.of_sequence) == ("Ana", NOW, (KEY, OTHER), True)


def test_a_decision_goes_into_a_row_and_back() -> None:
    (made,) = decisions({"decisions": [ONE | {"of": "frame", "said": ""}]}, "Ana", NOW)
    assert rows.decision_of(rows.decision_row(made)) == made
    assert made.row_key.startswith("20260201T000000000000~")
    assert made.row_key != Decision(**{name: getattr(made, name) for name in made.__slots__} | {"by": "Ben"}).row_key
