"""A recipe is told apart by everything that changes features."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.recipe import Recipe


@pytest.mark.parametrize(
    ("recipe", "text"),
    [(Recipe("ab"), "ab~0.0~0.0"), (Recipe("ab", 0.04, 0.05), "ab~0.04~0.05"), (Recipe("", 0.5), "~0.5~0.0")],
)
def test_a_recipe_is_a_text_and_back(recipe: Recipe, text: str) -> None:
    assert str(recipe) == text
    assert Recipe.parse(text) == recipe


@pytest.mark.parametrize("other", [Recipe("b", 0.1, 0.2), Recipe("a", 0.2, 0.2), Recipe("a", 0.1, 0.1)])
def test_another_backbone_or_crop_is_another_recipe(other: Recipe) -> None:
    assert other != Recipe("a", 0.1, 0.2)
    assert str(other) != str(Recipe("a", 0.1, 0.2))


@pytest.mark.parametrize("text", ["", "ab", "ab~0", "ab~0~0~0", "ab~top~0", "ab~0.6~0", "ab~0~-0.1", "ab~nan~0"])
def test_another_text_is_no_recipe(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Recipe.parse(text)


@given(st.floats(0, 0.5), st.floats(0, 0.5))
def test_no_digit_of_a_crop_is_lost(top: float, bottom: float) -> None:
    assert Recipe.parse(str(Recipe("ab", top, bottom))) == Recipe("ab", top, bottom)
