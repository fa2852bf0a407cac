"""What happens to one queue message."""

from __future__ import annotations

import pytest

from devhost.delivery import Action, blob_batches, decide, pause, poison_queue


@pytest.mark.parametrize(
    ("dequeue_count", "ok", "action"),
    [
        (1, None, Action.RUN),
        (5, None, Action.RUN),
        (6, None, Action.POISON),
        (1, True, Action.DELETE),
        (5, True, Action.DELETE),
        (1, False, Action.RETRY),
        (4, False, Action.RETRY),
        (5, False, Action.POISON),
        (6, False, Action.POISON),
    ],
)
def test_a_message_is_tried_five_times_and_then_given_up(dequeue_count: int, ok: bool | None, action: Action) -> None:
    assert decide(dequeue_count, 5, ok) is action


@pytest.mark.parametrize(
    ("queue", "poison"),
    [("frames", "frames-poison"), ("frames-poison", None), ("q" * 56, "q" * 56 + "-poison"), ("q" * 57, None)],
)
def test_a_poison_queue_has_none_of_its_own_and_a_name_that_fits(queue: str, poison: str | None) -> None:
    assert poison_queue(queue) == poison


@pytest.mark.parametrize(
    ("misses", "seconds"), [(1, 0.1), (2, 0.2), (3, 0.3), (4, 0.5), (5, 0.9), (6, 1.0), (9999, 1.0)]
)
def test_an_empty_queue_is_looked_at_less_and_less_often(misses: int, seconds: float) -> None:
    assert pause(misses, longest=1.0, jitter=1.0) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("parallelism", "batches"), [(1, (1, 0)), (2, (2, 0)), (4, (3, 1)), (16, (9, 7)), (100, (32, 68))]
)
def test_batch_and_threshold_of_blobs_add_up_to_their_parallelism(parallelism: int, batches: tuple[int, int]) -> None:
    assert blob_batches(parallelism) == batches
    assert sum(batches) == parallelism
