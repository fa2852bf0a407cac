"""Which labels an export is about, and how it goes on."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.brief import Brief
from shared.errors import UnciaError
from shared.export.asked import Asked
from shared.export.bookmark import Bookmark
from shared.export.tables import SEQUENCES
from shared.export.tally import Tally
from shared.export.wanted import Wanted

from .surveyed import DEPLOYMENTS, LOST, MADE, ODD, RIDGE, all_labels, stored, survey

LABELS = all_labels()


@pytest.mark.parametrize(
    ("wanted", "number"),
    [
        (Wanted(), 18), (Wanted(cameras=frozenset((RIDGE, ODD))), 12), (Wanted(first=date(2026, 1, 31)), 15),
        (Wanted(first=date(2026, 2, 1)), 5), (Wanted(last=date(2026, 1, 30)), 0), (Wanted(last=date(2026, 1, 31)), 10),
        (Wanted(labels=frozenset(("blank",))), 3), (Wanted(reviewed=True), 8),
        (Wanted(cameras=frozenset((LOST,)), reviewed=True), 0),
    ],
)  # fmt: skip
def test_labels_are_taken_that_fit_all_that_is_asked(wanted: Wanted, number: int) -> None:
    told = survey(stored())
    assert sum(wanted.takes(label, told.began(label)) for label in LABELS) == number


@pytest.mark.parametrize("day", ["2026-13-01", "undated", "today", "31.01.2026"])
def test_what_is_no_day_is_refused(day: str) -> None:
    with pytest.raises(UnciaError, match="is no day"):
        Asked.of({"format": "csv", "first": day})


def test_what_there_is_to_pass_is_known_in_brief() -> None:
    ahead = Wanted(cameras=frozenset((RIDGE,))).outlook(map(Brief.of, LABELS))
    assert (ahead.classes, ahead.sequences) == (("blank", "leopard"), 6)


def test_only_deployments_of_the_cameras_asked_for_are_told() -> None:
    known = stored().read_deployments()
    assert [one.camera for one in Wanted(cameras=frozenset((ODD,))).deployments(known)] == [ODD]
    assert len(Wanted().deployments(known)) == len(DEPLOYMENTS)


def test_an_export_goes_on_where_it_stopped() -> None:
    store = stored()
    told, tally = survey(store), Tally.begin(("blank",))
    for label in LABELS:
        SEQUENCES.pass_on(label, told, tally)
    mark = Bookmark(camera=ODD, sequence_id="x", created=MADE, classes=("a", "ä"), tally=tally)
    assert Bookmark.decode(mark.encode()) == mark


@given(st.text(max_size=40) | st.binary(max_size=40).map(lambda some: some.hex()))
def test_nothing_else_is_taken_for_a_place_to_go_on(text: str) -> None:
    with pytest.raises(UnciaError):
        Bookmark.decode(text)
