"""A label is the mean of its frames' scores, held against a threshold."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.frame import Frame
from shared.label import CORRUPT, UNKNOWN, Changes, Stored, changes, label, labels, stale
from shared.sequence import Limits
from tests.unit.shared.making import NOON, FakeHead, corrupt, frame, seen

HEAD = FakeHead()
ONE = label([seen()], HEAD)


@pytest.mark.parametrize(
    ("frames", "name", "probability", "n_scored"),
    [
        ([seen(0, 0.9)], "leopard", 0.9, 1),
        ([seen(0, 0.9), seen(1, 0.5)], "leopard", 0.7, 2),
        ([seen(0, 0.6)], "leopard", 0.6, 1),
        ([seen(0, 0.59)], UNKNOWN, 0.59, 1),
        ([seen(0, 0.1)], "blank", 0.9, 1),
        ([seen(0, 0.9), corrupt(1)], "leopard", 0.9, 1),
        ([corrupt(0), corrupt(1)], CORRUPT, None, 0),
        ([frame(0)], UNKNOWN, None, 0),
        ([frame(0), corrupt(1)], UNKNOWN, None, 0),
        ([seen(0, 0.9, head="head 0")], UNKNOWN, None, 0),
        ([seen(0, 0.9, head="head 0"), seen(1, 0.2)], "blank", 0.8, 1),
    ],
)
def test_the_likeliest_class_is_the_label_where_it_reaches_its_threshold(
    frames: list[Frame], name: str, probability: float | None, n_scored: int
) -> None:
    made = label(frames, HEAD)
    assert (made.label, made.probability, made.n_scored, made.n_frames) == (name, probability, n_scored, len(frames))


def test_each_class_has_a_threshold_of_its_own() -> None:
    strict = FakeHead()
    strict.thresholds = {"blank": 0.5, "leopard": 0.95}
    assert [label([seen(0, score)], strict).label for score in (0.94, 0.95, 0.5)] == [UNKNOWN, "leopard", "blank"]


def test_without_a_head_nothing_is_known_but_what_is_corrupt() -> None:
    made = labels([seen(0), corrupt(100)], Limits(), None)
    assert [(one.label, one.scores, one.head) for one in made] == [(UNKNOWN, {}, ""), (CORRUPT, {}, "")]


def test_a_label_tells_its_frames_and_times() -> None:
    made = label([seen(0, path="a", backbone="b"), corrupt(2)], HEAD)
    assert (made.sequence_id, made.camera, made.backbone, made.head) == (seen(0).row_key, "cam", "b", "head 1")
    assert (made.start, made.end) == (NOON, NOON + timedelta(seconds=2))
    assert [(shot.path, str(shot.status), shot.scores) for shot in made.frames] == [
        ("a", "ok", seen(0).scores), (corrupt(2).path, "corrupt", None),
    ]  # fmt: skip


def test_sequences_are_labelled_apart() -> None:
    made = labels([seen(0, 0.9), seen(61, 0.1), seen(None, 0.9)], Limits(), HEAD)
    assert [one.label for one in made] == ["leopard", "blank", "leopard"]


@given(st.permutations([seen(at, at / 10) for at in range(8)]))
def test_order_of_frames_changes_no_label(frames: list[Frame]) -> None:
    assert labels(frames, Limits(), HEAD) == labels([seen(at, at / 10) for at in range(8)], Limits(), HEAD)


@pytest.mark.parametrize(
    ("one", "again"),
    [
        (seen(), False), (seen(head="head 0"), True), (seen(head="", scores=None), True), (corrupt(), False),
        (seen(head="head 0", recipe="another~0.0~0.0"), False), (frame(), False),
    ],
)  # fmt: skip
def test_frames_of_the_recipe_with_another_heads_scores_are_stale(one: Frame, again: bool) -> None:
    assert stale([one], HEAD) == ([one] if again else [])


def test_without_a_head_nothing_is_stale() -> None:
    assert stale([seen(head="head 0")], None) == []


TABLES = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(["blank", "leopard"]))


@given(TABLES, TABLES)
def test_changes_make_the_table_exactly_what_is_wanted(wanted: dict[str, str], have: dict[str, str]) -> None:
    want, table = ([replace(ONE, sequence_id=key, label=name) for key, name in some.items()] for some in (wanted, have))
    rows: Any = {one.sequence_id: Stored(one, f"etag {one.sequence_id}") for one in table}
    change = changes(want, rows.values())
    assert bool(change) == (wanted != have)
    assert all(one.etag == rows[one.label.sequence_id].etag for one in (*change.update, *change.delete))
    assert change.made(rows.values()) == sorted(want, key=lambda one: one.sequence_id)
    rows = {key: one.label for key, one in rows.items() if one not in change.delete}
    rows |= {one.sequence_id: one for one in change.create} | {
        one.label.sequence_id: one.label for one in change.update
    }
    assert rows == {one.sequence_id: one for one in want}


@given(TABLES, TABLES)
def test_changes_touch_nothing_that_is_right(wanted: dict[str, str], have: dict[str, str]) -> None:
    want, table = ([replace(ONE, sequence_id=key, label=name) for key, name in some.items()] for some in (wanted, have))
    change = changes(want, [Stored(one, "etag") for one in table])
    touched = {one.sequence_id for one in change.create} | {
        s.label.sequence_id for s in (*change.update, *change.delete)
    }
    assert touched == {key for key in wanted | have if wanted.get(key) != have.get(key)}


def test_a_label_by_another_head_takes_along_what_was_said_before() -> None:
    table = replace(ONE, earlier={"head 0": ("blank", 0.7)})
    (updated,) = changes([replace(ONE, head="head 2")], [Stored(table, "etag")]).update
    assert updated.label.earlier == {"head 0": ("blank", 0.7), "head 1": ("leopard", 0.9)}


def test_a_label_that_only_grew_keeps_its_history() -> None:
    table = replace(ONE, earlier={"head 0": ("blank", 0.7)})
    (updated,) = changes([replace(ONE, n_frames=2)], [Stored(table, "etag")]).update
    assert updated.label.earlier == table.earlier


def test_what_was_said_before_is_no_part_of_the_answer() -> None:
    assert not changes([ONE], [Stored(replace(ONE, earlier={"head 0": ("blank", 0.7)}), "etag")])


def test_nothing_to_change_is_false() -> None:
    assert not Changes((), (), ())
