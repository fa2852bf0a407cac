"""The host: one app, its storage and its life from start to stop."""

from __future__ import annotations

import json
import logging
import os
import signal
from collections.abc import Mapping
from pathlib import Path
from threading import Event
from typing import IO

from azure.core.exceptions import AzureError

from devhost import lock
from devhost.azurite import Azurite
from devhost.engine import Engine
from devhost.host_json import HostJson
from devhost.runtime import App
from devhost.storage import Storage
from shared.errors import UnciaError

CONTAINERS = ("images", "models")
GRACE_SECONDS = 20.0
logger = logging.getLogger(__name__)


class Host:
    """Runs root/function_app.py over what is kept in `data`: a development tool, see devhost/__init__.py.

    A host killed at any moment loses nothing: the next one over the same folder goes on, and messages that were
    running come back when their lease of `lease` seconds is over.
    """

    def __init__(
        self,
        root: Path,
        data: Path,
        *,
        port: int = 0,
        storage_ports: tuple[int, int, int] = (0, 0, 0),
        lease: float = 30.0,
        settings: Mapping[str, str] | None = None,
        connection_string: str = "",
    ) -> None:
        self.connection_string = connection_string
        self.url = ""
        self._root, self._data = root.resolve(), data.resolve()
        self._port = port
        self._lease = lease
        self._settings = settings or {}
        self._azurite = None if connection_string else Azurite(self._data, storage_ports)
        self._engine: Engine | None = None
        self._lock: IO[str] | None = None
        self._stopping = Event()

    def start(self) -> None:
        """Returns when everything runs and data/stack.json says where; raises UnciaError."""
        self._data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = lock.acquire(self._data / "host.lock")
        if self._lock is None:
            raise UnciaError(f"another host is running over {self._data}: stop it, or use another folder")
        self._stack.unlink(missing_ok=True)  # left by a killed host
        try:
            self._start()
        except (UnciaError, AzureError, OSError) as error:
            self.stop()
            if isinstance(error, AzureError):
                raise UnciaError(f"the storage cannot be used: {str(error).partition('\n')[0]}") from error
            raise

    def run(self) -> bool:
        """Blocks until SIGINT, SIGTERM or ask_to_stop(), then stops as stop() does; raises when Azurite fails."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self.ask_to_stop())
        while not self._stopping.wait(0.2):
            if self._azurite and self._azurite.gone():
                self.stop(grace=0)
                raise UnciaError(f"Azurite has stopped by itself; see {self._data / 'azurite.log'}")
        return self.stop()

    def ask_to_stop(self) -> None:
        """Makes run() return; may be called from any thread."""
        self._stopping.set()

    def stop(self, grace: float = GRACE_SECONDS) -> bool:
        """Stops everything; False when an invocation still ran after `grace` seconds and was left behind."""
        finished = self._engine.stop(grace) if self._engine else True
        self._stack.unlink(missing_ok=True)
        if self._azurite:
            self._azurite.stop()
        if self._lock:
            self._lock.close()
        self._engine = self._lock = None
        return finished

    @property
    def _stack(self) -> Path:
        return self._data / "stack.json"

    def _start(self) -> None:
        host_json = HostJson.read(self._root / "host.json", os.process_cpu_count() or 1)
        if self._azurite:
            self._azurite.start()
            self.connection_string = self._azurite.connection_string
        storage = Storage(self.connection_string)
        for container in CONTAINERS:
            storage.create_container(container)
        connections = {"Storage": self.connection_string, "AzureWebJobsStorage": self.connection_string}
        app = App.load(self._root, {**self._settings, **connections})
        self._engine = Engine(app, storage, host_json, lease=self._lease, port=self._port)
        self.url = self._engine.url
        self._engine.start()
        self._write_stack(self._engine.queues)

    def _write_stack(self, queues: list[str]) -> None:
        told = {"pid": os.getpid(), "url": self.url, "storage": self.connection_string, "queues": queues}
        new = self._stack.with_suffix(".new")
        # The connection string holds the account's key: for this user only.
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(told, file)
        new.replace(self._stack)
