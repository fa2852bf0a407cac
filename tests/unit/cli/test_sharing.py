"""What is limited is shared: nobody gets more than they want, nothing is left that somebody could use."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.sharing import fair, shared

amounts = st.floats(0, 1_000)
wishes = st.lists(amounts, min_size=1, max_size=5)


@pytest.mark.parametrize(
    ("wanted", "most", "parts"),
    [
        ([10, 10], 10, [5, 5]),
        ([2, 100, 100], 12, [2, 5, 5]),
        ([1, 2, 3], 100, [1, 2, 3]),
        ([0, 8], 4, [0, 4]),
        ([5, 5], 0, [0, 0]),
    ],
)
def test_parts_are_equal_but_for_those_who_want_less(wanted: list[float], most: float, parts: list[float]) -> None:
    assert fair(wanted, most) == pytest.approx(parts)


@given(wishes, amounts)
def test_all_is_given_that_is_wanted_or_that_there_is(wanted: list[float], most: float) -> None:
    parts = fair(wanted, most)
    assert sum(parts) == pytest.approx(min(most, sum(wanted)), abs=1e-6)
    assert all(0 <= part <= wish for part, wish in zip(parts, wanted, strict=True))


def test_what_one_limit_holds_back_is_for_others_to_take() -> None:
    # The first may do 1 for want of `a`; of `b` it leaves what the second can use.
    took = shared([10, 10], [{"a": 1, "b": 1}, {"b": 1}], {"a": 1, "b": 10})
    assert took.done == pytest.approx([1, 9])
    assert took.tightest == ["a", "b"]


@given(st.data(), wishes)
def test_no_limit_is_gone_beyond_and_somebody_always_is_at_one(data: st.DataObject, wanted: list[float]) -> None:
    use = st.dictionaries(st.sampled_from("ab"), st.floats(0.1, 5))
    uses = data.draw(st.lists(use, min_size=len(wanted), max_size=len(wanted)))
    limits = {"a": data.draw(amounts), "b": data.draw(amounts)}
    took = shared(wanted, uses, limits)
    for name, most in limits.items():
        assert sum(done * use.get(name, 0) for done, use in zip(took.done, uses, strict=True)) <= most + 1e-6
    for done, wish, use in zip(took.done, wanted, uses, strict=True):
        assert done <= wish + 1e-9
        assert done == pytest.approx(wish, abs=1e-6) or any(took.left[name] < 1e-6 for name in use)
