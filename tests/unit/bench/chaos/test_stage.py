"""Connections lead through the proxy, and chances are independent."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from bench.chaos.stage import chances, ports_of, through_proxy

DIRECT = (
    "AccountName=a;AccountKey=k;BlobEndpoint=http://127.0.0.1:1/a;"
    "QueueEndpoint=http://127.0.0.1:2/a;TableEndpoint=http://127.0.0.1:3/a;"
)


def test_a_connection_through_the_proxy_differs_in_its_ports_alone() -> None:
    proxy: Any = SimpleNamespace(ports={"Blob": 71, "Queue": 72, "Table": 73})
    through = through_proxy(DIRECT, proxy)
    assert ports_of(through) == proxy.ports
    assert ports_of(DIRECT) == {"Blob": 1, "Queue": 2, "Table": 3}
    assert through.replace(":7", ":") == DIRECT


def test_what_one_thing_draws_does_not_disturb_another() -> None:
    one, other = chances(7, 2)
    again, _ = chances(7, 2)
    [other.random() for _ in range(5)]
    assert one.random() == again.random() != chances(8, 1)[0].random()
