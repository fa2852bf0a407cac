"""Reading host.json."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from devhost.host_json import HostJson, time_span
from shared.errors import UnciaError


def queues(**values: Any) -> dict[str, Any]:
    return {"version": "2.0", "extensions": {"queues": values}}


def test_an_empty_file_has_the_defaults_of_the_platform() -> None:
    assert HostJson.parse({}, cores=2) == HostJson(
        batch_size=16,
        new_batch_threshold=16,
        max_polling_interval=timedelta(minutes=1),
        visibility_timeout=timedelta(0),
        max_dequeue_count=5,
        message_encoding="base64",
        blob_parallelism=16,
        blob_poison_threshold=5,
        route_prefix="api",
    )


def test_the_threshold_follows_the_batch_size_and_the_cores() -> None:
    assert HostJson.parse(queues(batchSize=8), cores=4).new_batch_threshold == 16


def test_a_failed_blob_is_tried_again_at_once_whatever_queues_say() -> None:
    read = HostJson.parse(queues(visibilityTimeout="00:00:30"), cores=2)
    assert read.queue_policy(600).retry_after == 30
    assert read.blob_policy(600).retry_after == 0


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("00:00:30", timedelta(seconds=30)),
        ("1.02:00:00", timedelta(days=1, hours=2)),
        ("00:00:00.5", timedelta(milliseconds=500)),
        ("00:01", timedelta(minutes=1)),
    ],
)
def test_time_spans_are_read_as_dotnet_does(text: str, span: timedelta) -> None:
    assert time_span(text) == span


@pytest.mark.parametrize("text", ["", "30", "24:00:00", "00:60:00", "-00:00:01", "soon"])
def test_what_is_no_time_span_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a time span"):
        time_span(text)


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"batchSize": 0}, "batchSize is 0: it must be a whole number from 1 to 32"),
        ({"batchSize": 33}, "batchSize"),
        ({"batchSize": "16"}, "batchSize"),
        ({"batchSize": True}, "batchSize"),
        ({"newBatchThreshold": -1}, "newBatchThreshold"),
        ({"maxPollingInterval": "00:00:00.05"}, "maxPollingInterval"),
        ({"maxPollingInterval": 2}, "maxPollingInterval"),
        ({"visibilityTimeout": "8.00:00:00"}, "visibilityTimeout"),
        ({"maxDequeueCount": 0}, "maxDequeueCount"),
        ({"messageEncoding": "utf8"}, "messageEncoding"),
    ],
)
def test_a_value_that_the_platform_refuses_is_named(values: dict[str, Any], named: str) -> None:
    with pytest.raises(UnciaError, match=named):
        HostJson.parse(queues(**values), cores=2)


@pytest.mark.parametrize("root", [[], "text", {"extensions": []}, {"extensions": {"queues": 3}}])
def test_a_file_of_another_shape_is_refused(root: Any) -> None:
    with pytest.raises(UnciaError, match="must be an object"):
        HostJson.parse(root, cores=2)


def test_a_file_that_is_missing_or_broken_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnciaError, match="is missing"):
        HostJson.read(tmp_path / "host.json", cores=2)
    (tmp_path / "host.json").write_text("{")
    with pytest.raises(UnciaError, match="is not JSON"):
        HostJson.read(tmp_path / "host.json", cores=2)
