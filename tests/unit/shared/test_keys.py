"""Any name is a key, and every key that was not cut gives its name back."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.keys import CUT, LONGEST, escape, unescape

FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f/\\\\#?%\ud800-\udfff]")
ANY = st.text(st.characters(exclude_categories=()) | st.sampled_from("/\\#?%=~2F\ud800\udc00\x85"))
LONG = st.text(st.sampled_from("a/é雪🐆=\ud800"), min_size=150, max_size=600)


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Snow Leopard 1!", "Snow Leopard 1!"),
        ("Снежный барс", "Снежный барс"),
        ("a/b", "a=2Fb"),
        ("50%", "50=25"),
        ("a=2Fb", "a=3D2Fb"),
        ("a\x85", "a=C2=85"),
        ("", ""),
    ],
)
def test_a_key_is_the_name_itself_as_far_as_may_be(name: str, key: str) -> None:
    assert escape(name) == key


@given(ANY)
@example("\ud83d\udc06")  # a pair of surrogates, not the one character they would be in UTF-16
@example("=~")
@example("/~")
def test_a_key_gives_its_name_back(name: str) -> None:
    assert unescape(escape(name)) == name


@given(ANY | LONG)
def test_a_key_holds_nothing_forbidden_and_fits(name: str) -> None:
    assert not FORBIDDEN.search(escape(name))
    assert units(escape(name)) <= LONGEST


@given(LONG, LONG)
def test_different_names_have_different_keys(one: str, two: str) -> None:
    assert (escape(one) == escape(two)) == (one == two)


@pytest.mark.parametrize(
    ("name", "cut"), [("a" * 512, False), ("a" * 513, True), ("🐆" * 257, True), ("/" * 171, True)]
)
def test_a_key_is_cut_above_512_utf16_units_only(name: str, cut: bool) -> None:
    assert (CUT in escape(name)) == cut


def test_names_alike_in_all_but_their_ends_keep_apart() -> None:
    assert escape("a" * 600 + "1") != escape("a" * 600 + "2")


def test_a_cut_key_says_that_it_cannot_give_its_name_back() -> None:
    with pytest.raises(ValueError, match="this key was cut"):
        unescape(escape("a" * 600))
