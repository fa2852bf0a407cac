"""Azurite, Microsoft's storage emulator, as a child process that never outlives its host."""

from __future__ import annotations

import base64
import os
import re
import secrets
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

from devhost import lock
from shared.errors import UnciaError

HERE = Path(__file__).parent / "azurite"
PROGRAM = HERE / "node_modules" / "azurite" / "dist" / "src" / "azurite.js"
ACCOUNT = "devstoreaccount1"
SERVICES = ("Blob", "Queue", "Table")
LISTENING = re.compile(r"Azurite (\w+) service is successfully listening at (\S+)")
# Idle connections are closed by us, never by Azurite: its default of 5 s races with requests on their way.
KEEP_ALIVE_SECONDS = 3600


class Azurite:
    """Blob, queue and table storage on 127.0.0.1, kept in one folder; port 0 takes any free port."""

    def __init__(self, folder: Path, ports: tuple[int, int, int] = (0, 0, 0), ready_within: float = 30) -> None:
        self.connection_string = ""
        self._folder = folder
        self._ports = ports
        self._ready_within = ready_within
        self._log = folder / "azurite.log"
        self._lock: IO[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when all three services answer; raises UnciaError otherwise."""
        command = self._command()
        # The child holds this lock too, so the next host waits until the Azurite of a killed one has left the files.
        self._lock = lock.acquire(self._folder / "azurite.lock", seconds=self._ready_within)
        if self._lock is None:
            raise UnciaError(f"another Azurite still uses {self._folder}: stop it, or use another folder")
        key = _account_key(self._folder / "account.key")
        with self._log.open("wb") as log:  # a file, not a pipe: a pipe breaks with its host, before the last lines
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={"AZURITE_ACCOUNTS": f"{ACCOUNT}:{key}"},
                pass_fds=[self._lock.fileno()],
                start_new_session=True,  # Ctrl-C is for the host, which stops Azurite last
            )
        try:
            addresses = self._wait()
        except UnciaError:
            self.stop()
            raise
        endpoints = "".join(f"{service}Endpoint={url}/{ACCOUNT};" for service, url in addresses.items())
        self.connection_string = f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={key};{endpoints}"

    def gone(self) -> bool:
        """Whether it has stopped by itself."""
        return self._process is not None and self._process.poll() is not None

    def stop(self, within: float = 10) -> None:
        """Lets Azurite write its databases down and leave; kills it when it takes longer than `within` seconds."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            try:
                self._process.wait(within)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _command(self) -> list[str]:
        if not PROGRAM.exists():
            raise UnciaError("Azurite is missing: run `make setup`")
        command = [_node(), "--require", str(HERE / "stop_with_host.cjs"), str(PROGRAM)]
        command += ["--location", str(self._folder / "azurite")]
        command += ["--silent", "--skipApiVersionCheck", "--disableProductStyleUrl", "--disableTelemetry"]
        for service, port in zip(("blob", "queue", "table"), self._ports, strict=True):
            command += [f"--{service}Port", str(port), f"--{service}KeepAliveTimeout", str(KEEP_ALIVE_SECONDS)]
        return command

    def _wait(self) -> dict[str, str]:
        until = time.monotonic() + self._ready_within
        while time.monotonic() < until:
            said = self._log.read_text(errors="replace")
            addresses = dict(LISTENING.findall(said))
            if all(service in addresses for service in SERVICES):
                return addresses
            if self.gone():
                raise UnciaError(_why(said))
            time.sleep(0.02)
        raise UnciaError(f"Azurite was not ready in {self._ready_within:g} seconds; see {self._log}")


def _node() -> str:
    beside = Path(sys.executable).with_name("node")
    found = str(beside) if beside.exists() else shutil.which("node")
    if found is None:
        raise UnciaError("Node.js is missing: run `make setup`")
    # PyPI's `node`, like some version switchers', is a script that starts the true one: only a child of our own
    # holds the lock and can be killed.
    asked = subprocess.run([found, "-p", "process.execPath"], capture_output=True, text=True, check=False)
    if asked.returncode != 0:
        raise UnciaError(f"{found} does not run: run `make setup`")
    return asked.stdout.strip()


def _why(said: str) -> str:
    if taken := re.search(r"EADDRINUSE.*?:(\d+)", said):
        return f"port {taken[1]} is in use: choose another, or 0 for any free one"
    return f"Azurite stopped at once: {(said.strip().splitlines() or ['it said nothing'])[-1]}"


def _account_key(path: Path) -> str:
    if not path.exists():
        # Random, because the key that Azurite's manual prints would let any web page or process in.
        made = path.with_suffix(".new")
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(base64.b64encode(secrets.token_bytes(64)).decode())
        made.replace(path)
    return path.read_text()
