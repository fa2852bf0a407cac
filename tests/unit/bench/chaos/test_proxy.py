"""What the proxy does to a request, and what storage and the caller see of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bench.chaos.faults import Fault
from bench.chaos.message import Message
from bench.chaos.proxy import Proxy

BODY = b"what storage answers"


class Drawn:
    """Faults that are known beforehand."""

    def __init__(self, *faults: Fault | None) -> None:
        self._faults = [*faults]

    def draw(self) -> Fault | None:
        return self._faults.pop(0) if self._faults else None


class Storage(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        self.server.seen.append(self.rfile.read(int(self.headers["Content-Length"])))  # type: ignore[attr-defined]
        self.send_response(201)
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def storage() -> Iterator[Any]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Storage) as server:
        server.daemon_threads = True
        server.seen = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def through(storage: Any) -> Iterator[Any]:
    """Starts a proxy with such faults."""
    started: list[Proxy] = []

    def start(*faults: Fault | None) -> Proxy:
        proxy = Proxy({"Table": storage.server_port}, Drawn(*faults), hang=0.2, seed=1)  # type: ignore[arg-type]
        proxy.start()
        started.append(proxy)
        return proxy

    yield start
    for proxy in started:
        proxy.stop()


def asked(proxy: Proxy, times: int = 1) -> list[int | str]:
    """What a caller hears on one connection: a status, and what the answer lacks."""
    connection = HTTPConnection("127.0.0.1", proxy.ports["Table"], timeout=5)
    heard: list[int | str] = []
    try:
        for number in range(times):
            connection.request("PUT", "/a", body=f"{number}".encode())
            answer = connection.getresponse()
            body = answer.read()
            heard.append(answer.status if answer.status != 201 or body == BODY else "cut")
    except (HTTPException, OSError):
        heard.append("lost")
    finally:
        connection.close()
    return heard


@pytest.mark.parametrize(
    ("fault", "heard", "seen"),
    [
        (None, 201, True),
        (Fault.ERROR, 500, False),
        (Fault.BUSY, 503, False),
        (Fault.RESET, "lost", False),
        (Fault.HUNG, "lost", False),
        (Fault.SLOW, 201, True),
        (Fault.LOST, "lost", True),
        (Fault.LIED, 500, True),
    ],
)
def test_each_fault_is_what_it_says(
    storage: Any, through: Any, fault: Fault | None, heard: int | str, seen: bool
) -> None:
    assert asked(through(fault)) == [heard]
    assert storage.seen == [b"0"] * seen


def test_what_storage_answered_is_told_to_whoever_listens(storage: Any) -> None:
    heard: list[tuple[str, bytes, bytes]] = []

    def hear(service: str, request: Message, answer: Message) -> None:
        heard.append((service, request.start[0], answer.start[1]))

    faults = Drawn(None, Fault.BUSY, Fault.LIED)
    proxy = Proxy({"Table": storage.server_port}, faults, hang=0.2, seed=1, heard=hear)  # type: ignore[arg-type]
    proxy.start()
    try:
        assert asked(proxy, 3) == [201, 503, 500]
    finally:
        proxy.stop()
    # Not the one that storage never saw; the one that was hidden is what storage did.
    assert heard == [("Table", b"PUT", b"201")] * 2


def test_a_cut_answer_is_not_a_whole_one(storage: Any, through: Any) -> None:
    assert asked(through(Fault.CUT)) in (["lost"], ["cut"])
    assert storage.seen == [b"0"]


def test_a_connection_takes_one_request_after_the_other(storage: Any, through: Any) -> None:
    assert asked(through(None, Fault.BUSY, None), times=3) == [201, 503, 201]
    assert storage.seen == [b"0", b"2"]


def test_what_is_cut_off_is_not_asked_until_it_is_back(storage: Any, through: Any) -> None:
    proxy = through()
    proxy.cut_off("Table")
    heard = [answer for _ in range(20) for answer in asked(proxy)]
    assert set(heard) == {503, "lost"}
    assert (proxy.refused, storage.seen) == (20, [])
    proxy.cut_off()
    assert asked(proxy) == [201]


def test_storage_that_is_not_there_is_a_lost_answer(storage: Any) -> None:
    proxy = Proxy({"Table": 1}, Drawn(), hang=0.2, seed=1)  # type: ignore[arg-type]
    proxy.start()
    assert asked(proxy) == ["lost"]
    proxy.stop()
