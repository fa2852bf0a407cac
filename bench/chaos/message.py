"""HTTP messages as bytes: a request or an answer read whole from a connection, as RFC 9112 says where one ends."""

from __future__ import annotations

from asyncio import StreamReader
from dataclasses import dataclass

# A table transaction takes 4 MiB, an image of the tests a few KB; a head of a message has less.
LONGEST = 16 * 1024 * 1024
_NO_BODY = (204, 304)


@dataclass(frozen=True, slots=True)
class Message:
    """Start line, headers and body, as they came."""

    head: bytes
    body: bytes

    @property
    def start(self) -> list[bytes]:
        """The words of its first line."""
        return self.head.partition(b"\r\n")[0].split(b" ")

    @property
    def whole(self) -> bytes:
        """All of it."""
        return self.head + self.body


async def read_request(reader: StreamReader) -> Message:
    """The next request; raises IncompleteReadError where the connection ends."""
    head = await reader.readuntil(b"\r\n\r\n")
    return Message(head, await _body(reader, head))


async def read_answer(reader: StreamReader, asked: Message) -> Message:
    """The answer to a request; raises IncompleteReadError where the connection ends."""
    head = await reader.readuntil(b"\r\n\r\n")
    answer = Message(head, b"")
    if asked.start[0] == b"HEAD" or int(answer.start[1]) in _NO_BODY:
        return answer
    return Message(head, await _body(reader, head))


def refusal(status: int, code: str) -> bytes:
    """An answer of storage that is none, such as 503 ServerBusy; the connection stays open."""
    body = f'<?xml version="1.0" encoding="utf-8"?><Error><Code>{code}</Code><Message>chaos</Message></Error>'
    head = (
        f"HTTP/1.1 {status} {code}",
        "Content-Type: application/xml",
        f"x-ms-error-code: {code}",
        f"Content-Length: {len(body)}",
    )
    return ("\r\n".join(head) + "\r\n\r\n" + body).encode()


async def _body(reader: StreamReader, head: bytes) -> bytes:
    headers = {name.strip().lower(): value.strip() for name, _, value in map(_split, head.split(b"\r\n")[1:])}
    if b"chunked" in headers.get(b"transfer-encoding", b"").lower():
        return await _chunks(reader)
    return await reader.readexactly(int(headers.get(b"content-length", b"0")))


def _split(line: bytes) -> tuple[bytes, bytes, bytes]:
    return line.partition(b":")


async def _chunks(reader: StreamReader) -> bytes:
    """The chunks as they come, sizes and all, and the empty line at their end."""
    read = b""
    while True:
        line = await reader.readuntil(b"\r\n")
        size = int(line.partition(b";")[0], 16)
        read += line + await reader.readexactly(size + 2)
        if size == 0:
            return read
