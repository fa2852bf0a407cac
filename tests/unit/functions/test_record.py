"""What people said elsewhere goes in as what they say here does, and replaces nobody's later word."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions import record
from functions.record import LOT, Recorded
from shared.frame import Frame
from shared.verdict import Verdict
from tests.memory import MemoryQueue, MemoryStore
from tests.unit.shared.making import say, seen

NOW = datetime(2026, 2, 1, 8, tzinfo=UTC)


def verdict(one: Frame, said: str = "cat", by: str = "Ana", after: float = 0) -> Verdict:
    return Verdict(
        camera=one.camera, row_key=one.row_key, said=said, by=by, at=NOW + timedelta(seconds=after), of_sequence=True
    )


def holding(*frames: Frame, kind: type[MemoryStore] = MemoryStore) -> Any:
    store = kind()
    for one in frames:
        store.write_frame(one, "")
    return store


def recorded(store: Any, verdicts: Sequence[Verdict], queue: MemoryQueue | None = None) -> Recorded:
    return record.run(verdicts, store=store, sequences=queue or MemoryQueue(), now=lambda: NOW)  # type: ignore[arg-type]


def words(store: Any) -> list[tuple[str, str]]:
    return [(one.verdict.said, one.verdict.by) for one in store.verdicts()]


def test_verdicts_are_on_their_frames_and_in_the_history() -> None:
    one, two = seen(0), seen(500)
    store = holding(one, two)
    assert recorded(store, [verdict(one), verdict(two), verdict(seen(7))]) == (2, 0)
    assert words(store) == [("cat", "Ana")] * 2
    (decision,) = store.decisions()
    assert (decision.frames, decision.said, decision.by, decision.at) == ((one.row_key, two.row_key), "cat", "Ana", NOW)


def test_a_later_word_stays_and_an_earlier_or_equal_one_does_not() -> None:
    frames = [seen(at) for at in range(3)]
    store = holding(*frames)
    say(store, [verdict(one, "dog", "Ben", after) for one, after in zip(frames, (-1, 0, 1), strict=True)])
    assert recorded(store, [verdict(one) for one in frames]) == (2, 1)
    assert words(store) == [("cat", "Ana"), ("cat", "Ana"), ("dog", "Ben")]


def test_the_last_verdict_on_a_frame_counts() -> None:
    store = holding(seen(0))
    assert recorded(store, [verdict(seen(0), "ibex"), verdict(seen(0), "cat")]) == (1, 0)
    assert words(store) == [("cat", "Ana")]


class Meddling(MemoryStore):
    """Ben judges a frame between what is read of it and what is written."""

    ben: tuple[Verdict, ...] = ()

    def decide(self, decisions: Any, etags: Any) -> bool:
        waiting, self.ben = self.ben, ()
        for one in waiting:
            say(self, [one])
        return super().decide(decisions, etags)


@pytest.mark.parametrize(("after", "stays"), [(1, ("dog", "Ben")), (-1, ("cat", "Ana"))])
def test_a_word_that_is_said_meanwhile_is_not_replaced_unless_it_is_the_earlier(after: float, stays: Any) -> None:
    frames = [seen(0), seen(1)]
    store = holding(*frames, kind=Meddling)
    store.ben = (verdict(frames[0], "dog", "Ben", after),)
    assert recorded(store, [verdict(one) for one in frames]).later == (after > 0)
    assert words(store) == [stays, ("cat", "Ana")]
    assert {one.by for one in store.decisions()} == {"Ana", "Ben"}


def test_the_days_are_asked_for_after_their_verdicts_are_written_also_when_asked_again() -> None:
    frames, queue = [seen(0), seen(90_000), seen(0, camera="b")], MemoryQueue()
    store = holding(*frames)
    for times in (1, 2):
        recorded(store, [verdict(one) for one in frames], queue)
        assert len(queue.sent) == 3 * times
    assert [day.settled for day in store.read_days()] == [False] * 3
    assert len([*store.decisions()]) == 2


def test_progress_is_told_lot_by_lot() -> None:
    frames, told = [seen(at) for at in range(LOT + 1)], list[tuple[int, int]]()
    queue: Any = MemoryQueue()
    verdicts = [verdict(one) for one in frames]
    record.run(verdicts, store=holding(), sequences=queue, now=lambda: NOW, progress=lambda *now: told.append(now))
    assert told == [(LOT, LOT + 1), (LOT + 1, LOT + 1)]


SAID = st.tuples(st.integers(0, 3), st.sampled_from(["cat", "dog"]), st.sampled_from(["Ana", "Ben"]), st.integers(0, 2))


@given(st.lists(SAID, max_size=8), st.lists(SAID, max_size=8))
def test_whatever_is_brought_each_frame_has_one_of_the_last_words(first: list[Any], second: list[Any]) -> None:
    frames = [seen(at) for at in range(4)]
    store, last = holding(*frames), dict[int, Verdict]()
    for brought in (first, second):
        recorded(store, [verdict(frames[one], said, by, after) for one, said, by, after in brought])
        for one, new in {one: verdict(frames[one], said, by, after) for one, said, by, after in brought}.items():
            last[one] = max(last.get(one, new), new, key=lambda said: said.at) if one in last else new
            last[one] = new if last[one].at == new.at else last[one]
    assert [one.verdict for one in store.verdicts()] == [last[one] for one in sorted(last)]
