"""The wall shows every sequence that was asked for, once, in order, however it is paged."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.brief import Brief
from shared.day import day_of_key
from shared.deployment import Clocks, Deployments
from shared.errors import UnciaError
from shared.frame import time_key
from shared.wall import choices, page
from shared.wish import ORDERS, Wish
from tests.unit.shared.making import deployment

NOON = datetime(2026, 1, 31, 12)
HERE = Clocks()
REFUSED = [
    ({"order": "best"}, "order is 'best': it is one of newest, oldest, uncertain, probable"),
    ({"from": "31.1.2026"}, "from is '31.1.2026': a date is written 2026-01-31"),
    ({"to": "2026-02-30"}, "to is '2026-02-30'"),
    ({"least": "x"}, "least is 'x': it is a number from 0 to 1"),
    ({"most": "nan"}, "most is 'nan'"),
    ({"limit": "1000"}, "limit is '1000': it is a number from 0 to 200"),
    ({"reviewed": "maybe"}, "reviewed is 'maybe': it is one of no, part, yes"),
    ({"after": "!"}, "after is not what a page gave"),
    ({"after": "W10="}, "after is not what a page gave"),
]


def brief(hours: float | None = 0, leopard: float | None = 0.9, camera: str = "cam", **said: Any) -> Brief:
    at = time_key(None if hours is None else NOON + timedelta(hours=hours))
    scores = {} if leopard is None else {"blank": round(1 - leopard, 4), "leopard": leopard}
    told = {"label": "leopard", "n_frames": 1, "seconds": 0.0}
    return Brief(camera=camera, sequence_id=f"{at}~{camera}{leopard}", scores=scores, **told | said)


BRIEFS = st.lists(
    st.builds(
        brief,
        hours=st.none() | st.integers(-30, 30),
        leopard=st.none() | st.sampled_from([0.0, 0.5, 0.51, 0.9, 1.0]),
        camera=st.sampled_from(["a", "b"]),
        said=st.sampled_from([(), ("cat",), ("blank", "cat")]),
    ),
    max_size=12,
    unique_by=lambda one: (one.camera, one.sequence_id),
)


def ids(briefs: list[Brief]) -> list[str]:
    return [one.sequence_id for one in briefs]


@given(BRIEFS, st.sampled_from(ORDERS), st.integers(1, 4))
def test_pages_follow_each_other_without_a_gap_or_a_repetition(briefs: list[Brief], order: str, limit: int) -> None:
    whole = page(briefs, Wish(order=order, limit=200), HERE).shown
    seen, after = list[Brief](), ""
    while True:
        found = page(briefs, Wish.parse({"order": order, "limit": str(limit), "after": after}), HERE)
        assert found.sequences == len(briefs)
        seen += found.shown
        if not (after := found.after):
            break
        assert len(found.shown) == limit
    assert seen == whole
    assert sorted(map(repr, whole)) == sorted(map(repr, briefs))


def test_orders_are_what_they_say() -> None:
    early, late, undated = brief(0, 0.6), brief(5, 0.99), brief(None, 0.9)
    unscored = brief(1, None)
    found = {order: page([early, late, undated, unscored], Wish(order=order), HERE).shown for order in ORDERS}
    assert found["newest"] == [late, unscored, early, undated]
    assert found["oldest"] == [early, unscored, late, undated]
    assert found["uncertain"] == [early, undated, late, unscored]
    assert found["probable"] == [late, undated, early, unscored]


def test_the_most_probable_of_a_label_are_by_that_labels_score() -> None:
    sure, doubtful = brief(0, 0.9), brief(1, 0.6)
    assert page([doubtful, sure], Wish(order="probable", label="leopard"), HERE).shown == [sure, doubtful]


@pytest.mark.parametrize(
    ("asked", "fits"),
    [
        ({"label": "leopard"}, "ab"),
        ({"label": "blank"}, ""),
        ({"said": "cat"}, "b"),
        ({"least": "0.7"}, "a"),
        ({"most": "0.7"}, "b"),
        ({"reviewed": "no"}, "a"),
        ({"reviewed": "part"}, "b"),
        ({"reviewed": "yes"}, ""),
        ({"changed": "1"}, "b"),
        ({}, "ab"),
    ],
)
def test_what_is_asked_for_is_shown(asked: dict[str, str], fits: str) -> None:
    told = {"a": brief(0, 0.9), "b": brief(1, 0.6, said=("cat",), before="blank")}
    assert page(told.values(), Wish.parse({"order": "oldest"} | asked), HERE).shown == [told[name] for name in fits]


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({}, "abc"),
        ({"from": "2026-01-31"}, "ab"),
        ({"from": "2026-02-01"}, "b"),
        ({"to": "2026-01-31"}, "a"),
        ({"from": "2026-02-02"}, ""),
        ({"from": "0001-01-01", "to": "9999-12-31"}, "ab"),
    ],
)
def test_dates_are_the_local_ones_and_leave_the_undated_out(asked: dict[str, str], shown: str) -> None:
    told = {"a": brief(0), "b": brief(24), "c": brief(None)}
    wish = Wish.parse({"order": "oldest"} | asked)
    assert page(told.values(), wish, HERE).shown == [told[name] for name in shown]
    low, high = wish.days(HERE)
    assert all(low <= day_of_key(told[name].sequence_id) <= high for name in shown)


def test_a_clock_that_was_wrong_by_years_is_put_right() -> None:
    clocks = Clocks(Deployments([replace(deployment(), correction=timedelta(days=3650))]))
    early = brief(-24 * 3650, 0.7)
    wish = Wish.parse({"from": "2026-01-31", "to": "2026-01-31"})
    assert page([early], wish, clocks).shown == [early]
    assert page([early], wish, HERE).shown == []
    assert wish.days(clocks)[0] <= day_of_key(early.sequence_id)
    late = brief(1, camera="b")
    assert page([late, early, brief(-8, camera="b")], Wish(), clocks).shown[:2] == [late, early]


@pytest.mark.parametrize(("asked", "sentence"), REFUSED)
def test_what_cannot_be_asked_is_refused_in_one_sentence(asked: dict[str, str], sentence: str) -> None:
    with pytest.raises(UnciaError, match=sentence):
        Wish.parse(asked)


def test_how_much_is_reviewed_is_counted_among_what_was_asked_for() -> None:
    done = brief(0, said=("cat",), complete=True)
    found = page([done, brief(1), brief(2, label="blank")], Wish(label="leopard", limit=1), HERE)
    assert (found.sequences, found.reviewed) == (2, 1)


def test_what_there_is_to_filter_by_is_counted() -> None:
    done = brief(24, camera="b", said=("cat",), complete=True, before="blank")
    told = choices([done, brief(0), replace(brief(None), label="corrupt")])
    assert told == {
        "cameras": [("b", 1), ("cam", 2)], "labels": [("corrupt", 1), ("leopard", 2)], "said": [("cat", 1)],
        "sequences": 3, "reviewed": 1, "changed": 1, "first": "2026-01-31", "last": "2026-02-01",
    }  # fmt: skip
    assert choices([])["first"] == ""
