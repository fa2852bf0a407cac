"""What the host gave up on can be seen and sent again."""

from __future__ import annotations

from datetime import UTC, datetime

import azure.functions as func
import pytest

from functions import bury
from tests.memory import MemoryStore

NOW = datetime(2026, 2, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", '{"camera": "барс"}'.encode(), b"x" * 65_536])
def test_a_failed_message_is_kept_as_it_was(body: bytes) -> None:
    store = MemoryStore()
    bury.run("frames", func.QueueMessage(id="1", body=body), store=store, now=NOW)  # type: ignore[arg-type]
    (kept,) = store.failures()
    assert (kept["PartitionKey"], kept["RowKey"], kept["body"], kept["buried_at"]) == ("frames", "1", body, NOW)
    assert "gave up" in kept["error"]


def test_a_failed_message_that_arrives_twice_is_one_failure() -> None:
    store = MemoryStore()
    for queue, name in (("frames", "1"), ("frames", "1"), ("frames", "2"), ("sequences", "1")):
        bury.run(queue, func.QueueMessage(id=name, body=b"x"), store=store, now=NOW)  # type: ignore[arg-type]
    assert len([*store.failures()]) == 3
