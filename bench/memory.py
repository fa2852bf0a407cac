"""The memory of a featurize worker: how much, whether it grows, and how many images at once fit an instance."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile

from bench import archive
from bench.networks import Networks
from bench.outcome import Cell, Outcome
from bench.reach import Reach
from bench.rivals import ROOT
from shared.backbone import Backbone
from shared.errors import UnciaError
from shared.recipe import Recipe
from shared.settings import environment

MOST_MB, FLAT_SHARE = 350, 1.05
# After so many images, or a quarter of fewer, a worker has met what it will meet.
WARM = 50
# Megabytes of an instance, smallest and usual; what the platform takes is beside them (Azure, Flex Consumption plan).
INSTANCES = (512, 2048)


def measure(networks: Networks, images: Sequence[Path], number: int, at_once: Sequence[int]) -> Outcome:
    """Peak memory with int8 at each concurrency, and with the float network for one image at a time."""
    peaks = {(f"int8, {count} at once", count): watched(networks.int8, count, number, images) for count in at_once}
    peaks |= {("float, 1 at once", 0): watched(networks.exact, 1, number, images)}
    return told(peaks, number)


def watched(network: Path, at_once: int, number: int, images: Sequence[Path]) -> list[float]:
    """The highest memory so far after each image, in MB; raises UnciaError where the worker fails."""
    with NamedTemporaryFile(suffix=".onnx") as head:
        # Made here: what makes a head would be in the worker's memory.
        backbone = Backbone.load(network, 1)
        head.write(archive.head(Recipe(backbone.sha256), backbone.n_features))
        head.flush()
        command = [sys.executable, "-m", "bench.worked", *map(str, (network, head.name, at_once, number, *images))]
        done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise UnciaError(f"the worker stopped: {(done.stderr.strip().splitlines() or ['no word'])[-1]}")
    found: list[float] = json.loads(done.stdout)
    return found


def warm(peaks: list[float]) -> float:
    """The highest memory of a worker when it was warm."""
    return peaks[min(WARM, len(peaks) // 4)]


def fitting(peaks: dict[int, float], megabytes: int) -> int:
    """The highest concurrency measured whose peak fits; 0 where none does."""
    return max((count for count, peak in peaks.items() if peak <= megabytes), default=0)


def told(found: dict[tuple[str, int], list[float]], number: int) -> Outcome:
    """Peaks, and whether they reach what they are to."""
    rows: list[tuple[Cell, ...]] = [(name, warm(peaks), peaks[-1]) for (name, _), peaks in found.items()]
    one = next(peaks for (_, count), peaks in found.items() if count == 1)
    peaks = {count: peaks[-1] for (_, count), peaks in found.items() if count}
    fits = [f"{fitting(peaks, size)} in an instance of {size:,} MB" for size in INSTANCES]
    return Outcome(
        name="memory",
        columns=(f"a worker's highest memory, MB, {number} images of 12 megapixels", f"after {WARM}", "after all"),
        rows=rows,
        reaches=[
            Reach(what="memory with int8, one image at once", limit=MOST_MB, found=one[-1], unit=" MB", less=True),
            Reach(
                what=f"memory at the end, against after {WARM}",
                limit=FLAT_SHARE,
                found=one[-1] / warm(one),
                less=True,
            ),
        ],
        note=f"Of what was measured there fit, by the worker's memory alone: {', '.join(fits)}.",
    )
