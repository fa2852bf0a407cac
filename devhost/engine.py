"""Everything that runs the functions of one app: listeners, blob watches, timers and HTTP."""

from __future__ import annotations

import time
from typing import Any, Protocol

from devhost.blob_watch import HOSTS, BlobWatch
from devhost.blobs import ANNOUNCED, GIVEN_UP, blob_run
from devhost.delivery import poison_queue
from devhost.host_json import HostJson
from devhost.http import HttpServer
from devhost.invocation import Invoker
from devhost.listener import Listener
from devhost.queues import queue_run
from devhost.runtime import App, Function
from devhost.storage import Storage, encode
from devhost.timers import Timer

LOOK_SECONDS = 1.0


class Part(Protocol):
    """What the engine starts and stops."""

    def start(self) -> None:
        """Begins its work on its own threads."""

    def stop(self) -> None:
        """Takes on nothing new."""


class Engine:
    """Runs an app over a storage account; `waiting()` and `looks()` tell whether it is idle."""

    def __init__(self, app: App, storage: Storage, host_json: HostJson, *, lease: float, port: int) -> None:
        self._app = app
        self._storage = storage
        self._host_json = host_json
        self._lease = lease
        self._invoker = Invoker(app, self.send)
        self._listeners = [self._queue_listener(function) for function in self._of("queueTrigger")]
        self._watches = [
            BlobWatch(storage, function, self._announce, look=LOOK_SECONDS) for function in self._of("blobTrigger")
        ]
        if self._watches:
            self._listeners.insert(0, self._blob_listener())
        timers = [Timer(storage, self._invoker, function) for function in self._of("timerTrigger")]
        http = HttpServer(self._invoker, self._of("httpTrigger"), host_json.route_prefix, status=self.status, port=port)
        self.url = http.url
        self._parts: list[Part] = [http, *timers, *self._watches, *self._listeners]
        # The queue of blobs first, then in the order of the file: a message moves down this list, never up, so
        # counting in this order cannot miss one that moves meanwhile.
        self.queues = list(dict.fromkeys(listener.queue for listener in self._listeners))

    def start(self) -> None:
        """Makes the containers and queues that the app is bound to, and begins."""
        for container in {HOSTS, *(watch.path.container for watch in self._watches)}:
            self._storage.create_container(container)
        outputs = (output for function in self._app.functions for output in function.outputs)
        for queue in {*self.queues, *(output["queueName"] for output in outputs if output["type"] == "queue")}:
            self._storage.create_queue(queue)
        for part in self._parts:
            part.start()

    def stop(self, grace: float) -> bool:
        """Takes nothing new and waits for what runs; False when something still runs after `grace` seconds."""
        for part in self._parts:
            part.stop()
        until = time.monotonic() + grace
        running = (self._invoker.running, *(listener.running for listener in self._listeners))
        return all(part.wait(seconds=max(0.0, until - time.monotonic())) for part in running)

    def status(self) -> dict[str, Any]:
        """What GET /admin/host/status answers; looks are read before the queues, so that they promise less."""
        looks = min((watch.looks for watch in self._watches), default=0)
        waiting = {queue: self._storage.waiting(queue) for queue in self.queues}
        return {"state": "Running", "looks": looks, "waiting": waiting}

    def send(self, queue: str, body: bytes) -> None:
        """Puts a message of the app on a queue."""
        self._put(queue, encode(body, self._host_json.message_encoding))

    def _put(self, queue: str, content: str) -> None:
        self._storage.send(queue, content)
        for listener in self._listeners:
            if listener.queue == queue:
                listener.wake()

    def _announce(self, body: bytes) -> None:
        self._put(ANNOUNCED, encode(body, "base64"))

    def _of(self, trigger: str) -> list[Function]:
        return [function for function in self._app.functions if function.trigger["type"] == trigger]

    def _queue_listener(self, function: Function) -> Listener:
        queue = function.trigger["queueName"]
        return Listener(
            self._storage.queue(queue),
            self._host_json.queue_policy(self._lease),
            queue_run(self._invoker, function),
            self._put,
            poison=poison_queue(queue),
            encoding=self._host_json.message_encoding,
        )

    def _blob_listener(self) -> Listener:
        functions = {function.name: function for function in self._of("blobTrigger")}
        return Listener(
            self._storage.queue(ANNOUNCED),
            self._host_json.blob_policy(self._lease),
            blob_run(self._invoker, self._storage, functions),
            self._put,
            poison=GIVEN_UP,
        )
