"""The labels of a day are what its frames say, however often and late it is asked for."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from functions import finalize
from functions.finalize import LOOKS, NeverQuiet
from shared.averaging import Averaging
from shared.brief import Brief
from shared.day import Ask, Day, Settled
from shared.errors import BadMessage, LimitExceeded
from shared.frame import Frame
from shared.head import Head
from shared.label import Changes, Label, labels
from shared.recipe import Recipe
from shared.sequence import Limits
from tests.memory import MemoryStore
from tests.unit.shared.making import FakeHead, corrupt, frame, head, note_due, seen

NOW = datetime(2026, 2, 1, 8, tzinfo=UTC)
SETTLE = timedelta(seconds=30)
DAY, NEXT = "20260131", "20260201"
MIDNIGHT = datetime(2026, 2, 1)
HEAD = FakeHead()


def near(seconds: float, score: float = 0.9) -> Frame:
    return seen(MIDNIGHT + timedelta(seconds=seconds), score)


def holding(*frames: Frame, kind: type[MemoryStore] = MemoryStore) -> Any:
    store = kind()
    for one in frames:
        store.write_frame(one, "")
        note_due(store, one.camera, one.day, NOW)
    return store


def finalized(store: Any, day: str = DAY, head: Any = HEAD, limits: Limits | None = None) -> list[Label]:
    body = Ask("cam", day).encode().encode()
    finalize.run(body, store=store, head=lambda: head, limits=limits or Limits(), settle=SETTLE, now=lambda: NOW)
    return [*store.all_labels("cam")]


def test_a_days_frames_become_labels_and_the_day_is_settled() -> None:
    frames = [seen(0), seen(1, 0.5), corrupt(2), seen(100, 0.1)]
    store = holding(*frames)
    assert finalized(store) == labels(frames, Limits(), HEAD)
    day = store.read_day("cam", DAY)
    assert (day.settled, day.due, day.head) == (True, NOW, "head 1")


def test_a_day_that_a_later_message_is_on_its_way_for_is_left_to_that_message() -> None:
    store = holding(seen(0))
    note_due(store, "cam", DAY, NOW + timedelta(seconds=26))
    assert [one.n_frames for one in finalized(store)] == [1]
    assert not store.read_day("cam", DAY).settled


def test_a_day_that_a_frame_relies_on_while_it_is_finalized_slowly_stays_open_for_that_message() -> None:
    store, clock = holding(seen(0)), iter([NOW, *[NOW + timedelta(minutes=1)] * 9])
    note_due(store, "cam", DAY, NOW + timedelta(seconds=26))
    body = Ask("cam", DAY).encode().encode()
    finalize.run(body, store=store, head=lambda: HEAD, limits=Limits(), settle=SETTLE, now=lambda: next(clock))
    assert not store.read_day("cam", DAY).settled


def test_a_head_published_between_two_looks_has_the_last_word() -> None:
    store, heads = holding(seen(0)), [FakeHead("head 1"), FakeHead("head 2"), FakeHead("head 2")]
    body = Ask("cam", DAY).encode().encode()
    finalize.run(body, store=store, head=lambda: heads.pop(0), limits=Limits(), settle=SETTLE, now=lambda: NOW)
    assert [(one.head, one.label) for one in store.all_labels("cam")] == [("head 2", "blank")]
    assert store.read_day("cam", DAY).head == "head 2"


def test_features_that_are_no_features_leave_one_frame_unscored_and_label_the_others() -> None:
    store = holding(seen(0, head="head 0"), seen(1, head="head 0", features=b"\0\0"))
    assert [(one.label, one.n_frames, one.n_scored) for one in finalized(store)] == [("leopard", 2, 1)]


def test_a_label_that_no_row_can_hold_is_a_failure_and_keeps_no_other_of_its_day_waiting() -> None:
    letters = random.Random(0)
    names = ["".join(chr(letters.randrange(0x4E00, 0x9FFF)) for _ in range(1_020)) for _ in range(600)]
    store = holding(seen(-900), *(seen(n / 10, path=f"{name}.jpg") for n, name in enumerate(names)), seen(900, 0.1))
    for _ in range(2):
        with pytest.raises(LimitExceeded, match="row 'cam', '20260131T12"):
            finalized(store)
    assert [(one.label, one.n_frames) for one in store.all_labels("cam")] == [("leopard", 1), ("blank", 1)]
    assert [brief.n_frames for brief in store.briefs("cam")] == [1, 600, 1]
    assert not store.read_day("cam", DAY).settled


def test_the_first_frame_of_a_day_may_follow_a_day_without_frames() -> None:
    frames = [seen(MIDNIGHT), seen(MIDNIGHT + timedelta(seconds=1))]
    assert [one.n_frames for one in finalized(holding(*frames), "20260201")] == [2]


def test_a_day_counts_its_frames() -> None:
    store = holding(seen(0), corrupt(1), near(1))
    finalized(store)
    row = store._days.get_entity("cam", DAY)
    assert (row["n_frames"], row["n_corrupt"]) == (2, 1)


def test_a_message_that_arrives_twice_changes_nothing() -> None:
    store = holding(seen(0), seen(100))
    finalized(store)
    before = dict(store._labels.kept)
    finalized(store)
    assert store._labels.kept == before


@pytest.mark.parametrize("day", [DAY, "undated"])
def test_a_message_about_what_nobody_knows_is_refused(day: str) -> None:
    store = MemoryStore()
    with pytest.raises(BadMessage, match=f"nothing is known of camera 'cam' on {day}"):
        finalized(store, day)
    assert store.read_day("cam", day) is None


def test_a_day_whose_frames_are_all_forgotten_is_settled() -> None:
    store = holding()
    note_due(store, "cam", DAY, NOW)
    assert finalized(store) == []
    assert store.read_day("cam", DAY).settled


@pytest.mark.parametrize("days", [[DAY], [NEXT], [DAY, NEXT], [NEXT, DAY]])
def test_a_sequence_across_midnight_is_found_from_either_day(days: list[str]) -> None:
    frames = [near(-70), near(-30), near(-1), near(0), near(40)]
    store = holding(*frames)
    for day in days:
        found = finalized(store, day)
    assert found == labels(frames, Limits(), HEAD)
    assert len(found) == 1


@pytest.mark.parametrize("day", [DAY, NEXT])
def test_sequences_on_both_sides_of_midnight_stay_apart(day: str) -> None:
    before, after = [near(-100), near(-31)], [near(30), near(90)]
    store = holding(*before, *after)
    assert finalized(store, day) == labels(before if day == DAY else after, Limits(), HEAD)


def test_a_sequence_longer_than_a_day_is_one() -> None:
    frames = [near(3_600 * hour) for hour in range(-30, 31)]
    limits = Limits(timedelta(hours=1), timedelta())
    for day in ("20260130", "20260131", "20260201", "20260202"):
        assert [one.n_frames for one in finalized(holding(*frames), day, limits=limits)] == [61]


def test_a_sequence_above_the_cap_is_split_alike_from_either_day() -> None:
    frames = [near(30 * n) for n in range(-60, 61)]
    apart = [finalized(holding(*frames), day) for day in (DAY, NEXT)]
    assert apart[0] == apart[1] == labels(frames, Limits(), HEAD)


def test_a_late_frame_merges_two_labels() -> None:
    store = holding(seen(0), seen(100))
    assert len(finalized(store)) == 2
    store.write_frame(seen(50), "")
    assert finalized(store) == labels([seen(0), seen(50), seen(100)], Limits(), HEAD)


def test_a_late_first_frame_renames_its_sequence() -> None:
    store = holding(seen(10))
    finalized(store)
    store.write_frame(seen(0), "")
    assert [one.sequence_id for one in finalized(store)] == [seen(0).row_key]


def test_a_late_frame_across_midnight_takes_the_other_days_label_along() -> None:
    store = holding(near(-30), near(60))
    finalized(store, DAY)
    assert len(finalized(store, NEXT)) == 2
    store.write_frame(near(10), "")
    assert finalized(store, NEXT) == labels([near(-30), near(10), near(60)], Limits(), HEAD)


def test_an_older_heads_scores_are_replaced_from_stored_features() -> None:
    store = holding(seen(0), seen(1, 0.2), corrupt(2))
    finalized(store)
    (only,) = finalized(store, head=FakeHead("head 2"))
    features = [0.1, 0.8]  # what head 2 makes of the features of 0.9 and 0.2, as float16
    assert [shot.scores and round(shot.scores["leopard"], 3) for shot in only.frames] == [*features, None]
    assert (only.head, only.n_scored) == ("head 2", 2)


def test_a_label_remembers_what_earlier_heads_said_but_not_of_a_sequence_that_is_gone() -> None:
    store = holding(seen(0), seen(100))
    for version in ("head 1", "head 2", "head 2", "head 1"):
        finalized(store, head=FakeHead(version))
    first, second = store.all_labels("cam")
    assert first.earlier == second.earlier == {"head 2": ("blank", 0.899902)}
    store.write_frame(seen(-10), "")
    assert [one.earlier for one in finalized(store)] == [{}, second.earlier]


@pytest.mark.parametrize(
    ("averaging", "label", "probability"),
    [(Averaging.PROBABILITIES, "leopard", 0.633367), (Averaging.LOGITS, "blank", 0.751592)],
)
def test_scores_are_averaged_as_the_head_says(averaging: Averaging, label: str, probability: float) -> None:
    judge = FakeHead()
    judge.averaging = averaging
    (only,) = finalized(holding(seen(0, 0.95), seen(1, 0.95), seen(2, 0.0001)), head=judge)
    assert (only.label, only.probability) == (label, probability)


def test_features_that_are_no_numbers_leave_one_frame_unscored_and_settle_the_day() -> None:
    judge = Head(head("sha"))
    bad, good = (np.array(row, "<f2").tobytes() for row in ([np.inf, 0, 0, 0], [9, 0, 0, 0]))
    store = holding(seen(0, head="head 0", features=bad), seen(1, head="head 0", features=good))
    assert [(one.label, one.n_frames, one.n_scored) for one in finalized(store, head=judge)] == [("blank", 2, 1)]
    assert store.read_day("cam", DAY).settled


def test_frames_that_no_head_has_scored_are_scored() -> None:
    (only,) = finalized(holding(replace(seen(), scores=None, head="")))
    assert (only.label, only.n_scored) == ("leopard", 1)


def test_a_head_of_another_recipe_scores_nothing() -> None:
    other = FakeHead("head 2")
    other.recipe = Recipe("another")
    (only,) = finalized(holding(seen()), head=other)
    assert (only.label, only.n_scored, only.head) == ("unknown", 0, "")


def test_without_a_head_a_sequence_is_unknown_and_the_day_still_settled() -> None:
    store = holding(frame(0), frame(1))
    assert [(one.label, one.n_frames) for one in finalized(store, head=None)] == [("unknown", 2)]
    day = store.read_day("cam", DAY)
    assert (day.settled, day.head) == (True, "")


def test_corrupt_frames_alone_are_a_corrupt_sequence() -> None:
    assert [one.label for one in finalized(holding(corrupt(0), corrupt(1)))] == ["corrupt"]


def test_undated_frames_stand_alone() -> None:
    store = holding(*(seen(None, seed=seed) for seed in "abc"), seen(0))
    assert [(one.n_frames, one.start) for one in finalized(store, "undated")] == [(1, None)] * 3
    assert (store.read_day("cam", "undated").settled, store.read_day("cam", DAY).settled) == (True, False)


def test_another_cameras_frames_and_labels_are_left_alone() -> None:
    store = holding(seen(0), seen(1, camera="cam 2"))
    assert [one.n_frames for one in finalized(store)] == [1]
    assert [*store.all_labels("cam 2")] == []


class Overtaken(MemoryStore):
    """A store where somebody who saw less tells of the day and settles it, right before the first who saw all."""

    first = True

    def tell(self, day: Day, briefs: Iterable[Brief], seen: int = 0, settled: Settled | None = None) -> bool:
        if self.first:
            self.first = False
            assert super().tell(day, [], 1, Settled("head 1", 1, 0, NOW))
        return super().tell(day, briefs, seen, settled)


def test_who_saw_more_tells_again_where_somebody_told_of_less() -> None:
    store = holding(near(-10), near(10), kind=Overtaken)
    (label,) = finalized(store)
    assert label.n_frames == 2
    assert [*store.briefs("cam", DAY, DAY)] == [Brief.of(label)]
    assert store.read_day("cam", DAY).settled


def test_who_was_overtaken_leaves_a_day_that_is_asked_for_again_to_that_message() -> None:
    class Asked(Overtaken):
        def tell(self, day: Day, briefs: Iterable[Brief], seen: int = 0, settled: Settled | None = None) -> bool:
            note_due(self, "cam", DAY, NOW + timedelta(seconds=26))
            return super().tell(day, briefs, seen, settled)

    store = holding(near(-10), near(10), kind=Asked)
    store.first = False
    (label,) = finalized(store)
    assert label.n_frames == 2
    assert not store.read_day("cam", DAY).settled


def test_a_day_whose_row_changes_at_every_look_is_tried_again_later() -> None:
    class Never(MemoryStore):
        def tell(self, day: Day, briefs: Iterable[Brief], seen: int = 0, settled: Settled | None = None) -> bool:
            return False

    with pytest.raises(NeverQuiet):
        finalized(holding(near(0), kind=Never), NEXT)


class Busy(MemoryStore):
    """A store where somebody else writes whenever labels are to be written, as often as is set."""

    times, due = 1, NOW

    def apply(self, changes: Changes, now: datetime) -> None:
        if self.times:
            self.times -= 1
            theirs = seen(200 + self.times, seed="theirs")
            self.write_frame(theirs, "")
            note_due(self, "cam", DAY, self.due)
            super().apply(Changes(tuple(labels([seen(0, 0.1)], Limits(), HEAD)), (), ()), now)
        super().apply(changes, now)


def test_what_came_meanwhile_is_seen_at_the_second_look() -> None:
    assert finalized(holding(seen(0), kind=Busy)) == labels([seen(0), seen(200, seed="theirs")], Limits(), HEAD)


def test_a_day_whose_row_changed_meanwhile_is_settled_after_another_look() -> None:
    store = holding(seen(0), kind=Busy)
    found = finalized(store)
    assert [one.sequence_id for one in store.briefs("cam")] == [one.sequence_id for one in found]
    assert store.read_day("cam", DAY).settled


def test_a_day_that_never_comes_to_rest_is_tried_again_later() -> None:
    store = holding(seen(0), kind=Busy)
    store.times = LOOKS + 1
    with pytest.raises(NeverQuiet, match=r"^camera 'cam', day 20260131$"):
        finalized(store)
    assert not store.read_day("cam", DAY).settled


def test_a_day_that_frames_keep_coming_to_is_left_to_the_message_that_they_asked_for() -> None:
    store = holding(seen(0), kind=Busy)
    store.times, store.due = LOOKS + 1, NOW + SETTLE
    finalized(store)
    assert (store.times, store.read_day("cam", DAY).settled) == (LOOKS, False)


def test_a_day_notes_how_many_frames_were_seen_those_of_its_neighbours_included() -> None:
    store = holding(near(-1), near(0), near(1))
    finalized(store)
    assert store.read_day("cam", DAY).seen == 3


@pytest.mark.parametrize("body", [b"", b"{}", b'{"camera": "cam", "day": "today"}', seen().encode().encode()])
def test_a_message_that_is_no_camera_and_day_is_told_so(body: bytes) -> None:
    with pytest.raises(BadMessage):
        finalize.run(body, store=MemoryStore(), head=lambda: None, limits=Limits(), settle=SETTLE, now=lambda: NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize("day", [DAY, NEXT])
def test_of_a_sequence_across_midnight_the_day_it_begins_on_is_asked_to_tell(day: str) -> None:
    store, asked = holding(near(-30), near(0)), list[Ask]()
    finalize.run(
        Ask("cam", day).encode().encode(), store=store, head=lambda: HEAD, limits=Limits(), settle=SETTLE,
        now=lambda: NOW, see_to=asked.append,
    )  # fmt: skip
    assert asked == ([] if day == DAY else [Ask("cam", DAY)])
    finalized(store, DAY)
    assert [one.sequence_id for one in store.briefs()] == [near(-30).row_key]


def test_a_day_that_is_asked_for_again_tells_what_it_knows_meanwhile() -> None:
    store = holding(seen(0))
    note_due(store, "cam", DAY, NOW + timedelta(seconds=26))
    finalized(store)
    assert [one.n_frames for one in store.briefs()] == [1]
