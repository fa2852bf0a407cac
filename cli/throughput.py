"""How long many images take where rates are limited: messages as a fluid, second after second."""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from cli.sharing import Shared, fair, shared

# Of one image: what is left of a fluid that drains is not worth another second.
DROP = 1e-3
INSTANCES = "instances"
ARRIVAL = "arrival"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One step of the way, for messages of its own."""

    name: str
    runs: float = 1.0  #: messages for each image
    seconds: float = 0.0  #: that an instance is busy with one message; none: needs no instance
    at_once: int = 1  #: messages of an instance; the platform wants so many instances as take all that wait
    delay: float = 0.0  #: seconds that its messages are invisible first
    uses: Mapping[str, float] = field(default_factory=dict)  #: what one message takes of each limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """What can be had: of each limit so much a second, and instances."""

    limits: Mapping[str, float]
    instances: float  #: of all stages together
    each: float  #: of one stage
    new_instances: float  #: a second, for each stage


@dataclass(frozen=True, slots=True)
class Sample:
    """How far a run was after so many seconds, in images."""

    seconds: float
    arrived: float
    waiting: tuple[float, ...]  #: before each stage
    done: float
    instances: float


@dataclass(frozen=True, slots=True)
class Run:
    """What came of a run."""

    samples: list[Sample]
    held: Counter[str]  #: for how many seconds what held most images up
    busiest: Mapping[str, float]  #: the largest share of each limit that was used in any tick

    @property
    def seconds(self) -> float:
        """From the first image to the last label."""
        return self.samples[-1].seconds

    @property
    def bottleneck(self) -> str:
        """What held most images up for the longest time."""
        return max(self.held, key=lambda name: self.held[name])

    @property
    def peak_arrival(self) -> float:
        """The most images that came in a second of any tick."""
        return max(
            (later.arrived - earlier.arrived) / (later.seconds - earlier.seconds)
            for earlier, later in pairwise(self.samples)
        )

    @property
    def longest_wait(self) -> float:
        """Seconds from the arrival of an image to its label, at most, where the first to come is the first served."""
        longest, before = 0.0, 0
        for earlier, later in pairwise(self.samples):
            # The next one to be done came in the tick that ends with sample `before`.
            while before < len(self.samples) - 1 and self.samples[before].arrived <= earlier.done + DROP:
                before += 1
            if later.done > earlier.done:
                longest = max(longest, later.seconds - self.samples[max(0, before - 1)].seconds)
        return longest


def simulate(
    stages: Sequence[Stage], platform: Platform, arriving: Callable[[float], float], *, tick: float = 1.0,
    most: float = 400 * 86_400.0,
) -> Run:  # fmt: skip
    """Runs images through stages until all that ever arrives is done, or `most` seconds are over.

    `arriving(t)` says how many images have arrived by then, and grows to a last number. Instances and limits are shared
    fairly between the stages that want them.
    """
    flow = _Flow(stages, platform, tick)
    samples, total, second = [Sample(0.0, 0.0, (0.0,) * len(stages), 0.0, 0.0)], arriving(math.inf), 0.0
    while samples[-1].done < total - DROP and second < most:
        flow.arrive(arriving(second + tick) - samples[-1].arrived)
        second += tick
        flow.step()
        samples.append(Sample(second, arriving(second), flow.images(), flow.done, sum(flow.instances)))
    return Run(samples, flow.held, flow.busiest)


class _Flow:
    """The state of a run: messages before each stage, on their way to it, and its instances."""

    def __init__(self, stages: Sequence[Stage], platform: Platform, tick: float) -> None:
        self.instances = [0.0] * len(stages)
        self.done = 0.0
        self.held: Counter[str] = Counter()
        self.busiest = dict.fromkeys(platform.limits, 0.0)
        self._stages, self._platform, self._tick = stages, platform, tick
        self._waiting = [0.0] * len(stages)
        self._hidden = [deque([0.0] * math.ceil(stage.delay / tick)) for stage in stages]

    def arrive(self, images: float) -> None:
        """Images come to the first stage."""
        self._send(0, images * self._stages[0].runs)

    def images(self) -> tuple[float, ...]:
        """What waits before each stage, hidden or not, as images."""
        return tuple(
            (waiting + sum(hidden)) / stage.runs
            for waiting, hidden, stage in zip(self._waiting, self._hidden, self._stages, strict=True)
        )

    def step(self) -> None:
        """One tick: instances are given, messages go on, and those come in sight whose delay is over."""
        self._scale()
        limits = {name: rate * self._tick for name, rate in self._platform.limits.items()}
        able = [self._able(number) for number in range(len(self._stages))]
        took = shared(able, [stage.uses for stage in self._stages], limits)
        self._note(able, took)
        for name, left in took.left.items():
            self.busiest[name] = max(self.busiest[name], 1 - left / limits[name])
        for number, moved in enumerate(took.done):
            self._waiting[number] -= moved
            self._pass_on(number, moved)
        for number, hidden in enumerate(self._hidden):
            if hidden:
                self._waiting[number] += hidden.popleft()
                hidden.append(0.0)

    def _able(self, number: int) -> float:
        """How many messages a stage's instances could take in this tick."""
        stage, waiting = self._stages[number], self._waiting[number]
        return min(waiting, self.instances[number] * self._tick / stage.seconds) if stage.seconds else waiting

    def _scale(self) -> None:
        """Each stage gets instances for what waits, some at a time, and a fair part of them; none for nothing.

        So many are wanted as take at once all that waits, but no more than are through with it in a tick: what came in
        a tick did not come all at once.
        """
        wanted = [
            min(
                math.ceil(waiting / max(stage.at_once, self._tick / stage.seconds)),
                own + self._platform.new_instances * self._tick,
                self._platform.each,
            )
            if stage.seconds
            else 0.0
            for waiting, stage, own in zip(self._waiting, self._stages, self.instances, strict=True)
        ]
        self.instances = fair(wanted, self._platform.instances)

    def _note(self, able: Sequence[float], took: Shared) -> None:
        """Notes what keeps the largest part of the images where it is."""
        longest, reason = DROP, ARRIVAL
        for stage, waiting, could, done, name in zip(
            self._stages, self._waiting, able, took.done, took.tightest, strict=True
        ):
            if (kept := (waiting - done) / stage.runs) > longest:
                longest, reason = kept, name if name and done < could else INSTANCES
        self.held[reason] += round(self._tick)

    def _pass_on(self, number: int, moved: float) -> None:
        if number + 1 < len(self._stages):
            self._send(number + 1, moved / self._stages[number].runs * self._stages[number + 1].runs)
        else:
            self.done += moved / self._stages[number].runs

    def _send(self, number: int, messages: float) -> None:
        if self._hidden[number]:
            self._hidden[number][-1] += messages
        else:
            self._waiting[number] += messages
