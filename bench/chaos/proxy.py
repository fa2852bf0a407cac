"""A proxy in front of storage: requests pass as they are, answers come late, wrong, cut, or not at all."""

from __future__ import annotations

import asyncio
import random
import socket
import struct
from asyncio import IncompleteReadError, LimitOverrunError, StreamReader, StreamWriter
from collections.abc import Callable, Mapping
from threading import Event, Thread

from bench.chaos.faults import Fault, Faults
from bench.chaos.message import LONGEST, Message, read_answer, read_request, refusal

HOST = "127.0.0.1"
SLOW_SECONDS = (0.2, 3.0)
OVER = (IncompleteReadError, LimitOverrunError, OSError)  # a connection that has ended, one way or the other
# Requests are signed over account and path, so that they are good at any port.
REFUSED = {Fault.ERROR: (500, "InternalError"), Fault.BUSY: (503, "ServerBusy"), Fault.LIED: (500, "OperationTimedOut")}


def unheard(service: str, request: Message, answer: Message) -> None:
    """Listens to nothing."""


class Proxy:
    """Passes on what comes for each service to its port, with faults; a service can be cut off altogether.

    `heard` is told of each request that storage answered, from the proxy's own thread.
    """

    def __init__(
        self,
        ports: Mapping[str, int],
        faults: Faults,
        *,
        hang: float,
        seed: int,
        heard: Callable[[str, Message, Message], None] = unheard,
    ) -> None:
        self.ports: dict[str, int] = {}  #: where each service is to be asked; known once started
        self.refused = 0  #: requests that came while their service was cut off
        self._targets = ports
        self._faults = faults
        self._heard = heard
        self._hang = hang
        self._chance = random.Random(seed)
        self._away: frozenset[str] = frozenset()
        # With its task, which asyncio itself does not hold while it waits for storage.
        self._open: dict[StreamWriter, tuple[str, asyncio.Task[None] | None]] = {}
        self._loop = asyncio.new_event_loop()
        self._started = Event()
        self._thread = Thread(target=self._run, name="proxy", daemon=True)

    def start(self) -> None:
        """Returns when it listens."""
        self._thread.start()
        self._started.wait()

    def stop(self) -> None:
        """Drops every connection and listens no more."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def aim(self, ports: Mapping[str, int]) -> None:
        """From now on each service is asked there: storage that was started again listens elsewhere."""
        self._targets = ports

    def cut_off(self, *services: str) -> None:
        """From now on these services cannot be reached, and what was under way is lost; with none: all can again."""
        self._away = frozenset(services)
        self._loop.call_soon_threadsafe(self._drop)

    def _drop(self) -> None:
        for writer in [writer for writer, (service, _) in self._open.items() if service in self._away]:
            reset(writer)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        servers = [self._loop.run_until_complete(self._listen(service)) for service in self._targets]
        self._started.set()
        self._loop.run_forever()
        for server in servers:
            server.close()
        for task in (tasks := asyncio.all_tasks(self._loop)):
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.close()

    async def _listen(self, service: str) -> asyncio.Server:
        async def serve(reader: StreamReader, writer: StreamWriter) -> None:
            self._open[writer] = service, asyncio.current_task()
            try:
                await self._serve(service, reader, writer)
            except OVER:
                reset(writer)
            finally:
                del self._open[writer]
                writer.close()

        server = await asyncio.start_server(serve, HOST, 0, limit=LONGEST)
        self.ports[service] = server.sockets[0].getsockname()[1]
        return server

    async def _serve(self, service: str, reader: StreamReader, writer: StreamWriter) -> None:
        """One connection of a client, which has one of its own to storage: may raise one of OVER at its end."""
        upstream: tuple[StreamReader, StreamWriter] | None = None
        try:
            while True:
                request = await read_request(reader)
                if service in self._away:
                    self._refuse(writer)
                    continue
                upstream = upstream or await asyncio.open_connection(HOST, self._targets[service], limit=LONGEST)
                if not await self._pass(service, request, self._faults.draw(), writer, upstream):
                    return
        finally:
            if upstream:
                upstream[1].close()

    def _refuse(self, writer: StreamWriter) -> None:
        """What is cut off says that it is busy, or nothing at all."""
        self.refused += 1
        if self._chance.random() < 0.5:
            raise ConnectionResetError
        writer.write(refusal(*REFUSED[Fault.BUSY]))

    async def _pass(
        self,
        service: str,
        request: Message,
        fault: Fault | None,
        writer: StreamWriter,
        upstream: tuple[StreamReader, StreamWriter],
    ) -> bool:
        """Whether the connection goes on after this request."""
        match fault:
            case Fault.ERROR | Fault.BUSY:
                return await said(writer, refusal(*REFUSED[fault]))
            case Fault.RESET:
                raise ConnectionResetError
            case Fault.HUNG:
                await asyncio.sleep(self._hang)
                raise ConnectionResetError
            case Fault.SLOW:
                await asyncio.sleep(self._chance.uniform(*SLOW_SECONDS))
        upstream[1].write(request.whole)
        answer = await read_answer(upstream[0], request)
        self._heard(service, request, answer)
        match fault:
            case Fault.LOST:
                raise ConnectionResetError
            case Fault.CUT:
                await said(writer, answer.whole[: len(answer.whole) // 2])
                return False
            case Fault.LIED:
                return await said(writer, refusal(*REFUSED[fault]))
        return await said(writer, answer.whole)


async def said(writer: StreamWriter, answer: bytes) -> bool:
    """Sends an answer; true, as there may be a next request."""
    writer.write(answer)
    await writer.drain()
    return True


def reset(writer: StreamWriter) -> None:
    """Ends a connection as a crash does: with RST, not with a goodbye."""
    if (connection := writer.get_extra_info("socket")) and connection.fileno() >= 0:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
