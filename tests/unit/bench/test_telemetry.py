"""What Application Insights would take in is counted by kind; metrics, which come by the minute, are not an image's."""

from __future__ import annotations

import gzip
import json
import urllib.request

from bench.telemetry import ingestion

CAME = [{"name": "Microsoft.ApplicationInsights.Message"}, {"name": "…RemoteDependency"}, {"name": "…Metric"}]


def test_a_batch_is_counted_and_answered_as_the_service_does() -> None:
    with ingestion() as server:
        sent = urllib.request.Request(
            f"http://127.0.0.1:{server.server_port}/v2.1/track",
            gzip.compress(json.dumps(CAME).encode()),
            {"Content-Encoding": "gzip"},
        )
        with urllib.request.urlopen(sent, timeout=10) as answer:
            assert json.load(answer) == {"itemsReceived": 3, "itemsAccepted": 3, "errors": []}
    assert server.records == {"log": 1, "span": 1}
    assert server.sizes["log"] == len('{"name":"Microsoft.ApplicationInsights.Message"}')
