"""A day with as many frames as wanted, one a second, as `aggregate` leaves it in the tables, and finalizing it."""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from azure.core.pipeline.transport import RequestsTransport
from azure.data.tables import TableServiceClient

from bench import archive, settling
from cli import screen
from functions import finalize
from shared.day import Ask
from shared.frame import Frame, day_of
from shared.head import Head
from shared.opening import open_day
from shared.rows import frame_row
from shared.sequence import Limits
from shared.store import Store
from shared.table import submit, transactions

CAMERA, SETTLE = "cam", timedelta(seconds=30)
MIDNIGHT = datetime(2026, 2, 1)  # noqa: DTZ001 - local wall time
NOW = datetime(2026, 3, 1, tzinfo=UTC)
FEATURES = 4  # numbers: the steps measured here never read them

type Times = list[datetime]


def equal(frames: int) -> Times:
    """One a second."""
    return [MIDNIGHT + timedelta(seconds=number) for number in range(frames)]


def chance(frames: int) -> Times:
    """Gaps from 0.5 to 1.5 s."""
    draw = random.Random(1)
    return _summed([draw.uniform(0.5, 1.5) for _ in range(frames)])


def sawtooth(frames: int) -> Times:
    """Gaps that grow from 0.5 to 1.5 s, again and again."""
    return _summed([0.5 + number % 100 / 100 for number in range(frames)])


def rising(frames: int) -> Times:
    """Each gap longer than the one before: the largest is always the last."""
    return _summed([0.5 + number / frames for number in range(frames)])


PATTERNS: dict[str, Callable[[int], Times]] = {
    "equal": equal, "random": chance, "sawtooth": sawtooth, "rising": rising,
}  # fmt: skip


def _summed(gaps: Sequence[float]) -> Times:
    times, at = [], MIDNIGHT
    for gap in gaps:
        times.append(at)
        at += timedelta(seconds=gap)
    return times


def frames(times: Times, judge: Head) -> Iterator[Frame]:
    """A frame for each time, scored by this head."""
    for number, at in enumerate(times):
        share = number % 10 / 10
        yield Frame(
            camera=CAMERA,
            path=f"{CAMERA}/IMG_{number:05}.JPG",
            digest=hashlib.sha256(f"{at}".encode()).hexdigest(),
            captured_at=at,
            recipe=str(judge.recipe),
            backbone="made up-0",
            features=bytes(2 * FEATURES),
            scores=dict(zip(judge.classes, (share, 1 - share, 0.0, 0.0), strict=True)),
            head=judge.version,
        )


def head() -> Head:
    """A head over features that nobody reads."""
    return Head(archive.head(n_features=FEATURES))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one finalization took."""

    seconds: float
    cpu_seconds: float  #: of this process, without Azurite's
    requests: int  #: to table storage


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A day of so many frames, finalized for the first time, again, and with one more frame in its middle."""

    frames: int
    first: Cost
    again: Cost
    late: Cost
    labels: int
    told: int  #: how many of them the day's row has room for
    peak_mb: int


class Counted(RequestsTransport):  # type: ignore[misc]  # the SDK loads it late
    """Counts the requests to table storage."""

    number = 0

    def send(self, request: Any, **options: Any) -> Any:
        """One more."""
        self.number += 1
        return super().send(request, **options)


def settled(connection: str, number: int) -> Settled:
    """Stores so many frames in an empty storage account, and finalizes their day three times."""
    counted, judge = Counted(), head()
    service = TableServiceClient.from_connection_string(connection, transport=counted)
    store = Store(service)
    day = Ask(CAMERA, day_of(MIDNIGHT))
    for lot in transactions(("create", frame_row(frame), {}) for frame in frames(equal(number), judge)):
        submit(service.get_table_client("frames"), lot)  # a row at a time, as frames arrive, would take an hour
    open_day(day, None, NOW, store)
    run = partial(timed, store, day, judge, counted)
    screen.note(f"{number:,} frames are stored; finalizing them")
    first = run()
    screen.note(f"{number:,} frames: {first}")
    again = run()
    middle = MIDNIGHT + timedelta(seconds=number // 2, milliseconds=500)
    store.write_frame(next(frames([middle], judge)), "")
    late = run()
    return Settled(
        frames=number,
        first=first,
        again=again,
        late=late,
        labels=len(store.sequence_ids(CAMERA)),
        told=sum(1 for _ in store.briefs(CAMERA)),
        peak_mb=round(settling.peak() / 1e6),
    )


def timed(store: Store, day: Ask, judge: Head, counted: Counted) -> Cost:
    """One finalization."""
    began, busy, requests = time.perf_counter(), time.process_time(), counted.number
    finalize.run(
        day.encode().encode(), store=store, head=lambda: judge, limits=Limits(), settle=SETTLE, now=lambda: NOW
    )  # fmt: skip
    return Cost(
        seconds=round(time.perf_counter() - began, 2),
        cpu_seconds=round(time.process_time() - busy, 2),
        requests=counted.number - requests,
    )
