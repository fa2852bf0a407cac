"""How many bytes of logs and traces an image leaves in Application Insights: `python -m bench.telemetry`.

Microsoft's own exporter, set up as the functions worker does it, sends to a server on this machine that counts. Steps
run in this process over Azurite with a small network. Every trace is sent, where Azure keeps one every two seconds of
each instance. What the Functions host sends beside them, and metrics, are not in it.
"""

from __future__ import annotations

import gzip
import json
import logging
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock, Thread
from types import SimpleNamespace
from typing import Annotated
from uuid import UUID

import typer
from opentelemetry import trace
from opentelemetry._logs import get_logger_provider

from bench import command, figures, photographs, small, stood_up
from bench.load import show
from bench.stood_up import clock
from functions import aggregate, featurize, finalize
from shared.backbone import Backbone
from shared.day import Ask
from shared.featurizer import Featurizer
from shared.head import Head
from shared.remembered import Remembered
from shared.sequence import Limits

SETTLE = timedelta(seconds=30)
SENT_WITHIN = 30_000  # milliseconds
LINE = "Message"  # of log; metrics are sent once a minute, however many images there are
METRIC = "Metric"


class Ingestion(ThreadingHTTPServer):
    """Stands where Application Insights takes telemetry in; counts records, and their bytes of JSON, of two kinds."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taken)
        self.records: Counter[str] = Counter()
        self.sizes: Counter[str] = Counter()
        self._lock = Lock()

    def take(self, came: list[dict[str, object]]) -> None:
        """Counts spans and lines of log."""
        with self._lock:
            for one in came:
                if METRIC not in (name := str(one["name"])):
                    kind = "log" if LINE in name else "span"
                    self.records[kind] += 1
                    self.sizes[kind] += len(json.dumps(one, separators=(",", ":")))


class _Taken(BaseHTTPRequestHandler):
    server: Ingestion

    def do_POST(self) -> None:
        """Takes a batch in, and says so as the service does."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        came = json.loads(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
        self.server.take(came)
        said = json.dumps({"itemsReceived": len(came), "itemsAccepted": len(came), "errors": []}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


def telemetry(images: Annotated[int, typer.Option(min=3, help="How many images.")] = 90) -> None:
    """Count what the steps tell Application Insights of each image.

    Example: python -m bench.telemetry --images 30
    """
    with ingestion() as server, TemporaryDirectory(prefix="uncia-telemetry-") as folder:
        listen(server)
        labelled(Path(folder), images)
        sent = flushed(trace.get_tracer_provider()) and flushed(get_logger_provider())
        figures.keep(
            "telemetry",
            images=images,
            **{f"{kind}s_an_image": round(number / images, 3) for kind, number in sorted(server.records.items())},
            **{f"{kind}_bytes_an_image": round(size / images) for kind, size in sorted(server.sizes.items())},
            all_sent="yes" if sent else "no",
        )
    show(figures.kept()["telemetry"])


def flushed(provider: object) -> bool:
    """Sends what waits to be sent; whether all of it went. The API's types of providers do not say that they can."""
    return bool(provider.force_flush(SENT_WITHIN))  # type: ignore[attr-defined]


@contextmanager
def ingestion() -> Iterator[Ingestion]:
    """The counting server, while the block lasts."""
    server = Ingestion()
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()


def listen(server: Ingestion) -> None:
    """Sets OpenTelemetry up as azure_functions_runtime.otel does, with our logger, towards the server; for good."""
    from azure.monitor.opentelemetry import configure_azure_monitor

    logging.getLogger().setLevel(logging.INFO)  # as the worker does
    logging.getLogger("azure").setLevel(logging.ERROR)
    address = f"http://127.0.0.1:{server.server_port}/"
    configure_azure_monitor(
        connection_string=f"InstrumentationKey={UUID(int=0)};IngestionEndpoint={address}",
        logger_name="uncia",
        disable_offline_storage=True,
        sampling_ratio=1.0,
        enable_live_metrics=False,
        instrumentation_options={name: {"enabled": False} for name in ("azure_sdk", "requests", "urllib", "urllib3")},
    )


def labelled(folder: Path, images: int) -> None:
    """Takes images from upload to label, step after step, in this process."""
    network = folder / "backbone.onnx"
    network.write_bytes(small.backbone())
    featurizer = Featurizer(Backbone.load(network, threads=1))
    head = Head(small.head(featurizer))
    with stood_up.tables_and_sequences(folder) as (tables, sequences):
        keep = partial(aggregate.run, store=tables, sequences=sequences, remembered=Remembered())
        for number in range(images):
            blob = uploaded(number, images)
            body = featurize.run(blob, featurizer=featurizer, head=head, now=clock())  # type: ignore[arg-type]
            keep(body.encode(), settle=SETTLE, now=clock)
        for day in tables.read_days():
            body = Ask(day.camera, day.day).encode()
            finalize.run(body.encode(), store=tables, head=lambda: head, limits=Limits(), settle=SETTLE, now=clock)


def uploaded(number: int, images: int) -> SimpleNamespace:
    """An image as the host hands it over: of one camera for each of ten parts, in bursts of three."""
    camera, own = divmod(number, -(-images // photographs.CAMERAS))
    burst, within = divmod(own, photographs.BURST)
    at = photographs.FIRST + burst * photographs.PAUSE + within * photographs.BETWEEN
    content = small.photograph(small.COLOURS["red"], at, number)
    return SimpleNamespace(
        name=f"images/Camera {camera + 1:02}/IMG_{own + 1:05}.JPG",
        read=lambda: content,
        metadata={},
        blob_properties={"ETag": f'"{number}"'},
    )


if __name__ == "__main__":
    os.environ["APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL"] = "true"  # noqa: TID251 - the exporter's own figures
    command.run(telemetry)
