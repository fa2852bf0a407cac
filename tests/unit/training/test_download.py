"""A download ends in the right file or in one sentence, wherever it breaks off."""

from __future__ import annotations

import hashlib
import socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import numpy as np
import pytest

from training.download import CHUNK, RESNET50, DownloadFailed, fetch

CONTENT = np.random.default_rng(0).bytes(3 * CHUNK + 5)
RIGHT = {"size": len(CONTENT), "sha256": hashlib.sha256(CONTENT).hexdigest()}
SERVED = {
    "/right": CONTENT, "/no-range": CONTENT, "/other": CONTENT[::-1], "/longer": CONTENT + b"more",
    "/shorter": b"<html>Please log in", "/breaks": CONTENT,
}  # fmt: skip


class Handler(BaseHTTPRequestHandler):
    """Serves SERVED, by Range except under /no-range, and remembers what was asked."""

    def do_GET(self) -> None:
        asked = self.headers["Range"] or ""
        self.server.asked.append((self.path, asked))
        content = SERVED.get(self.path, b"")
        begin = int(asked[6:-1]) if asked and self.path != "/no-range" else 0
        self.send_response(404 if self.path not in SERVED else 416 if begin >= len(content) else 206 if begin else 200)
        self.send_header("Content-Range", f"bytes {begin}-{len(content) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(content[begin:])))
        self.end_headers()
        self.wfile.write(content[begin : CHUNK if self.path == "/breaks" else None])

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.asked, server.url = [], f"http://127.0.0.1:{server.server_port}"
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def to(tmp_path):
    return tmp_path / "models" / "net.onnx"


def ignore(received: int, size: int) -> None:
    """Nobody watches."""


def part(to, content):
    to.parent.mkdir()
    to.with_name("net.onnx.part").write_bytes(content)


def left(to):
    return sorted(file.name for file in to.parent.iterdir())


def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return f"http://127.0.0.1:{taken.getsockname()[1]}/right"


def test_a_file_arrives_whole_and_progress_is_told(server, to):
    told = []
    assert fetch([f"{server.url}/right"], to, **RIGHT, progress=lambda *each: told.append(each)) == to
    assert (to.read_bytes(), left(to)) == (CONTENT, ["net.onnx"])
    assert told == sorted(told)
    assert told[-1] == (len(CONTENT), len(CONTENT))


def test_a_file_that_is_already_right_is_not_asked_for(server, to):
    to.parent.mkdir()
    to.write_bytes(CONTENT)
    fetch([f"{server.url}/right"], to, **RIGHT, progress=ignore)
    assert server.asked == []


@pytest.mark.parametrize(("path", "before", "asked"), [
    ("/right", CONTENT[:1000], ["bytes=1000-"]),
    ("/no-range", CONTENT[:1000], ["bytes=1000-"]),
    ("/right", b"wrong", ["bytes=5-", ""]),
    ("/right", CONTENT[::-1], [""]),
    ("/right", CONTENT + b"more", [""]),
])  # fmt: skip
def test_a_part_is_completed_where_it_is_right_and_begun_anew_where_not(server, to, path, before, asked):
    part(to, before)
    fetch([server.url + path], to, **RIGHT, progress=ignore)
    assert (to.read_bytes(), left(to)) == (CONTENT, ["net.onnx"])
    assert server.asked == [(path, each) for each in asked]


def test_an_interrupted_download_goes_on_where_it_stopped(server, to):
    def interrupt(received: int, size: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch([f"{server.url}/right"], to, **RIGHT, progress=interrupt)
    assert left(to) == ["net.onnx.part"]
    fetch([f"{server.url}/right"], to, **RIGHT, progress=ignore)
    assert (to.read_bytes(), server.asked[1]) == (CONTENT, ("/right", f"bytes={CHUNK}-"))


@pytest.mark.parametrize("path", ["/missing", "/other", "/longer", "/shorter", "/breaks"])
def test_the_next_address_is_tried_where_one_fails(server, to, path):
    fetch([server.url + path, f"{server.url}/right"], to, **RIGHT, progress=ignore)
    assert (to.read_bytes(), left(to)) == (CONTENT, ["net.onnx"])


@pytest.mark.parametrize(("path", "answer"), [
    ("/missing", "HTTP 404"), ("/other", "sha256 is wrong"), ("/longer", "not of 786437 bytes"),
    ("/shorter", "not of 786437 bytes"), ("/breaks", "broke off"),
])  # fmt: skip
def test_a_failure_tells_what_each_address_answered(server, to, path, answer):
    addresses = [server.url + path, closed_port(), "http://example.org/net.onnx", "ftp://127.0.0.1/net.onnx"]
    with pytest.raises(DownloadFailed) as failed:
        fetch(addresses, to, **RIGHT, progress=ignore)
    told = str(failed.value)
    assert all(each in told for each in [*addresses, answer, "no connection", "only https"])
    assert not to.exists()


def test_a_broken_connection_leaves_what_was_received(server, to):
    with pytest.raises(DownloadFailed):
        fetch([f"{server.url}/breaks"], to, **RIGHT, progress=ignore)
    fetch([f"{server.url}/right"], to, **RIGHT, progress=ignore)
    assert server.asked[1] == ("/right", f"bytes={CHUNK}-")


def test_never_more_than_the_known_size_is_written(server, to):
    received = []
    with pytest.raises(DownloadFailed):
        fetch([f"{server.url}/longer"], to, **RIGHT, progress=lambda some, _: received.append(some))
    assert max(received) <= len(CONTENT)
    assert left(to) == []


def test_a_silent_server_is_not_waited_for(to):
    silent = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{silent.getsockname()[1]}/right"
    with silent, pytest.raises(DownloadFailed, match="no answer in time"):
        fetch([url], to, **RIGHT, progress=ignore, timeout=0.2)


def test_the_published_resnet50_is_fetched_by_https_alone():
    assert all(url.startswith("https://") and url.endswith(RESNET50.file) for url in RESNET50.urls)
