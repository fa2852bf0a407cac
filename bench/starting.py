"""How long a new instance takes until its first answer, and what each trigger group imports for it."""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from bench import archive
from bench.networks import Networks
from bench.outcome import Cell, Outcome
from bench.reach import Reach
from bench.rivals import ROOT
from bench.started import CAMERA, DAY, GROUPS
from cli import storage
from devhost.azurite import Azurite
from devhost.storage import Storage
from shared.backbone import Backbone
from shared.day import Ask
from shared.errors import UnciaError
from shared.featurizer import Featurizer
from shared.opening import open_day
from shared.settings import environment

SECONDS = 1.5
FEATURIZE = "featurize"
INT8, PLAIN = f"{FEATURIZE}, int8", f"{FEATURIZE}, int8, as source"
STACK = {"onnxruntime", "PIL", "sklearn"}


@dataclass(frozen=True, slots=True)
class Start:
    """One start of an interpreter up to its first answer."""

    seconds: float
    cpu_seconds: float  #: of the process, its own start included
    imports: float  #: seconds until function_app was there
    heavy: frozenset[str]  #: libraries that were imported by the end


def measure(networks: Networks, image: Path, starts: int) -> Outcome:
    """Starts every group by turns, compiled as it is deployed; featurize with the float network, and as source, too."""
    wanted = {INT8: networks.int8, f"{FEATURIZE}, float": networks.exact, PLAIN: networks.int8}
    wanted |= {group: networks.int8 for group in GROUPS if group != FEATURIZE}
    found: dict[str, list[Start]] = {name: [] for name in wanted}
    with TemporaryDirectory(prefix="uncia-code-") as folder, prepared(networks) as connections:
        plain, compiled = copied(Path(folder, "plain")), copied(Path(folder, "compiled"))
        path = f"{Path(sys.executable).parent}:{environment()['PATH']}"
        subprocess.run([compiled / "infra" / "compile.sh"], env=environment() | {"PATH": path}, check=True)
        for _ in range(starts):
            for name, network in wanted.items():
                code = plain if name == PLAIN else compiled
                found[name].append(started(name.split(",")[0], image, code, connections[network]))
    return told(found)


def copied(folder: Path) -> Path:
    """What is deployed, and this bench, without what Python compiled of it."""
    for name in ("functions", "shared", "training", "web", "bench", "infra"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".terraform"))
    shutil.copy(ROOT / "function_app.py", folder)
    return folder


@contextmanager
def prepared(networks: Networks) -> Iterator[dict[Path, dict[str, str]]]:
    """The environment of a worker with each network, over storages in which a head for it is current."""
    with TemporaryDirectory(prefix="uncia-starting-") as folder:
        stores = {file: Azurite(Path(folder, file.stem)) for file in (networks.int8, networks.exact)}
        try:
            yield {file: _environment(azurite, Path(folder, file.stem), file) for file, azurite in stores.items()}
        finally:
            for azurite in stores.values():
                azurite.stop()


def _environment(azurite: Azurite, folder: Path, network: Path) -> dict[str, str]:
    folder.mkdir()
    azurite.start()
    connection = azurite.connection_string
    for container in ("images", "models"):
        Storage(connection).create_container(container)
    featurizer = Featurizer(Backbone.load(network, 1))
    storage.heads({"connection": connection}).publish(archive.head(featurizer.recipe, featurizer.backbone.n_features))
    open_day(Ask(CAMERA, DAY), None, datetime.now(UTC), storage.store({"connection": connection}))
    said = {"Storage": connection, "AzureWebJobsStorage": connection, "UNCIA_BACKBONE": str(network)}
    # As the local host says it: then whoever asks by HTTP is believed to sit here.
    said |= {"AZURE_FUNCTIONS_ENVIRONMENT": "Development", "PYTHONDONTWRITEBYTECODE": "1"}
    return environment() | said


def started(group: str, image: Path, code: Path, settings: dict[str, str]) -> Start:
    """One start; raises UnciaError where the call did not come through."""
    spent, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "bench.started", group, image],
        cwd=code, env=settings, capture_output=True, text=True, check=False,
    )  # fmt: skip
    seconds, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise UnciaError(f"{group} did not start: {(done.stderr.strip().splitlines() or ['no word'])[-1]}")
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    cpu = after.ru_utime + after.ru_stime - spent.ru_utime - spent.ru_stime
    return Start(seconds, cpu, said["imports"], frozenset(said["heavy"]))


def told(found: dict[str, list[Start]]) -> Outcome:
    """The medians, and whether they reach what they are to."""
    rows: list[tuple[Cell, ...]] = [
        (
            name,
            median(one.seconds for one in starts),
            median(one.cpu_seconds for one in starts),
            median(one.imports for one in starts),
            ", ".join(sorted(starts[0].heavy)) or "none",
        )
        for name, starts in found.items()
    ]
    others = [name for name, starts in found.items() if not name.startswith(FEATURIZE) and starts[0].heavy & STACK]
    return Outcome(
        name="start",
        columns=(
            "from a start to the first answer",
            "seconds",
            "of CPU",
            "of function_app",
            "it imported",
        ),
        rows=rows,
        reaches=[
            Reach(
                what="start to first score, int8",
                limit=SECONDS,
                found=median(one.seconds for one in found[INT8]),
                unit=" s",
                less=True,
            ),
            Reach(
                what="groups besides featurize that import the network stack",
                limit=0,
                found=len(others),
                less=True,
                why=", ".join(others),
            ),
        ],
    )
