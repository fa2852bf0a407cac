"""A message is signed and posted; whatever the other side does, it takes no longer than it may."""

from __future__ import annotations

import socket
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from shared import webhook
from shared.errors import NotTaken, UnciaError
from shared.webhook import Webhook, signature
from tests.hooks import OK, Answer, hook

NOW = datetime(2026, 1, 31, 13, tzinfo=UTC)


def test_a_message_arrives_as_json_with_its_name_and_signature() -> None:
    with hook() as there:
        Webhook(there.url, "hush").post('{"camera": "барс"}', "id 1", NOW)
    (taken,) = there.taken
    assert taken.line == "POST /hook?a=b HTTP/1.1"
    assert taken.body == '{"camera": "барс"}'.encode()
    assert (taken.headers["content-type"], taken.headers["uncia-id"]) == ("application/json", "id 1")
    assert taken.headers["host"] == there.url.split("/")[2]
    assert taken.headers["uncia-signature"] == signature("hush", taken.body, NOW)


def test_a_signature_is_what_the_page_says() -> None:
    # printf '1769864400.{}' | openssl dgst -sha256 -hmac hush
    digest = "455584edad12f0e3cf15db26bdf8fb1b3dc7c4823d9835313143386768f52942"
    assert signature("hush", b"{}", NOW) == f"t=1769864400,v1={digest}"


def test_a_receiver_can_check_it_as_the_page_says() -> None:
    page = (Path(__file__).parents[3] / "docs" / "alerts.md").read_text("utf-8")
    said = dict[str, Any]()
    exec(page.partition("```python\n")[2].partition("```")[0], said)
    check, header, then = said["is_from_uncia"], signature("hush", b"{}", NOW), NOW.timestamp()
    assert check("hush", header, b"{}", then + 300)
    wrong = [("rush", header, b"{}"), ("hush", header, b"{ }"), ("hush", header[:-1], b"{}"), ("hush", "", b"{}")]
    wrong += [("hush", header.replace("t=1", "t=2"), b"{}"), ("hush", "t=x,v1=ä", b"{}")]
    assert [one for one in wrong if check(*one, then)] == []
    assert not check("hush", header, b"{}", then + 301)


def test_without_a_secret_nothing_is_signed() -> None:
    with hook() as there:
        Webhook(there.url).post("{}", "id", NOW)
    assert "uncia-signature" not in there.taken[0].headers


@pytest.mark.parametrize("status", [b"204 No Content", b"299 ", b"202"])
def test_every_2xx_is_taken(status: bytes) -> None:
    with hook(b"HTTP/1.1 " + status + b"\r\n\r\n") as there:
        Webhook(there.url).post("{}", "id", NOW)
    assert len(there.taken) == 1


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


REFUSED: list[tuple[Answer, str]] = [
    (b"HTTP/1.1 500 Oh no\r\n\r\n", "the webhook answered 500"),
    (b"HTTP/1.1 199 Early\r\n\r\n", "the webhook answered 199"),
    (b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\n\r\n", "the webhook answered 302"),
    (b"220 mail.example ESMTP\r\n", "the webhook answered what is no HTTP"),
    (b"", "the webhook answered what is no HTTP"),
    (b"HTTP/1.1 200" + b"x" * 100_000, "the webhook could not be reached: ValueError"),
    (reset, "the webhook could not be reached: ConnectionResetError"),
]


@pytest.mark.parametrize(("answer", "sentence"), REFUSED, ids=range(len(REFUSED)))
def test_anything_else_is_not_taken(answer: Answer, sentence: str) -> None:
    with hook(answer) as there, pytest.raises(NotTaken) as said:
        Webhook(there.url).post("{}", "id", NOW)
    assert str(said.value) == sentence
    assert len(there.taken) == 1


def hangs(connection: socket.socket) -> None:
    time.sleep(0.6)


def drips(connection: socket.socket) -> None:
    for letter in b"HTTP/1.1 200 OK":
        connection.sendall(bytes([letter]))
        time.sleep(0.05)


@pytest.mark.parametrize("slowly", [hangs, drips])
def test_an_answer_that_takes_too_long_is_given_up_on(slowly: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "SECONDS", 0.2)
    with hook(slowly) as there:
        began = time.monotonic()
        with pytest.raises(NotTaken, match=r"^the webhook did not answer within 0\.2 s$"):
            Webhook(there.url).post("{}", "id", NOW)
        assert time.monotonic() - began < 0.5


def test_nobody_there_is_told_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(NotTaken, match=r"^the webhook could not be reached: ConnectionRefusedError$"):
        Webhook(f"http://127.0.0.1:{port}").post("{}", "id", NOW)


def test_whoever_shows_no_certificate_is_sent_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        heard = list[bytes]()

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                heard.append(connection.recv(10_000))
                connection.sendall(OK)

        answering = threading.Thread(target=answer)
        answering.start()
        with pytest.raises(NotTaken, match=r"^the webhook could not be reached: SSLError$"):
            Webhook(f"https://127.0.0.1:{server.getsockname()[1]}/secret").post("{}", "id", NOW)
        answering.join()
    assert heard[0][0] == 0x16  # a TLS handshake, RFC 8446
    assert b"secret" not in heard[0]


@pytest.mark.parametrize("url", ["https://example.org", "https://example.org:8443/a?b=c", "http://localhost:7071/x"])
def test_an_address_may_be_https_or_on_this_machine(url: str) -> None:
    assert Webhook(url).url == url


BAD = [
    "http://example.org", "ftp://example.org", "example.org", "https://", "https://a b", "https://me:pw@example.org",
    "https://example.org/\r\nX: y", "https://пример.example", "https://example.org:99999", "https://[::1", "http://localhost.evil.example",
]  # fmt: skip


@pytest.mark.parametrize("url", BAD)
def test_another_address_is_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(UnciaError) as said:
        Webhook(url)
    assert str(said.value) in (
        "UNCIA_ALERT_URL is no address of a webhook: it must look like https://example.org/path",
        "UNCIA_ALERT_URL must begin with https://: what is sent says where animals are",
    )


def test_the_secret_is_not_shown() -> None:
    assert "hush" not in repr(Webhook("https://example.org", "hush"))
