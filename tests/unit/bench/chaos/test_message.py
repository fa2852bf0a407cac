"""Where an HTTP message ends."""

from __future__ import annotations

import asyncio

import pytest

from bench.chaos.message import Message, read_answer, read_request, refusal

GET, HEAD = (Message(verb + b" /a HTTP/1.1\r\n\r\n", b"") for verb in (b"GET", b"HEAD"))


async def _fed(text: bytes) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    reader.feed_data(text)
    reader.feed_eof()
    return reader


@pytest.mark.parametrize(
    ("text", "body"),
    [
        (b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n", b""),
        (b"PUT /a HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", b"abc"),
        (b"PUT /a HTTP/1.1\r\ncontent-length:3\r\n\r\nabc", b"abc"),
        (b"PUT /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", b"3\r\nabc\r\n0\r\n\r\n"),
    ],
)
def test_a_request_ends_where_its_headers_say(text: bytes, body: bytes) -> None:
    async def read() -> Message:
        return await read_request(await _fed(text + b"the next"))

    found = asyncio.run(read())
    assert (found.body, found.whole) == (body, text)


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        (HEAD, b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"),
        (GET, b"HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\n"),
        (GET, b"HTTP/1.1 204 No Content\r\n\r\n"),
        (GET, b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"),
    ],
)
def test_an_answer_may_have_no_body_whatever_its_headers_say(asked: Message, text: bytes) -> None:
    async def read() -> Message:
        return await read_answer(await _fed(text + b"the next"), asked)

    assert asyncio.run(read()).whole == text


def test_a_message_that_is_cut_is_told_apart() -> None:
    async def read() -> Message:
        return await read_answer(await _fed(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab"), GET)

    with pytest.raises(asyncio.IncompleteReadError):
        asyncio.run(read())


def test_a_refusal_is_an_answer_of_storage() -> None:
    async def read() -> Message:
        return await read_answer(await _fed(refusal(503, "ServerBusy")), GET)

    found = asyncio.run(read())
    assert found.start[1] == b"503"
    assert b"<Code>ServerBusy</Code>" in found.body
