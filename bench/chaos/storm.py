"""A run: uploads while hosts are killed, Azurite comes and goes, and requests fail; then what that came to."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

from bench.chaos import rest
from bench.chaos.faults import Faults
from bench.chaos.stage import Stage, chances, stage
from bench.chaos.truth import Found, compared, stored
from bench.chaos.uploads import cameras, images, shuffled
from bench.chaos.workers import TEND_SECONDS, Workers
from bench.figures import Figures
from cli import storage
from cli.stack import ROOT
from devhost.azurite import SERVICES
from shared.featurizer import Upload

type Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """How much of everything."""

    images: int
    cameras: int
    workers: int
    kills: int
    restarts: int
    fault_share: float
    twice: float = 0.2  #: share of the images that come twice
    between_kills: tuple[float, float] = (3.0, 9.0)  #: seconds
    away: float = 5.0  #: seconds that Azurite stays away each time
    hang: float = 65.0  #: seconds until a request without an answer is reset; the storage SDK itself waits 60
    lease: float = 10.0  #: seconds until a killed worker's messages come back
    upload_seconds: float = 180.0  #: that the uploads are spread over
    patience: float = 2_400.0  #: seconds for everything to come to rest
    root: Path = ROOT  #: folder of function_app.py and host.json
    seed: int = 1


def blow(storm: Storm, folder: Path, say: Say) -> tuple[Found, Figures]:
    """Runs it in an empty folder; what was found in the tables, and the figures."""
    began = time.monotonic()
    (draw,) = chances(storm.seed, 1)
    uploads = shuffled(images(storm.images, cameras(storm.cameras), draw), storm.twice, draw)
    faults = Faults(storm.fault_share, storm.seed)
    with stage(folder, faults, hang=storm.hang, seed=storm.seed) as ground:
        with Workers(storm.workers, folder, ground.settings, root=storm.root, lease=storm.lease) as workers:
            _rage(storm, ground, workers, uploads, say)
            stormed = time.monotonic() - began
            failures = _mended(storm, ground, say)
        found = compared(ground.truth(uploads), stored(ground.tables()))
        left = rest.failures(ground.direct)
    return found, {
        "seed": storm.seed,
        "images": storm.images,
        "uploads": len(uploads),
        "kills": workers.kills,
        "kills_at_work": workers.kills_at_work,
        "azurite_restarts": ground.restarts,
        **faults.numbers(),
        **found.numbers(),
        "failures_before_redrive": failures,
        "failures_left": left,
        "seconds_of_storm": round(stormed),
        "seconds": round(time.monotonic() - began),
    }


def _rage(storm: Storm, ground: Stage, workers: Workers, uploads: Sequence[Upload], say: Say) -> None:
    """Uploads, kills and takes storage away, all at once, until each has done its part."""
    kill, restart = chances(storm.seed + 1, 2)
    with ThreadPoolExecutor(3) as pool:
        parts = [
            pool.submit(ground.send, uploads, storm.upload_seconds),
            pool.submit(_killing, storm, ground, workers, kill, say),
            pool.submit(_restarting, storm, ground, restart),
        ]
        try:
            for part in as_completed(parts):
                part.result()
        finally:
            ground.over.set()


def _mended(storm: Storm, ground: Stage, say: Say) -> int:
    """Waits for rest, sends again what failed, as `uncia redrive --all` does, and waits again; how much had failed."""
    rest.until_none(partial(rest.messages, ground.direct), storm.patience, say)
    kept = storage.failures(ground.direct)
    found = list(kept.all())
    for _ in storage.redriven(ground.direct, kept, found):
        say(f"{len(found)} failures sent again")
    rest.until_none(partial(rest.left, ground.direct), storm.patience, say)
    return len(found)


def _killing(storm: Storm, ground: Stage, workers: Workers, chance: Random, say: Say) -> None:
    while not workers.all_up() and not ground.over.wait(TEND_SECONDS):
        say("hosts start")
    while workers.kills < storm.kills and not ground.over.wait(chance.uniform(*storm.between_kills)):
        workers.kill(chance)
        say(f"{workers.kills} of {storm.kills} kills")


def _restarting(storm: Storm, ground: Stage, chance: Random) -> None:
    each = storm.kills * sum(storm.between_kills) / 2 / max(1, storm.restarts)
    while ground.restarts < storm.restarts and not ground.over.wait(chance.uniform(0.3, 0.9) * each):
        ground.take_away(SERVICES, storm.away)
