"""What the steps tell of themselves: spans, numbers and lines of log, through OpenTelemetry's API.

No name of a camera, a file or a person is among it, and no message of an error, which may hold one: frames go by their
row keys. Where nobody collects (Azure Monitor on Azure, the local host when UNCIA_TRACE is set) this does nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from opentelemetry import context, metrics, trace
from opentelemetry.trace import Link, SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from shared.frame import Frame, Status
from shared.trace import Trace

# From a local stack that settles after two seconds to a message that waited out leases and retries.
SECONDS = (2, 5, 10, 20, 30, 45, 60, 90, 120, 300, 600, 1_800, 3_600, 21_600, 86_400)

logger = logging.getLogger("uncia")
_tracer = trace.get_tracer("uncia")
_meter = metrics.get_meter("uncia")
_frames = _meter.create_counter("uncia.frames", "{frame}", "Frames kept, each once")
_corrupt = _meter.create_counter("uncia.corrupt", "{frame}", "Frames kept whose image cannot be decoded")
_sequences = _meter.create_counter("uncia.sequences", "{sequence}", "Labels written")
_overdue = _meter.create_counter("uncia.overdue", "{day}", "Days whose message was lost or failed, asked for again")
_missing = _meter.create_counter("uncia.missing", "{image}", "Images that became no frame, found by comparing")
_failures = _meter.create_counter("uncia.failures", "{message}", "Messages that the host gave up on")
_alerts = _meter.create_counter("uncia.alerts", "{alert}", "Alerts put on the queues")
_seconds = _meter.create_histogram(
    "uncia.upload_to_label", "s", "From an upload to the labels of its day", explicit_bucket_boundaries_advisory=SECONDS
)
_w3c = TraceContextTextMapPropagator()


@contextmanager
def step(name: str, came: Trace) -> Iterator[Trace]:
    """The span of a step, a child of what its message came from; gives what the step's own messages carry.

    The host begins a trace of its own at every message: where the message brings one, the host's is linked.
    """
    host = trace.get_current_span().get_span_context()
    parent = _w3c.extract({"traceparent": came.parent}, context.get_current())
    links = [Link(host)] if came.parent and host.is_valid else []
    with _tracer.start_as_current_span(
        name, parent, SpanKind.CONSUMER, links=links, record_exception=False, set_status_on_exception=False
    ) as span:
        span.set_status(StatusCode.ERROR)  # until it is done: what raises is in the host's log
        yield replace(came, parent=here().parent)
        span.set_status(StatusCode.OK)


def here() -> Trace:
    """The span that is open, as what its messages carry."""
    carrier: dict[str, str] = {}
    _w3c.inject(carrier)
    return Trace(carrier.get("traceparent", ""))


def tell(what: str, **facts: str | int) -> None:
    """Notes facts on the span of the step, and in the log as attributes of one line; nowhere if its trace is not kept.

    In a flood of images most traces are left out, and lines would cost as much as the rest (docs/cost.md).
    """
    span = trace.get_current_span()
    if span.is_recording():
        span.set_attributes({f"uncia.{name}": value for name, value in facts.items()})
        logger.info(what, extra=facts)


def count_frame(frame: Frame) -> None:
    """Counts a frame that was not there before."""
    _frames.add(1)
    _corrupt.add(int(frame.status is Status.CORRUPT))


def count_labels(written: int, uploaded: datetime | None, now: datetime) -> None:
    """Counts labels, and the seconds since the upload that they answer."""
    _sequences.add(written)
    if written and uploaded:
        _seconds.record(max(0.0, (now - uploaded).total_seconds()))  # clocks differ


def count_overdue(days: int) -> None:
    """Counts days that are asked for again."""
    _overdue.add(days)


def count_missing(images: int) -> None:
    """Counts images whose event was lost."""
    _missing.add(images)


def count_alert() -> None:
    """Counts an alert that was put on the queues."""
    _alerts.add(1)


def count_failure() -> None:
    """Counts a message that the host gave up on."""
    _failures.add(1)
