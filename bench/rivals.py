"""Ways to the same message, each in a process and an environment of its own, asked one after the other."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.errors import UnciaError
from shared.settings import environment

ROOT = Path(__file__).parents[1]
ENVIRONMENTS = {
    "openvino": ROOT / ".venv-openvino" / "bin" / "python",
    "torch": ROOT / ".venv-torch" / "bin" / "python",
}


class Away(Exception):
    """A rival that cannot be measured here; the text says why."""


@dataclass(frozen=True, slots=True)
class Rival:
    """A process that does a task when it is asked to."""

    kind: str
    version: str
    process: subprocess.Popen[str]

    def does(self, way: str, file: Path) -> dict[str, Any]:
        """One task: its CPU seconds, and what came out; raises UnciaError where it fails."""
        if not self.process.stdin or not self.process.stdout:
            raise UnciaError(f"{self.kind} was not started")
        self.process.stdin.write(json.dumps({"way": way, "file": str(file)}) + "\n")
        self.process.stdin.flush()
        return answered(self.kind, self.process)


def answered(kind: str, process: subprocess.Popen[str]) -> dict[str, Any]:
    """The next line of a rival; raises UnciaError where it stopped instead."""
    line = process.stdout.readline() if process.stdout else ""
    if not line:
        words = process.stderr.read().strip().splitlines() if process.stderr else []
        raise UnciaError(f"{kind} stopped: {words[-1] if words else 'it left without a word'}")
    said: dict[str, Any] = json.loads(line)
    return said


@contextmanager
def started(kind: str, network: Path) -> Iterator[Rival]:
    """A rival with its network open, stopped in the end; raises Away where its environment is not there."""
    python = ENVIRONMENTS.get(kind, Path(sys.executable))
    if not python.exists():
        raise Away(f"{python.parents[1].name} is not there: `make rivals` says why")
    with subprocess.Popen(
        [python, "-m", "bench.rival", kind, str(network)],
        cwd=ROOT,
        env=environment() | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            try:
                version = str(answered(kind, process)["version"])
            except UnciaError as error:
                raise Away(str(error)) from error
            yield Rival(kind, version, process)
        finally:
            process.terminate()


def present(wanted: Sequence[tuple[str, str, Path]], stack: ExitStack) -> tuple[dict[str, Rival], dict[str, str]]:
    """Of some rivals (name, kind, network) those that are there, and why the others are not, by name."""
    there: dict[str, Rival] = {}
    missing: dict[str, str] = {}
    for name, kind, network in wanted:
        try:
            there[name] = stack.enter_context(started(kind, network))
        except Away as error:
            missing[name] = str(error)
    return there, missing
