"""Frames into sequences, a million of them: against MegaDetector's algorithm, and against n log n."""

from __future__ import annotations

import gc
import math
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from operator import attrgetter

from bench import alternating, archive, crowd, megadetector
from bench.outcome import Outcome
from bench.reach import Reach
from shared.errors import UnciaError
from shared.frame import Frame
from shared.sequence import Limits, group

# What seconds may grow by, against n log n, up to all frames: an eighth of them is nearer to the processor's cache.
GROWTH, STEPS = 1.5, 8
AT, TIE = attrgetter("captured_at"), attrgetter("digest")


def measure(number: int, turns: int) -> Outcome:
    """Both ways on frames in bursts of many cameras, and `group` on one camera's frame a second, of two sizes."""
    frames = bursts(number)
    images = [{"location": one.camera, "datetime": one.captured_at} for one in frames]
    one_camera = a_second(number)
    ours, theirs = sum(map(len, grouped(frames).values())), megadetector.create_sequences(images)
    if ours != theirs:
        raise UnciaError(f"of bursts {ours:,} sequences are made, and {theirs:,} by MegaDetector's way")
    part = one_camera[: number // STEPS]
    ways: dict[str, Callable[[], float]] = {
        "group": lambda: cpu(lambda: grouped(frames)),
        "MegaDetector's create_sequences, in plain Python": lambda: cpu(lambda: megadetector.create_sequences(images)),
        "one camera's frame a second, an eighth of them": lambda: cpu(lambda: grouped(part)),
        "one camera's frame a second": lambda: cpu(lambda: grouped(one_camera)),
    }
    # Python's collector would walk over the millions of objects that the bench itself holds.
    gc.freeze()
    try:
        found = alternating.medians(alternating.by_turns(ways, turns))
    finally:
        gc.unfreeze()
    counts = dict(zip(ways, (number, number, len(part), number), strict=True))
    return told(found, counts)


def bursts(number: int) -> list[Frame]:
    """Frames in bursts, as benches' archives have them, a camera for every 2,000."""
    return [
        frame(f"camera {place // archive.ROWS}", archive.FIRST + burst * archive.PAUSE + own * archive.BETWEEN, place)
        for place in range(number)
        for burst, own in [divmod(place % archive.ROWS, archive.BURST)]
    ]


def a_second(number: int) -> list[Frame]:
    """One camera's frames, some half a second and some one and a half apart."""
    return [frame("camera", at, place) for place, at in enumerate(crowd.chance(number))]


def frame(camera: str, at: datetime, number: int) -> Frame:
    """A frame that has what grouping asks for."""
    return Frame(
        camera=camera, path=f"{camera}/{number}.jpg", digest=f"{number * 2654435761 % 2**32:064x}", captured_at=at
    )


def grouped(frames: list[Frame]) -> dict[str, list[list[Frame]]]:
    """The sequences of each camera."""
    by_camera: dict[str, list[Frame]] = defaultdict(list)
    for one in frames:
        by_camera[one.camera].append(one)
    return {camera: group(own, Limits(), at=AT, tie=TIE) for camera, own in by_camera.items()}


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of some work."""
    began = time.process_time()
    work()
    return time.process_time() - began


def growth(small: tuple[int, float], large: tuple[int, float]) -> float:
    """By how much more than n log n the seconds grow between two numbers of frames; 1 is just so."""
    (fewer, sooner), (more, later) = small, large
    return (later / sooner) / (more * math.log(more) / (fewer * math.log(fewer)))


def told(found: dict[str, float], counts: dict[str, int]) -> Outcome:
    """Seconds and frames a second of each way, and how `group` grows."""
    ours, theirs, part, whole = found
    grows = growth((counts[part], found[part]), (counts[whole], found[whole]))
    return Outcome(
        name="group",
        columns=("grouping, one process", "frames", "CPU seconds", "frames a second"),
        rows=[(name, counts[name], seconds, round(counts[name] / seconds)) for name, seconds in found.items()],
        reaches=[
            Reach(what="group: times as fast as MegaDetector's way", limit=1, found=found[theirs] / found[ours]),
            Reach(what=f"group: growth to {STEPS} times the frames, of n log n", limit=GROWTH, found=grows, less=True),
        ],
    )
