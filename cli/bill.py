"""What Uncia costs on Azure for so many images in a month: each line a quantity, a price, an amount."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from cli.limits import GB, SIZES, Size
from cli.per_image import PerImage, Step
from cli.prices import Price, Prices

MILLION = 1_000_000
# US dollars for a million images, of everything but keeping the originals.
REACH = 5.0
# An event comes in, an advanced filter looks at it, it is delivered: docs/cost.md, Event Grid.
EVENT_OPERATIONS = 3
# A function that is called for alone is billed for at least a second (flex-consumption-plan, "Billing").
LEAST_SECONDS = 1.0
# Runs of timers in a month of 30 days: bury each minute, sweep each five, reconcile at night (function_app.py).
TIMERS = 30 * (24 * 60 + 24 * 12 + 1)


class Part(StrEnum):
    """What a line is paid for."""

    WORK = "the pipeline"
    UPLOAD = "bringing the originals in"
    KEEPING = "keeping the originals, a month"
    STANDING = "standing by, a month"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a person chooses, and what nobody can measure from here: stated, and to be changed."""

    images: float = MILLION
    instance: int = 2048
    replication: str = "ZRS"
    granted: bool = False  #: whether what a month has for nothing is taken off
    slower: float = 2.0  #: how many times longer a core of the platform takes than one of the machine that was measured
    wait: float = 0.01  #: seconds that storage takes to answer
    host_log_bytes: float = 3_000  #: of each execution: the host writes a request and two lines of a kilobyte
    logged: float = 1.0  #: the share of logs and traces that is taken in
    event_operations: int = EVENT_OPERATIONS

    @property
    def size(self) -> Size:
        """The instances chosen."""
        return SIZES[self.instance]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a bill."""

    part: Part
    what: str
    quantity: float
    price: Price
    amount: float


def bill(of: PerImage, choice: Choice, prices: Prices) -> list[Line]:
    """Every line for a month that so many images come in."""
    named, images = prices.by_name, choice.images

    def line(part: Part, what: str, quantity: float, name: str, *, granted: bool = choice.granted) -> Line:
        return Line(part, what, quantity, named[name], named[name].of(quantity, granted=granted))

    steps = [(name, step, gb_seconds(step, at_once, choice)) for name, step, at_once in _steps(of, choice.size)]
    # What is free is taken off once, from the whole: from the first line as far as that goes, then from the next.
    worked = [line(Part.WORK, f"memory while {name} runs", images * each, "gb_seconds") for name, _, each in steps]
    idle = TIMERS * LEAST_SECONDS * choice.size.gb
    rows = images * of.row_bytes / GB
    logs = images * choice.logged * (of.log_bytes + of.executions * choice.host_log_bytes) / 1e9
    return [
        *_once(worked, choice.granted),
        line(Part.WORK, "functions run", images * of.executions, "executions"),
        line(Part.WORK, "events", images * choice.event_operations, "events"),
        line(Part.WORK, "requests to queues", images * of.queue, "queue"),
        line(Part.WORK, "requests to tables", images * of.table, "table"),
        line(Part.WORK, "reads of blobs", images * of.blob, "blob_read"),
        line(Part.WORK, "frames, days and labels kept a month", rows, f"table_month_{choice.replication}"),
        line(Part.WORK, "logs and traces", logs, "logs"),
        line(Part.UPLOAD, "writes of blobs", images, f"blob_write_{choice.replication}"),
        line(Part.KEEPING, "originals kept a month", images * of.mb * 1e6 / GB, f"blob_month_{choice.replication}"),
        line(Part.STANDING, "memory while timers run", idle, "gb_seconds", granted=False),
        line(Part.STANDING, "timers run", TIMERS, "executions", granted=False),
    ]  # fmt: skip


def gb_seconds(step: Step, at_once: int, choice: Choice) -> float:
    """GB-seconds of one image in a step, where there is always a next one: the instance is billed, not the run.

    A run is slowed by the part of a core that an instance has; runs at once share its cores and wait side by side.
    """
    size, processor = choice.size, step.processor * choice.slower
    alone = processor / min(1.0, size.cores) + step.requests * choice.wait
    return step.runs * size.gb * max(processor / size.cores, alone / at_once)


def total(lines: Iterable[Line], *parts: Part) -> float:
    """US dollars of these parts."""
    return sum(line.amount for line in lines if line.part in parts)


def a_million(lines: Sequence[Line], choice: Choice) -> float:
    """US dollars for a million images of all but keeping the originals, and standing by: what the reach is of."""
    return total(lines, Part.WORK, Part.UPLOAD) * MILLION / choice.images


def _steps(of: PerImage, size: Size) -> tuple[tuple[str, Step, int], ...]:
    return (
        ("featurize", of.featurize, size.images),
        ("aggregate", of.aggregate, size.messages),
        ("finalize", of.finalize, size.messages),
    )


def _once(lines: list[Line], granted: bool) -> list[Line]:
    left = lines[0].price.free * granted
    shared = []
    for line in lines:
        free = min(left, line.quantity)
        left -= free
        amount = line.price.of(line.quantity - free, granted=False)
        shared.append(replace(line, amount=amount))
    return shared
