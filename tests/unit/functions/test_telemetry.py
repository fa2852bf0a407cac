"""One image is one trace and is counted once; no name and no message of an error is told."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from azure.functions.blob import InputStream
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from functions import aggregate, featurize, finalize, reconcile, sweep, telemetry
from shared.backbone import Backbone
from shared.errors import BadMessage
from shared.featurizer import Featurizer
from shared.frame import Frame
from shared.remembered import Remembered
from shared.sequence import Limits
from shared.trace import Trace
from tests.memory import MemoryContainer, MemoryFailures, MemoryQueue, MemoryStore
from tests.unit.shared.making import FakeHead, backbone, corrupt, exif, noise, note_due, seen, written

NOW = datetime(2026, 2, 1, 8, tzinfo=UTC)
SETTLE = timedelta(seconds=30)
HOST = "00-11111111111111111111111111111111-2222222222222222-01"


@pytest.fixture(autouse=True)
def spans(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    kept, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    monkeypatch.setattr(telemetry, "_tracer", provider.get_tracer("uncia"))
    return kept


@pytest.fixture(autouse=True)
def numbers(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemoryMetricReader]:
    reader = InMemoryMetricReader()
    provider = MeterProvider([reader])
    meter = provider.get_meter("uncia")
    for name in ("frames", "corrupt", "sequences", "overdue", "failures", "missing"):
        monkeypatch.setattr(telemetry, f"_{name}", meter.create_counter(f"uncia.{name}"))
    monkeypatch.setattr(telemetry, "_seconds", meter.create_histogram("uncia.upload_to_label"))
    yield reader
    provider.shutdown()


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def queue() -> MemoryQueue:
    return MemoryQueue()


def uploaded(name: str = "images/cam/a.jpg") -> str:
    image = written(noise(), exif=exif(DateTimeOriginal="2026:01:31 17:05:09"))
    told = {"LastModified": (NOW - timedelta(seconds=3)).isoformat()}
    blob = InputStream(data=image, name=name, blob_properties=told, metadata={})
    return featurize.run(blob, featurizer=Featurizer(Backbone(backbone(), 1)), head=None, now=NOW)  # type: ignore[arg-type]


def arrived(message: str, store: Any, queue: Any) -> None:
    aggregate.run(
        message.encode(), store=store, sequences=queue, settle=SETTLE, now=lambda: NOW, remembered=Remembered()
    )


def quieted(message: str, store: Any) -> None:
    later = NOW + SETTLE
    head = FakeHead()
    finalize.run(
        message.encode(), store=store, head=lambda: head, limits=Limits(), settle=SETTLE, now=lambda: later  # type: ignore[arg-type]
    )  # fmt: skip


def measured(reader: InMemoryMetricReader) -> dict[str, float]:
    data = reader.get_metrics_data()
    found = [] if data is None else data.resource_metrics[0].scope_metrics[0].metrics
    points = {one.name.removeprefix("uncia."): one.data.data_points[0] for one in found}
    return {name: getattr(point, "value", getattr(point, "sum", None)) for name, point in points.items()}


def ids(span: ReadableSpan) -> tuple[int, int]:
    return span.context.trace_id, span.context.span_id


def test_one_image_is_one_trace_from_upload_to_label(store: Any, queue: Any, spans: InMemorySpanExporter) -> None:
    arrived(uploaded(), store, queue)
    quieted(queue.sent[0][0], store)
    first, second, third = spans.get_finished_spans()
    assert [one.name for one in (first, second, third)] == ["featurize", "aggregate", "finalize"]
    assert first.parent is None
    for span, before in ((second, first), (third, second)):
        assert span.parent is not None
        assert (span.parent.trace_id, span.parent.span_id) == ids(before)
    assert {one.status.status_code.name for one in (first, second, third)} == {"OK"}


def test_the_trace_of_the_host_is_linked_and_not_followed(store: Any, queue: Any, spans: InMemorySpanExporter) -> None:
    message = uploaded()
    with telemetry.step("host", Trace(HOST)) as here:
        arrived(message, store, queue)
    first, second, host = spans.get_finished_spans()
    assert second.context.trace_id == first.context.trace_id != host.context.trace_id
    assert [(one.context.trace_id, one.context.span_id) for one in second.links] == [ids(host)]
    assert here.parent.startswith(HOST[:36])


def test_a_message_without_a_trace_follows_the_host(spans: InMemorySpanExporter) -> None:
    with telemetry.step("host", Trace(HOST)), telemetry.step("finalize", Trace()):
        pass
    step, host = spans.get_finished_spans()
    assert step.parent is not None
    assert (step.parent.trace_id, step.parent.span_id) == ids(host)
    assert not step.links


def test_a_day_that_no_upload_asked_for_carries_no_trace(store: Any, queue: Any) -> None:
    note_due(store, "cam", "20260131", NOW - timedelta(hours=1))
    sweep.run(store=store, sequences=queue, settle=SETTLE, now=NOW)
    assert Trace.of(queue.sent[0][0].encode()) == Trace()


def test_frames_corrupt_labels_and_seconds_are_counted(store: Any, queue: Any, numbers: InMemoryMetricReader) -> None:
    for message in (uploaded(), corrupt(40).encode(), seen(7_200).encode()):
        arrived(message, store, queue)
    quieted(queue.sent[0][0], store)
    assert measured(numbers) == {"frames": 3, "corrupt": 1, "sequences": 3, "upload_to_label": 33.0}


def test_images_whose_event_was_lost_are_counted(store: Any, queue: Any, numbers: InMemoryMetricReader) -> None:
    images: Any = MemoryContainer()
    for name in ("cam/a.jpg", "cam/b.jpg", "cam/notes.txt"):
        images.upload_blob(name, b"", overwrite=True)
    later = images.list_blobs()[-1].last_modified + timedelta(days=1)
    failures: Any = MemoryFailures()
    reconcile.run(container=images, store=store, failures=failures, sequences=queue, now=lambda: later, most=1)
    assert measured(numbers) == {"missing": 2}


def test_what_comes_twice_is_counted_once(store: Any, queue: Any, numbers: InMemoryMetricReader) -> None:
    message = uploaded()
    for _ in range(2):
        arrived(message, store, queue)
    for _ in range(2):
        quieted(queue.sent[0][0], store)
    assert measured(numbers) == {"frames": 1, "corrupt": 0, "sequences": 1, "upload_to_label": 33.0}


def test_a_day_that_nobody_uploaded_to_has_no_seconds(store: Any, queue: Any, numbers: InMemoryMetricReader) -> None:
    arrived(seen().encode(), store, queue)
    quieted(queue.sent[0][0], store)
    assert "upload_to_label" not in measured(numbers)


def test_a_clock_behind_the_storage_measures_no_less_than_nothing(numbers: InMemoryMetricReader) -> None:
    telemetry.count_labels(1, NOW + SETTLE, NOW)
    assert measured(numbers)["upload_to_label"] == 0


def test_days_asked_for_again_and_failures_that_wait_are_counted(
    store: Any, queue: Any, numbers: InMemoryMetricReader
) -> None:
    note_due(store, "cam", "20260101", NOW - timedelta(hours=1))
    sweep.run(store=store, sequences=queue, settle=SETTLE, now=NOW)
    telemetry.count_failure()
    assert measured(numbers) == {"overdue": 1, "failures": 1}


NAMES = ("Айгуль", "Ранья", "snow pass")


def test_no_name_is_told(store: Any, queue: Any, spans: InMemorySpanExporter, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    arrived(uploaded("images/Айгуль snow pass/Ранья/a.jpg"), store, queue)
    quieted(queue.sent[0][0], store)
    told = [one.to_json() for one in spans.get_finished_spans()] + [repr(vars(one)) for one in caplog.records]
    assert len(told) == 6
    assert [name for name in NAMES if any(name in one or json.dumps(name)[1:-1] in one for one in told)] == []


def test_the_log_has_facts_as_attributes(store: Any, queue: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    one: Frame = seen()
    arrived(one.encode(), store, queue)
    (line,) = caplog.records
    assert (line.name, line.getMessage()) == ("uncia", "a frame is kept")
    assert (vars(line)["frame"], vars(line)["new"], vars(line)["asked"]) == (one.row_key, True, True)


def test_of_a_trace_that_is_not_kept_no_line_is_logged(
    store: Any, queue: Any, spans: InMemorySpanExporter, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for flag, number in {"01": 1, "00": 1}.items():  # kept, and not
        arrived(Trace(f"{HOST[:-2]}{flag}").beside(seen().encode()), store, queue)
        assert (len(spans.get_finished_spans()), len(caplog.records)) == (number, number)


def test_a_step_that_fails_says_so_and_not_why(store: Any, queue: Any, spans: InMemorySpanExporter) -> None:
    with pytest.raises(BadMessage):
        arrived('{"camera": "Айгуль"}', store, queue)
    (span,) = spans.get_finished_spans()
    assert (span.status.status_code.name, span.status.description, span.events) == ("ERROR", None, ())
