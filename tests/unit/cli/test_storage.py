"""A laptop's clock does not matter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from cli import storage


def test_the_time_is_the_one_that_storage_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    def get_container_properties(raw_response_hook: Any) -> None:
        headers = {"Date": "Sun, 01 Feb 2026 08:00:00 GMT"}
        raw_response_hook(SimpleNamespace(http_response=SimpleNamespace(headers=headers)))

    container = SimpleNamespace(get_container_properties=get_container_properties)
    monkeypatch.setattr(storage, "images", lambda connection: container)
    told = storage.clock({})()
    assert timedelta() <= told - datetime(2026, 2, 1, 8, tzinfo=UTC) < timedelta(minutes=1)
