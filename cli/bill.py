"""What Uncia costs on Azure for so many images in a month: each line a quantity, a price, an amount."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from cli.limits import GB, SIZES, Size
from cli.per_image import PerImage, Step
from cli.prices import Price, Prices

MILLION = 1_000_000
MEMORY = "gb_seconds"
# US dollars for a million images, of everything but keeping the originals.
REACH = 5.0
# An event comes in, an advanced filter looks at it, it is delivered: docs/cost.md, Event Grid.
EVENT_OPERATIONS = 3
# A function that is called for alone is billed for at least a second (flex-consumption-plan, "Billing").
LEAST_SECONDS = 1.0
# The Functions host asks what a blob is before it reads it (BlobQueueTriggerExecutor.cs); the local one does not.
BLOB_LOOKS = 1
# New traces that an instance keeps: infra's OTEL_TRACES_SAMPLER_ARG.
TRACES_A_SECOND = 0.5
# What infra/ lets in; when it is reached, the rest of the day is not logged.
DAILY_LOG_GB = 1.0
# Runs of timers in a month of 30 days: bury each minute, sweep each five, reconcile at night (function_app.py).
TIMERS = 30 * (24 * 60 + 24 * 12 + 1)


class Part(StrEnum):
    """What a line is paid for."""

    WORK = "the pipeline"
    UPLOAD = "bringing the originals in"
    KEEPING = "keeping the originals, a month"
    STANDING = "standing by"


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
    host_sampled: bool = True  #: whether the host, too, keeps as many traces as it is told, and no line of others
    days: float = 0.0  #: over how many days the images come; none: all at once
    log_cap: float = DAILY_LOG_GB  #: GB a day
    event_operations: int = EVENT_OPERATIONS

    @property
    def months(self) -> float:
        """Over how many months they come, at least one: what is free is free by the month."""
        return max(1.0, self.days / 30)

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

    months = choice.months * choice.granted

    def line(part: Part, what: str, quantity: float, name: str, granted: float = months) -> Line:
        return Line(part, what, quantity, named[name], named[name].of(quantity, granted))

    memory = {
        name: step.runs * busy(step, at_once, choice) * choice.size.gb for name, step, at_once in at_work(of, choice)
    }
    worked = [line(Part.WORK, f"memory while {name} runs", images * each, MEMORY) for name, each in memory.items()]
    idle = TIMERS * LEAST_SECONDS * choice.size.gb * choice.months
    rows = images * of.row_bytes / GB
    logs = min(images * log_bytes(of, choice) / 1e9, choice.log_cap * max(1.0, choice.days))
    return [
        *_once(worked, months),
        line(Part.WORK, "functions run", images * of.executions, "executions"),
        line(Part.WORK, "events", images * choice.event_operations, "events"),
        line(Part.WORK, "requests to queues", images * of.queue, "queue"),
        line(Part.WORK, "requests to tables", images * of.table, "table"),
        line(Part.WORK, "reads of blobs", images * (of.blob + BLOB_LOOKS), "blob_read"),
        line(Part.WORK, "frames, days and labels kept a month", rows, f"table_month_{choice.replication}"),
        line(Part.WORK, "logs and traces", logs, "logs"),
        line(Part.UPLOAD, "writes of blobs", images, f"blob_write_{choice.replication}"),
        line(Part.KEEPING, "originals kept a month", images * of.mb * 1e6 / GB, f"blob_month_{choice.replication}"),
        line(Part.STANDING, "memory while timers run", idle, MEMORY, 0),
        line(Part.STANDING, "timers run", TIMERS * choice.months, "executions", 0),
    ]  # fmt: skip


def busy(step: Step, at_once: int, choice: Choice) -> float:
    """Seconds that an instance is busy with one run of a step, where there is always a next one.

    A run is slowed by the part of a core that an instance has; runs at once share its cores and wait side by side. The
    instance is billed, not the run.
    """
    cores, processor = choice.size.cores, step.processor * choice.slower
    alone = processor / min(1.0, cores) + step.requests * choice.wait
    return max(processor / cores, alone / at_once)


def at_work(of: PerImage, choice: Choice) -> tuple[tuple[str, Step, int], ...]:
    """The steps by name, with how many runs of each an instance does at once."""
    size = choice.size
    return (
        ("featurize", of.featurize, size.images),
        ("aggregate", of.aggregate, size.messages),
        ("finalize", of.finalize, size.messages),
    )


def log_bytes(of: PerImage, choice: Choice) -> float:
    """What an image leaves in logs: its trace and lines, and the host's records, where the instance keeps its trace."""
    kept = min(1.0, TRACES_A_SECOND * busy(of.featurize, choice.size.images, choice))
    hosts = of.executions * choice.host_log_bytes
    return kept * (of.log_bytes + of.span_bytes) + (kept if choice.host_sampled else 1.0) * hosts


def total(lines: Iterable[Line], *parts: Part) -> float:
    """US dollars of these parts."""
    return sum(line.amount for line in lines if line.part in parts)


def a_million(lines: Sequence[Line], choice: Choice) -> float:
    """US dollars for a million images of all but keeping the originals, and standing by: what the reach is of."""
    return total(lines, Part.WORK, Part.UPLOAD) * MILLION / choice.images


def _once(lines: list[Line], granted: float) -> list[Line]:
    """Lines of one meter, with what is free taken off once: from the first as far as that goes, then from the next."""
    left = lines[0].price.free * granted
    shared = []
    for line in lines:
        free = min(left, line.quantity)
        left -= free
        shared.append(replace(line, amount=line.price.of(line.quantity - free)))
    return shared
