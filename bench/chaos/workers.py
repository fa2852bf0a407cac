"""Host processes that are killed, and started again as soon as they are gone."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from threading import Event, Lock, Thread
from types import TracebackType

from cli.stack import ROOT
from shared.settings import PREFIX, environment

TEND_SECONDS = 0.1
STOP_SECONDS = 40.0
# How many of the kills are to be of hosts that are up: starting takes a busy machine half of a short life.
AT_WORK = 0.8


class Workers:
    """So many hosts over one storage, each with a folder of its own; kills and starts are counted."""

    def __init__(self, number: int, folder: Path, settings: Mapping[str, str], *, root: Path, lease: float) -> None:
        self.kills = 0
        self.kills_at_work = 0  #: of hosts that were up and had begun to take messages
        self.gave_up = 0  #: ended by themselves, as where storage was away while they started
        self._settings = settings
        self._options = ["--root", str(root), "--lease", f"{lease:g}", "--no-azurite", "--stop-with-stdin"]
        self._homes = [folder / f"worker-{one + 1}" for one in range(number)]
        self._processes: dict[Path, subprocess.Popen[bytes]] = {}
        self._lock = Lock()
        self._leaving = Event()
        self._tender = Thread(target=self._tend, name="workers", daemon=True)

    def __enter__(self) -> Workers:
        for home in self._homes:
            home.mkdir(parents=True)
            self._processes[home] = self._started(home)
        self._tender.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._leaving.set()
        self._tender.join()
        for process in self._processes.values():
            if process.stdin:
                process.stdin.close()
        for process in self._processes.values():
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def kill(self, chance: random.Random) -> None:
        """Kills one of them with SIGKILL, which it cannot notice; mostly one at work, now and then any."""
        with self._lock:
            up = [home for home in self._homes if self._is_up(home, self._processes[home])]
            home = chance.choice(up if up and chance.random() < AT_WORK else self._homes)
            process = self._processes[home]
            if process.poll() is None:
                self.kills += 1
                self.kills_at_work += self._is_up(home, process)
                process.kill()
                process.wait()
                self._processes[home] = self._started(home)

    def all_up(self) -> bool:
        """Whether every one of them works."""
        with self._lock:
            return all(self._is_up(home, process) for home, process in self._processes.items())

    def _tend(self) -> None:
        while not self._leaving.wait(TEND_SECONDS):
            for home in self._homes:
                with self._lock:
                    if self._processes[home].poll() is not None:
                        self.gave_up += 1
                        self._processes[home] = self._started(home)

    def _started(self, home: Path) -> subprocess.Popen[bytes]:
        if (before := self._processes.get(home)) and before.stdin:
            before.stdin.close()
        with (home / "host.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "devhost", "--data", str(home), *self._options],
                cwd=ROOT,
                env=_without_settings() | dict(self._settings),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for us; they stop when we close their stdin
            )

    def _is_up(self, home: Path, process: subprocess.Popen[bytes]) -> bool:
        try:
            told = json.loads((home / "stack.json").read_text("utf-8"))
        except (OSError, ValueError):
            return False
        return bool(told["pid"] == process.pid) and process.poll() is None


def _without_settings() -> dict[str, str]:
    """The environment, but for what whoever runs this has set for Uncia."""
    return {name: value for name, value in environment().items() if not name.startswith((PREFIX, "Storage"))}
