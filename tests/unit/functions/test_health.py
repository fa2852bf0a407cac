"""The app answers for itself and for its storage."""

from __future__ import annotations

import json

import pytest

from functions import health
from shared import __version__
from tests.memory import MemoryQueue


class Gone(MemoryQueue):
    """A queue of an account that does not answer."""

    def get_queue_properties(self) -> None:
        raise OSError("no route to host")


def test_health_tells_what_waits() -> None:
    queues = {"frames": MemoryQueue([("a", 0), ("b", 0)]), "sequences": MemoryQueue()}
    said = json.loads(health.run(queues))  # type: ignore[arg-type]
    assert said == {"status": "ok", "version": __version__, "waiting": {"frames": 2, "sequences": 0}}


def test_storage_that_does_not_answer_is_no_good_health() -> None:
    with pytest.raises(OSError, match="no route to host"):
        health.run({"frames": Gone()})  # type: ignore[dict-item]
