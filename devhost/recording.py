"""What the steps tell of themselves, collected by OpenTelemetry's SDK into a file of JSON lines."""

from __future__ import annotations

from pathlib import Path

from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import ConsoleMetricExporter, MetricsData, PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import ConsoleSpanExporter, SimpleSpanProcessor


def record(file: Path) -> None:
    """Appends each span as it ends, and the metrics once a minute and at the end; for the life of the process."""

    def line(told: ReadableSpan | MetricsData) -> str:
        return told.to_json(indent=None) + "\n"

    out = file.open("a", encoding="utf-8")
    resource = Resource.create({"service.name": "uncia"})
    spans = TracerProvider(resource=resource)
    spans.add_span_processor(SimpleSpanProcessor(ConsoleSpanExporter(out=out, formatter=line)))
    trace.set_tracer_provider(spans)
    reader = PeriodicExportingMetricReader(ConsoleMetricExporter(out=out, formatter=line))
    metrics.set_meter_provider(MeterProvider([reader], resource=resource))
