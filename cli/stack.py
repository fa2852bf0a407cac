"""The local stack: function app, host and storage, started, found and waited for."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.errors import UnciaError
from shared.recipe import Recipe
from shared.settings import environment

ROOT = Path(__file__).parents[1]
HOME = Path(".uncia")
# Azurite and the first indexing take 3 s here; a laptop just woken takes longer.
START_SECONDS = 90.0
# The host gives running invocations 20 s, Azurite some more.
STOP_SECONDS = 40.0
# Local days settle at once after two quiet seconds: nobody uploads through a satellite link to a laptop.
LOCAL_SETTLE = "2"
# How glibc keeps memory that was given back: in one heap for each of two threads, not sixteen, and images, which are
# larger than this, not at all. Without, a host that made frames of images had 690 MB and more with each of them; so it
# has 390 MB (docs/performance.md). Other systems' libraries take no notice.
MEMORY = {"MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": "262144"}


@dataclass(frozen=True, slots=True)
class Stack:
    """A running local stack."""

    url: str
    storage: Mapping[str, str]

    def status(self) -> dict[str, Any]:
        """What the host says of itself: how often it looked for uploads, and what waits in which queue."""
        with urllib.request.urlopen(f"{self.url}/admin/host/status", timeout=30) as answer:  # noqa: S310 - our own host
            said: dict[str, Any] = json.load(answer)
            return said

    def at_rest(self, looks: int) -> bool:
        """Whether the host has looked for uploads since `looks`, and nothing waits in any queue."""
        said = self.status()
        # Two looks: the one under way may have passed the last upload by.
        return said["looks"] >= looks + 2 and not any(said["waiting"].values())


def find(data: Path = HOME) -> Stack | None:
    """The stack that runs over this folder, if one does."""
    try:
        said = json.loads((data / "stack.json").read_text("utf-8"))
        stack = Stack(said["url"], {"connection": said["storage"]})
        stack.status()
    except (OSError, ValueError, KeyError):
        return None
    return stack


def recipe(data: Path = HOME) -> Recipe | None:
    """The recipe that the stack over this folder was last started with; None where none was."""
    try:
        return Recipe.parse((data / "recipe").read_text("utf-8"))
    except (OSError, ValueError):
        return None


def note_recipe(data: Path, new: Recipe) -> bool:
    """Notes what the stack is started with; False where the folder holds frames of another recipe."""
    data.mkdir(parents=True, exist_ok=True)
    same = recipe(data) in (None, new)
    (data / "recipe").write_text(str(new), "utf-8")
    return same


@contextmanager
def started(data: Path, settings: Mapping[str, str], port: int = 0) -> Iterator[tuple[Stack, subprocess.Popen[str]]]:
    """The stack over a folder, as a process of its own that is stopped at the end, whatever happens to this one.

    Where the settings say `Storage`, it works on that; else Azurite is started with it.
    """
    data.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "devhost", "--data", str(data.resolve()), "--root", str(ROOT)]
    command += ["--port", str(port), "--stop-with-stdin", *(["--no-azurite"] if "Storage" in settings else [])]
    with (data / "host.log").open("w", encoding="utf-8") as log:
        host = subprocess.Popen(
            command,
            cwd=ROOT,
            env=MEMORY | environment() | {"UNCIA_SETTLE_SECONDS": LOCAL_SETTLE} | dict(settings),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=log,
            text=True,
            start_new_session=True,  # Ctrl-C is for us; the host stops when we close its stdin
        )
    try:
        yield _wait_until_up(host, data), host
    finally:
        _stop(host)


def _wait_until_up(host: subprocess.Popen[str], data: Path) -> Stack:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if host.poll() is not None:
            raise UnciaError(f"the local stack did not start: {last_words(data)}")
        if stack := find(data):
            return stack
        time.sleep(0.1)
    raise UnciaError(f"the local stack did not start within {START_SECONDS:g} s; {data / 'host.log'} may say why")


def last_words(data: Path) -> str:
    """The last line that the host wrote to its log."""
    lines = (data / "host.log").read_text("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else "it left without a word"


def _stop(host: subprocess.Popen[str]) -> None:
    if host.stdin:
        host.stdin.close()
    try:
        host.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        host.kill()
        host.wait()
