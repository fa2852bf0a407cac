"""What one image asks for, of the processor, of storage and of logs: from what benches measured, in measured.json."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from shared.errors import UnciaError

TABLE = Path(__file__).with_name("measured.json")
NETWORKS = ("int8", "float")
SIZES = ("small", "middle", "large")

type Figures = Mapping[str, float | str]
type Number = Callable[[str], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: how often it runs for each image, and what one run of it takes."""

    runs: float
    processor: float  #: seconds of one core of the machine that was measured
    requests: float  #: to storage, one after the other


@dataclass(frozen=True, slots=True, kw_only=True)
class PerImage:
    """What one image asks for, on the mean."""

    mb: float
    featurize: Step
    aggregate: Step
    finalize: Step
    queue: float  #: requests, of the steps and of the host
    table: float
    blob: float  #: reads; the upload is not among them
    rows: float  #: read and written in the partition of its camera
    row_bytes: float  #: kept in tables
    log_bytes: float  #: lines of log of the steps; the host's are beside them
    span_bytes: float  #: of the steps, where every trace is kept

    @property
    def requests(self) -> float:
        """All requests to storage but the upload."""
        return self.queue + self.table + self.blob

    @property
    def executions(self) -> float:
        """How often a function runs."""
        return self.featurize.runs + self.aggregate.runs + self.finalize.runs


@dataclass(frozen=True, slots=True)
class Measured:
    """The last figures of the benches that the model stands on, by run."""

    runs: Mapping[str, Figures]
    made: Mapping[str, str]  #: when, and on which machine, by run

    @classmethod
    def load(cls, path: Path = TABLE) -> Measured:
        """What `python -m bench.measured` wrote."""
        said = json.loads(path.read_text("utf-8"))
        made = {run: f"{one['written']}, {one['machine']}" for run, one in said.items()}
        return cls({run: one["figures"] for run, one in said.items()}, made)

    def number(self, run: str, name: str) -> float:
        """A figure of a run; raises UnciaError where none was kept."""
        try:
            return float(self.runs[run][name])
        except (KeyError, ValueError) as error:
            raise UnciaError(f"the figures of {run} do not say {name}: run its bench and bench.measured") from error

    def per_image(self, mb: float, network: str) -> PerImage:
        """What an image of so many MB asks for; raises UnciaError for a network that was not measured."""
        asked, finalized = self._of("operations"), self.number("operations", "finalizations_an_image")
        # The frame is written; finalize looks at its day twice: it looks again after it wrote.
        rows = 1 + finalized * 2 * asked("frames_a_day")
        return PerImage(
            mb=mb,
            featurize=self._step("featurize", 1, self.featurize_seconds(mb, network)),
            aggregate=self._step("aggregate", 1, self.number("steps", "aggregate_seconds")),
            finalize=self._step("finalize", finalized, self.number("steps", "finalize_seconds")),
            queue=asked("queue_requests_an_image"),
            table=asked("table_requests_an_image"),
            blob=asked("blob_requests_an_image"),
            rows=rows,
            row_bytes=sum(asked(f"bytes_of_{table}_an_image") for table in ("frames", "days", "labels")),
            log_bytes=self.number("telemetry", "log_bytes_an_image"),
            span_bytes=self.number("telemetry", "span_bytes_an_image"),
        )

    def featurize_seconds(self, mb: float, network: str) -> float:
        """Seconds of one core for an image of so many MB: on the line through the two sizes measured next to it."""
        if network not in NETWORKS:
            raise UnciaError(f"the network is {' or '.join(NETWORKS)}, not {network}")
        sizes = [self.number("steps", f"{size}_mb") for size in SIZES]
        seconds = [self.number("steps", f"{size}_{network}_seconds") for size in SIZES]
        at = 0 if mb < sizes[1] else 1
        slope = (seconds[at + 1] - seconds[at]) / (sizes[at + 1] - sizes[at])
        return max(0.0, seconds[at] + slope * (mb - sizes[at]))

    def _step(self, name: str, runs: float, processor: float) -> Step:
        return Step(runs=runs, processor=processor, requests=self.number("operations", f"requests_of_{name}"))

    def _of(self, run: str) -> Number:
        return lambda name: self.number(run, name)
