"""A webhook on this machine that answers as it is told, and keeps what it was sent."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
type Answer = Callable[[socket.socket], None] | bytes


@dataclass
class Taken:
    """One request: its first line, its headers by their names in small letters, and its body."""

    line: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Hook:
    """Where the webhook is, and what it was sent; `answers` are used up, then it says 200."""

    url: str
    answers: list[Answer] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)


@contextmanager
def hook(*answers: Answer) -> Iterator[Hook]:
    """A webhook on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        here = Hook(f"http://127.0.0.1:{server.getsockname()[1]}/hook?a=b", list(answers))
        serving = threading.Thread(target=_serve, args=(server, here), daemon=True)
        serving.start()
        yield here
        server.shutdown(socket.SHUT_RDWR)
    serving.join(10)


def _serve(server: socket.socket, here: Hook) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        with connection:
            here.taken.append(_read(connection))
            answer = here.answers.pop(0) if here.answers else OK
            try:
                connection.sendall(answer) if isinstance(answer, bytes) else answer(connection)
            except OSError:
                continue


def _read(connection: socket.socket) -> Taken:
    with connection.makefile("rb") as file:
        line = file.readline().decode().strip()
        said = dict[str, str]()
        while head := file.readline().decode().strip():
            key, _, value = head.partition(": ")
            said[key.lower()] = value
        return Taken(line, said, file.read(int(said["content-length"])))
