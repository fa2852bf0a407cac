"""A run: storage, or one service of it, is away for a while; nobody does anything, and all must come right."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench.chaos import rest
from bench.chaos.faults import Faults
from bench.chaos.stage import Stage, chances, stage
from bench.chaos.truth import Found, compared, stored
from bench.chaos.uploads import cameras, images, shuffled
from bench.chaos.workers import Workers
from bench.figures import Figures
from cli import storage
from cli.stack import ROOT
from devhost.azurite import SERVICES
from shared.featurizer import Upload

BUSY_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """What is away and for how long, while how much is under way."""

    services: tuple[str, ...] = SERVICES
    seconds: float = 600.0
    images: int = 200
    cameras: int = 8
    workers: int = 2
    lease: float = 10.0  #: seconds until a killed worker's messages come back
    patience: float = 5_400.0  #: seconds for everything to come to rest: what failed twice waits an hour
    root: Path = ROOT  #: folder of function_app.py and host.json
    seed: int = 1

    @property
    def name(self) -> str:
        """What the figures of this outage are kept under."""
        return (
            "outage" if self.services == SERVICES else "outage_" + "_".join(f"{one}s".lower() for one in self.services)
        )


def endure(outage: Outage, folder: Path, say: Callable[[str], None]) -> tuple[Found, Figures]:
    """Runs it in an empty folder; what was found in the tables, and the figures."""
    (draw,) = chances(outage.seed, 1)
    uploads = shuffled(images(outage.images, cameras(outage.cameras), draw), 0.2, draw)
    failed: set[tuple[str, str]] = set()
    with stage(folder, Faults(0.0, outage.seed), hang=0.0, seed=outage.seed) as ground:
        with Workers(outage.workers, folder, ground.settings, root=outage.root, lease=outage.lease) as workers:
            ended = _pass_by(outage, ground, uploads, say)
            whole = rest.until_none(partial(_left, ground, failed), outage.patience, say)
            recovered = time.monotonic() - ended
        found = compared(ground.truth(uploads), stored(ground.tables()))
        left = rest.failures(ground.direct)
    return found, {
        "seed": outage.seed,
        "outage_seconds": round(outage.seconds),
        "recovered_after_seconds": round(recovered),
        "recovered": "all" if whole else "not all",
        "requests_refused": ground.proxy.refused,
        "failures_on_the_way": len(failed),
        "hosts_restarted": workers.gave_up,
        **found.numbers(),
        "failures_left": left,
    }


def _pass_by(outage: Outage, ground: Stage, uploads: Sequence[Upload], say: Callable[[str], None]) -> float:
    """Half of the uploads come before the outage, the others in its first half, as far as they can; when it ended."""
    half = len(uploads) // 2
    with ThreadPoolExecutor(1) as pool:
        ground.send(uploads[:half], seconds=0)
        _until_busy(ground)
        others = pool.submit(ground.send, uploads[half:], outage.seconds / 2)
        try:
            say(f"{' and '.join(outage.services)} away for {outage.seconds:g} s")
            ground.take_away(outage.services, outage.seconds)
            ended = time.monotonic()
            others.result()
        finally:
            ground.over.set()
    return ended


def _until_busy(ground: Stage) -> None:
    """Returns when there is a message in every queue that images pass, or has been for long enough."""
    end = time.monotonic() + BUSY_SECONDS
    while time.monotonic() < end and not {"frames", "sequences"} <= rest.waiting(ground.direct).keys():
        time.sleep(0.1)


def _left(ground: Stage, failed: set[tuple[str, str]]) -> list[str]:
    kept = [(one.queue, one.key) for one in storage.failures(ground.direct).all()]
    failed.update(kept)
    return [*([f"{len(kept)} failures"] if kept else []), *rest.left(ground.direct)]
