"""The pipeline as stages with what each takes of Azure's limits, and what would break the tightest of them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from cli.bill import BLOB_LOOKS, Choice, at_work, busy
from cli.limits import DEPLOYED, Limits
from cli.per_image import PerImage
from cli.throughput import Platform, Run, Stage, simulate

# Until a day is finalized after its last frame: UNCIA_SETTLE_SECONDS as infra/uncia.json has it.
SETTLE_SECONDS = 30.0
# Requests of the host for a message: it takes it and deletes it. Those of uploads lie in an account of the host's own.
TAKEN = 2
HOUR = 3_600.0
# Ticks of a run, about: fine enough to see instances come, as many as are done in two seconds.
TICKS = 15_000


@dataclass(frozen=True, slots=True)
class Arrival:
    """When images arrive: all at once, or evenly, and a share of them within the first hour, as cards are read."""

    images: float
    seconds: float = 0.0  #: over which they come evenly; none: all at once
    burst: float = 0.0  #: the share that comes in the first hour instead

    def until(self, second: float) -> float:
        """How many have arrived by then."""
        even = min(1.0, second / self.seconds) if self.seconds else 1.0
        early = min(1.0, second / HOUR)
        return self.images * ((1 - self.burst) * even + self.burst * early)


def stages(of: PerImage, choice: Choice, limits: Limits) -> list[Stage]:
    """Upload and event, featurize, aggregate, finalize."""
    seconds = {name: busy(step, at_once, choice) for name, step, at_once in at_work(of, choice)}
    put, rest = 1.0, limits.calls_a_message - 1.0  # of what counts of a message, the most is taking and deleting it
    frames, days = 1 / limits.frames_a_message, of.finalize.runs
    return [
        Stage(name="upload", uses={"events": 1, "bytes uploaded": of.mb * 1e6, "requests": 1, "queue of uploads": put}),
        Stage(
            name="featurize",
            seconds=seconds["featurize"],
            at_once=choice.size.images,
            uses={
                "requests": of.featurize.requests + BLOB_LOOKS,
                "queue of uploads": rest,
                "queue frames": put * frames,
            },
        ),
        Stage(
            name="aggregate",
            seconds=seconds["aggregate"],
            at_once=choice.size.messages,
            uses={
                "requests": of.aggregate.requests + TAKEN * frames,
                "queue frames": rest * frames,
                "queue sequences": put * days,
                "rows of cameras": 2.0,
            },
        ),
        Stage(
            name="finalize",
            runs=days,
            seconds=seconds["finalize"],
            at_once=choice.size.messages,
            delay=SETTLE_SECONDS,
            uses={
                "requests": of.finalize.requests + TAKEN,
                "queue sequences": rest,
                "rows of cameras": (of.rows - 2.0) / days,
            },
        ),
    ]


def platform(choice: Choice, limits: Limits, cameras: float) -> Platform:
    """What can be had of each limit, with so many cameras at once."""
    return Platform(
        limits={
            "events": limits.events * limits.accounts,
            "bytes uploaded": limits.account_bytes_in * limits.accounts,
            "requests": limits.account_requests * limits.accounts,
            "queue of uploads": limits.queue_messages * limits.queues,
            "queue frames": limits.queue_messages * limits.queues,
            "queue sequences": limits.queue_messages * limits.queues,
            "rows of cameras": limits.partition_rows * cameras,
        },
        instances=limits.memory_mb / choice.instance,
        each=limits.instances,
        new_instances=limits.new_instances,
    )


def run(of: PerImage, choice: Choice, limits: Limits, arrival: Arrival, cameras: float) -> Run:
    """How the pipeline takes what arrives."""
    steps, given = stages(of, choice, limits), platform(choice, limits, cameras)
    tick = max(1.0, math.floor((arrival.seconds + shortest(steps, given, arrival.images)) / TICKS))
    return simulate(steps, given, arrival.until, tick=tick)


def shortest(steps: list[Stage], given: Platform, images: float) -> float:
    """Seconds that so many images take at least, by the tightest limit alone."""
    used = [
        sum(stage.runs * stage.uses.get(name, 0.0) for stage in steps) / rate for name, rate in given.limits.items()
    ]
    working = [stage.runs * stage.seconds for stage in steps]
    return images * max(*used, sum(working) / given.instances, max(working) / given.each)


type Change = Callable[[Limits], Limits]

# What breaks a limit, each beside the ones before it; how it would be done is in docs/cost.md.
REMEDIES: dict[str, Change] = {
    "as it is deployed": lambda limits: limits,
    "up to 250 instances of a function, not 40": lambda limits: replace(limits, instances=250),
    "and ten times as many new ones a minute": lambda limits: replace(limits, new_instances=10 * limits.new_instances),
    "and four queues of each kind": lambda limits: replace(limits, queues=4),
    "and frames in twos, where two fit into a message": lambda limits: replace(limits, frames_a_message=2),
    "and four accounts, with queues of their own": lambda limits: replace(limits, accounts=4, queues=16),
    "and four regions' memory": lambda limits: replace(limits, memory_mb=4 * limits.memory_mb),
}


def remedied() -> dict[str, Limits]:
    """The limits after each remedy and those before it."""
    found, limits = {}, DEPLOYED
    for name, change in REMEDIES.items():
        found[name] = limits = change(limits)
    return found
