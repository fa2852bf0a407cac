"""A verdict is a short text by a named person about one frame."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from shared.errors import UnciaError
from shared.verdict import LONGEST, Verdict

SAID: dict[str, Any] = {
    "camera": "cam", "row_key": "20260131T120000000000~ab", "said": "snow_leopard", "by": "Ana",
    "at": datetime(2026, 2, 1, tzinfo=UTC),
}  # fmt: skip
REFUSED = [
    ({"said": ""}, "a verdict is ''"),
    ({"said": " cat"}, "a verdict is ' cat'"),
    ({"said": "x" * (LONGEST + 1)}, "a verdict has 201 letters: at most 200 are kept"),
    ({"said": "a\nb"}, "control characters"),
    ({"said": "a\x1b[2Jb"}, "control characters"),
    ({"said": "a\u2028b"}, "control characters"),
    ({"said": "a\ud800b"}, "control characters"),
    ({"by": "\t"}, "the name of who said it"),
    ({"camera": ""}, "it has a camera and a row key"),
    ({"row_key": ""}, "it has a camera and a row key"),
    ({"at": datetime(2026, 2, 1)}, "a verdict's time is in UTC, not 2026-02-01 00:00:00"),
    ({"at": datetime(2026, 2, 1, tzinfo=timezone(timedelta(hours=1)))}, "in UTC"),
]


@pytest.mark.parametrize(("said", "sentence"), REFUSED)
def test_what_no_person_would_say_is_refused_in_one_sentence(said: dict[str, Any], sentence: str) -> None:
    with pytest.raises(UnciaError, match=sentence):
        Verdict(**SAID | said)


@pytest.mark.parametrize("said", ["x" * LONGEST, "Снежный барс", "雪豹 🐆", "می‌خواهم", "cat|dog, =*"])
def test_names_of_every_script_are_kept(said: str) -> None:
    assert Verdict(**SAID | {"said": said, "by": said}).said == said
