"""What happens to one queue message: every decision of the listener, as functions of values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

POISON = "-poison"
LONGEST_QUEUE_NAME = 63
SHORTEST_PAUSE = 0.1
LARGEST_BATCH = 32


class Action(Enum):
    """What to do with a message now."""

    RUN = "run the function"
    DELETE = "delete it"
    RETRY = "show it again later"
    POISON = "copy it to the poison queue, then delete it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How a listener takes messages and how often it tries."""

    batch_size: int
    new_batch_threshold: int  #: a new batch is taken when no more than this many messages are running
    longest_pause: float  #: seconds between two looks at an empty queue
    retry_after: float  #: seconds a failed message stays invisible
    max_dequeue_count: int
    lease: float  #: seconds a message stays invisible while it runs


def decide(dequeue_count: int, limit: int, ok: bool | None = None) -> Action:
    """The action for a message received `dequeue_count` times; `ok` is None before it has run."""
    # The two limits differ on purpose: > before the run, >= after it (azure-sdk-for-net QueueProcessor.cs).
    if ok is None:
        return Action.POISON if dequeue_count > limit else Action.RUN
    if ok:
        return Action.DELETE
    return Action.POISON if dequeue_count >= limit else Action.RETRY


def poison_queue(queue: str) -> str | None:
    """The queue for what was given up, or None where there cannot be one (QueueListenerFactory.cs)."""
    if queue.endswith(POISON) or len(queue) + len(POISON) > LONGEST_QUEUE_NAME:
        return None
    return queue + POISON


def pause(misses: int, longest: float, jitter: float) -> float:
    """Seconds to wait after so many empty looks in a row; jitter is a random number from 0.8 to 1.2."""
    # azure-sdk-for-net RandomizedExponentialBackoffStrategy.cs; the exponent is held where 2**n is ample.
    wait = SHORTEST_PAUSE if misses < 2 else SHORTEST_PAUSE * (1 + jitter * 2 ** min(misses - 2, 20))
    return min(wait, longest)


def blob_batches(parallelism: int) -> tuple[int, int]:
    """Batch size and threshold that let so many blobs run at once (SharedBlobQueueListenerFactory.cs)."""
    batch = min(LARGEST_BATCH, parallelism // 2 + 1)
    return batch, parallelism - batch
