"""What so many images cost and how long they take, whole: the bill, the reach, what would change it, and the time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from cli.bill import REACH, Choice, Line, Part, a_million, bill, total
from cli.limits import DEPLOYED, SIZES, Limits
from cli.per_image import Measured
from cli.prices import Prices
from cli.stages import Arrival, platform, run
from cli.throughput import Platform, Run

DAY = 86_400.0

type Change = Callable[[Choice], Choice]

# What a user could change, each alone.
CHANGES: dict[str, Change] = {
    "the Functions host notes every execution, whatever it is told": lambda choice: replace(choice, host_sampled=False),
    "no logs and traces at all": lambda choice: replace(choice, log_cap=0.0),
    "no advanced filters on events: the app looks at names itself": lambda choice: replace(choice, event_operations=2),
    "copies in one place, not in three zones (LRS)": lambda choice: replace(choice, replication="LRS"),
    "instances of 512 MB": lambda choice: replace(choice, instance=512),
    "instances of 4096 MB": lambda choice: replace(choice, instance=4096),
    "copies in one place, no advanced filters, no logs, and what is free, together": lambda choice: replace(
        choice, replication="LRS", event_operations=2, log_cap=0.0, granted=True
    ),
    "a platform's core as fast as the one measured": lambda choice: replace(choice, slower=1.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a person asks about."""

    choice: Choice
    mb: float
    network: str
    cameras: float
    burst: float = 0.0
    limits: Limits = DEPLOYED

    @classmethod
    def of(
        cls, choice: Choice, *, mb: float, network: str, cameras: float, burst: float = 0.0, instances: float
    ) -> Asked:
        """What is asked of an app that may have so many instances of a function."""
        limits = replace(DEPLOYED, instances=instances)
        return cls(choice=choice, mb=mb, network=network, cameras=cameras, burst=burst, limits=limits)

    @property
    def arrival(self) -> Arrival:
        """When the images come: all at once, or those of one day."""
        days = self.choice.days
        return Arrival(self.choice.images / max(1.0, days), DAY if days else 0.0, self.burst)

    @property
    def platform(self) -> Platform:
        """What can be had of each limit."""
        return platform(self.choice, self.limits, self.cameras)

    def run(self, measured: Measured) -> Run:
        """How the images go through the pipeline."""
        return run(measured.per_image(self.mb, self.network), self.choice, self.limits, self.arrival, self.cameras)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What there is to say about it."""

    lines: Sequence[Line]
    a_million: float  #: US dollars; what the reach is held against
    storage_alone: float  #: US dollars: the originals brought in and kept a month, and labelled elsewhere
    by_size: dict[
        int, tuple[float, float]
    ]  #: US dollars a million for each size of instance, without and with what is free
    changed: dict[str, float]  #: US dollars a million after each change
    run: Run

    @property
    def met(self) -> bool:
        """Whether the reach is met."""
        return self.a_million <= REACH


def estimate(asked: Asked, measured: Measured, prices: Prices) -> Estimate:
    """The whole answer; raises UnciaError where a figure is missing."""
    of, choice = measured.per_image(asked.mb, asked.network), asked.choice
    lines = bill(of, choice, prices)

    def cost(changed: Choice) -> float:
        return a_million(bill(of, changed, prices), changed)

    return Estimate(
        lines=lines,
        a_million=a_million(lines, choice),
        storage_alone=total(lines, Part.UPLOAD, Part.KEEPING),
        by_size={
            size: (
                cost(replace(choice, instance=size, granted=False)),
                cost(replace(choice, instance=size, granted=True)),
            )
            for size in SIZES
        },
        changed={name: cost(change(choice)) for name, change in CHANGES.items() if change(choice) != choice},
        run=asked.run(measured),
    )
