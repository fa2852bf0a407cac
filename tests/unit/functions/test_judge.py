"""What people decide is on the frames and the label at once, stays there, and nobody's word is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from functions import aggregate, finalize, judge
from functions.judge import Judged
from shared.day import Ask
from shared.decision import Decision
from shared.frame import Frame
from shared.label import Label
from shared.remembered import Remembered
from shared.sequence import Limits
from tests.memory import MemoryQueue, MemoryStore
from tests.unit.shared.making import FakeHead, note_due, seen

NOW = datetime(2026, 2, 1, 8, tzinfo=UTC)
SETTLE = timedelta(seconds=30)
DAY = "20260131"


def holding(*frames: Frame) -> Any:
    store = MemoryStore()
    arrive(store, *frames)
    return store


def arrive(store: Any, *frames: Frame) -> None:
    for one in frames:
        store.write_frame(one, "")
        note_due(store, "cam", one.day, NOW)
    finalized(store)


def finalized(store: Any, limits: Limits | None = None) -> None:
    body = Ask("cam", DAY).encode().encode()
    finalize.run(body, store=store, head=FakeHead, limits=limits or Limits(), settle=SETTLE, now=lambda: NOW)


def labels(store: Any) -> list[Label]:
    return [*store.all_labels("cam")]


def words(store: Any) -> list[tuple[str, ...] | None]:
    return [one.judgement.said if one.judgement else None for one in labels(store)]


def decision(on: list[Frame], said: str = "cat", by: str = "Ana", after: float = 0, **told: Any) -> Decision:
    keys = tuple(one.row_key for one in on)
    return Decision(camera="cam", sequence_id=keys[0], frames=keys, said=said, by=by, **{"at": later(after)} | told)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def judged(store: Any, made: Decision, queue: Any = None, now: Callable[[], datetime] = lambda: NOW) -> Judged:
    queue = MemoryQueue() if queue is None else queue
    see_to = partial(
        aggregate.see_to, store=store, sequences=queue, settle=SETTLE, now=now, remembered=Remembered()
    )  # fmt: skip
    return judge.run(made, store=store, see_to=see_to, now=now)


def test_a_decision_is_on_its_frames_its_label_and_in_the_history_and_its_day_is_asked_for() -> None:
    frames, queue = [seen(0), seen(1)], MemoryQueue()
    store = holding(*frames, seen(500))
    before = labels(store)[0]
    found = judged(store, decision(frames), queue)
    assert found == Judged(labels(store)[0])
    assert words(store) == [("cat",), None]
    assert (before.label, before.scores) == (labels(store)[0].label, labels(store)[0].scores)
    assert [one.verdict.of_sequence for one in store.verdicts()] == [True, True]
    assert [one.said for one in store.decisions("cam")] == ["cat"]
    assert [Ask.decode(text.encode()) for text, _ in queue.sent] == [Ask("cam", DAY)]


def test_of_a_frame_after_midnight_the_day_that_its_sequence_begins_on_tells_too() -> None:
    before, after = seen(datetime(2026, 1, 31, 23, 59, 40)), seen(datetime(2026, 2, 1, 0, 0, 10))
    store, queue = holding(before, after), MemoryQueue()
    judged(store, replace(decision([after]), sequence_id=before.row_key, of_sequence=False), queue)
    assert [Ask.decode(text.encode()).day for text, _ in queue.sent] == ["20260131", "20260201"]
    finalized(store)
    assert [one.said for one in store.briefs()] == [("cat",)]


class Slow(MemoryStore):
    """What was asked for is answered before the write that it was asked for is done."""

    now = NOW

    def decide(self, decisions: Any, etags: Any) -> bool:
        finalized(self)
        self.now += SETTLE
        return super().decide(decisions, etags)


def test_a_write_that_takes_longer_than_the_day_waits_is_told_of_all_the_same() -> None:
    store, queue = Slow(), MemoryQueue()
    arrive(store, seen(0))
    judged(store, decision([seen(0)]), queue, lambda: store.now)
    assert len(queue.sent) == 2
    finalized(store)
    assert [one.said for one in store.briefs()] == [("cat",)]


def test_what_others_said_of_other_frames_stands_in_nobodys_way() -> None:
    store = holding(seen(0), seen(1))
    judged(store, replace(decision([seen(1)], "fox", "Ben"), sequence_id=seen(0).row_key))
    judged(store, decision([seen(0)], "cat", "Ana", 1))
    found = judged(store, decision([seen(0), seen(1)], "dog", "Ana", 2))
    assert found.standing
    assert (found.standing.by, words(store)) == ("Ben", [("cat", "fox")])


def test_finalize_finds_nothing_to_change_after_a_decision_and_tells_of_it_in_brief() -> None:
    store = holding(seen(0))
    judged(store, decision([seen(0)]))
    kept = dict(store._labels.kept)
    finalized(store)
    assert store._labels.kept == kept
    assert [(one.said, one.complete) for one in store.briefs()] == [(("cat",), True)]


def test_a_sequence_that_grows_keeps_its_verdict_and_is_to_be_looked_at_again() -> None:
    store = holding(seen(0), seen(1))
    judged(store, decision([seen(0), seen(1)]))
    arrive(store, seen(2))
    (label,) = labels(store)
    assert label.judgement
    assert (label.judgement.said, label.judgement.complete) == (("cat",), False)


def test_a_sequence_that_grows_at_its_start_keeps_its_verdict_under_its_new_id() -> None:
    store = holding(seen(10))
    judged(store, decision([seen(10)]))
    arrive(store, seen(0))
    assert [(one.sequence_id, one.judgement.said) for one in labels(store) if one.judgement] == [
        (seen(0).row_key, ("cat",))
    ]  # fmt: skip


def test_parts_of_a_sequence_that_is_split_keep_the_verdicts_of_their_frames() -> None:
    store = holding(seen(0), seen(50), seen(100))
    judged(store, decision([seen(0), seen(50), seen(100)]))
    finalized(store, Limits(gap=timedelta(seconds=10)))
    assert words(store) == [("cat",)] * 3


def test_two_sequences_that_merge_have_the_species_of_both() -> None:
    store = holding(seen(0), seen(100))
    judged(store, decision([seen(0)], "dog"))
    judged(store, decision([seen(100)], "cat"))
    arrive(store, seen(50))
    assert words(store) == [("cat", "dog")]


def test_who_decides_without_having_seen_the_others_word_is_told_and_nothing_is_written() -> None:
    store = holding(seen(0))
    judged(store, decision([seen(0)], "cat", "Ben"))
    found = judged(store, decision([seen(0)], "dog", "Ana", 1))
    assert found.standing
    assert (found.standing.by, found.standing.said, words(store)) == ("Ben", "cat", [("cat",)])
    judged(store, decision([seen(0)], "dog", "Ana", 2, seen={seen(0).row_key: found.standing.at}))
    assert words(store) == [("dog",)]
    assert [(one.by, one.said) for one in store.decisions("cam")] == [("Ben", "cat"), ("Ana", "dog")]


def test_a_decision_can_be_withdrawn() -> None:
    store = holding(seen(0))
    judged(store, decision([seen(0)], "cat"))
    judged(store, decision([seen(0)], "", after=1))
    assert words(store) == [None]
    assert [*store.verdicts()] == []
    assert [one.said for one in store.decisions("cam")] == ["cat", ""]


def test_frames_that_are_gone_are_left_out_and_nothing_is_made_of_them() -> None:
    store = holding(seen(0))
    judged(store, decision([seen(0), seen(1)]))
    assert [one.frames for one in store.decisions("cam")] == [(seen(0).row_key,)]
    assert [*store.frame_keys()] == [("cam", seen(0).row_key)]
    assert judged(store, decision([seen(7)])) == Judged(None)
    assert len([*store.decisions("cam")]) == 1


def test_a_sequence_that_is_gone_is_left_to_finalize() -> None:
    store = holding(seen(0), seen(10))
    found = judged(store, decision([seen(10)]))
    assert found == Judged(None)
    finalized(store)
    assert words(store) == [("cat",)]


class Meddling(MemoryStore):
    """Ben decides between what others read and what they write."""

    ben: tuple[Decision, ...] = ()

    def decide(self, decisions: Any, etags: Any) -> bool:
        waiting, self.ben = self.ben, ()
        for one in waiting:
            judged(self, one)
        return super().decide(decisions, etags)


def test_of_two_decisions_that_race_one_is_written_and_the_other_is_told() -> None:
    store = Meddling()
    arrive(store, seen(0))
    store.ben = (decision([seen(0)], "cat", "Ben"),)
    found = judged(store, decision([seen(0)], "dog", "Ana", 1))
    assert found.standing
    assert (found.standing.by, words(store)) == ("Ben", [("cat",)])


class Growing(MemoryStore):
    """A frame arrives between what others read and what they write to the labels."""

    late: tuple[Frame, ...] = ()

    def apply(self, changes: Any, now: datetime) -> None:
        waiting, self.late = self.late, ()
        if waiting:
            arrive(self, *waiting)
        super().apply(changes, now)


def test_a_sequence_that_grows_while_it_is_judged_has_the_frame_and_the_verdict() -> None:
    store = Growing()
    arrive(store, seen(0))
    store.late = (seen(1),)
    judged(store, decision([seen(0)]))
    (label,) = labels(store)
    assert label.judgement
    assert (label.n_frames, label.judgement.said, label.judgement.complete) == (2, ("cat",), False)


@given(st.lists(st.tuples(st.sampled_from(["Ana", "Ben"]), st.sampled_from(["cat", "dog", ""])), max_size=6))
def test_the_label_says_what_the_frames_say_whatever_people_do(made: list[tuple[str, str]]) -> None:
    store, known = holding(seen(0), seen(1)), dict[str, datetime]()
    for second, (by, said) in enumerate(made):
        found = judged(store, decision([seen(0), seen(1)], said, by, second, seen=known))
        known = dict.fromkeys((seen(0).row_key, seen(1).row_key), found.standing.at) if found.standing else known
    kept = labels(store)
    finalized(store)
    assert labels(store) == kept
