"""The last eight heads' words are remembered, each once."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.earlier import KEPT, remembered, version_named
from shared.errors import UnciaError

OLD, NEW = ("blank", 0.9), ("leopard", None)


@pytest.mark.parametrize(
    ("earlier", "head", "by", "kept"),
    [
        ({}, "1", "2", {"1": NEW}),
        ({"1": OLD}, "2", "3", {"1": OLD, "2": NEW}),
        ({"1": OLD}, "2", "2", {"1": OLD}),
        ({"1": OLD}, "2", "1", {"2": NEW}),
        ({"1": OLD, "2": OLD}, "1", "3", {"2": OLD, "1": NEW}),
        ({"1": OLD}, "", "2", {"1": OLD}),
        ({}, "1", "", {"1": NEW}),
    ],
)
def test_a_word_that_gives_way_is_remembered(earlier: Any, head: str, by: str, kept: Any) -> None:
    found = remembered(earlier, head, NEW, by)
    assert (found, [*found]) == (kept, [*kept])


@given(st.lists(st.sampled_from("abcdefghijkl"), min_size=2))
def test_however_often_heads_change_the_last_eight_are_known_but_not_the_one_that_speaks(heads: list[str]) -> None:
    earlier: Any = {}
    for place, head in enumerate(heads[1:], 1):
        earlier = remembered(earlier, heads[place - 1], OLD, head)
    others = [head for head in dict.fromkeys(reversed(heads)) if head != heads[-1]]
    assert [*reversed(earlier)] == others[:KEPT]


@pytest.mark.parametrize(("name", "version"), [("3f2", "3f2a"), ("3f2a", "3f2a"), ("9", "9b")])
def test_a_version_is_known_by_its_beginning(name: str, version: str) -> None:
    assert version_named(name, ["3f2a", "9b", "9b", "3e"]) == version


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("3", "3 is the beginning of several heads' versions: 3e, 3f2a"),
        ("7", "there is no head here whose version begins with '7'"),
        ("", "there is no head here whose version begins with ''"),
    ],
)
def test_a_name_of_no_head_or_of_several_is_told_so(name: str, sentence: str) -> None:
    with pytest.raises(UnciaError, match=f"^{sentence}"):
        version_named(name, ["3f2a", "3e"])
