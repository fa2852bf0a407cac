"""A verdict is a short text by a named person about one frame."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import UnciaError
from shared.verdict import LONGEST, Verdict, judgement, overruled

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


ANA = Verdict(**SAID)
WORDS = st.lists(st.none() | st.sampled_from(["cat", "dog", "blank", "Empty"]), min_size=1, max_size=6)


def said(word: str | None, by: str = "Ana", after: float = 0) -> Verdict | None:
    return replace(ANA, said=word, by=by, at=ANA.at + timedelta(seconds=after)) if word else None


@pytest.mark.parametrize(
    ("words", "species"),
    [
        (["cat", "cat"], ("cat",)),
        (["cat", "blank"], ("cat",)),
        (["dog", "cat", None], ("cat", "dog")),
        (["blank", "blank"], ("blank",)),
        (["Empty", None], ("Empty",)),
    ],
)
def test_every_species_that_was_said_of_a_frame_is_in_the_sequence(words: list[Any], species: tuple[str, ...]) -> None:
    found = judgement([said(word) for word in words], [False] * len(words))
    assert found
    assert (found.said, found.complete) == (species, None not in words)


def test_a_sequence_without_a_verdict_has_no_judgement() -> None:
    assert judgement([None, None], [False, True]) is None


def test_a_corrupt_frame_need_not_be_looked_at() -> None:
    found = judgement([said("cat"), None], [False, True])
    assert found
    assert found.complete


def test_the_last_word_is_the_latest() -> None:
    found = judgement([said("cat", "Ana", 5), said("cat", "Ben", 1)], [False, False])
    assert found
    assert (found.by, found.at) == ("Ana", ANA.at + timedelta(seconds=5))


@given(WORDS, WORDS)
def test_what_is_said_of_a_merged_sequence_is_what_was_said_of_its_parts(left: list[Any], right: list[Any]) -> None:
    parts = [judgement([said(word) for word in part], [False] * len(part)) for part in (left, right)]
    whole = judgement([said(word) for word in left + right], [False] * len(left + right))
    heard = {word for part in parts if part for word in part.said}
    seen = {word for word in heard if word not in ("blank", "Empty")} or heard
    assert (set(whole.said) if whole else set()) == seen
    assert bool(whole and whole.complete) == all(part and part.complete for part in parts)


def test_who_had_not_seen_the_last_word_of_somebody_else_is_told_of_it() -> None:
    ana, ben = (replace(ANA, row_key=key, by=by, at=ANA.at) for key, by in (("1", "Ana"), ("2", "Ben")))
    later = replace(ana, at=ANA.at + timedelta(seconds=9))
    assert overruled([ana, ben, None], {}, "Ana") == ben
    assert overruled([later, ben], {"1": later.at}, "Ana") == ben
    assert overruled([ana, ben], {"2": ben.at}, "Ana") is None
    assert overruled([ana, ben], {"2": ben.at - timedelta(seconds=1)}, "Ana") == ben
    assert overruled([ben], {}, "Ben") is None
    assert overruled([None], {}, "Ana") is None
