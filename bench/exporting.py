"""How fast labels are exported, and in how much memory: `python -m bench.exporting`."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, cast

import typer
from rich.table import Table

from cli import screen
from cli.export import PARQUET, Run, write
from shared.deployment import Deployment, Deployments
from shared.export.forms import FORMS
from shared.export.survey import Survey
from shared.export.tally import Tally
from shared.export.wanted import Wanted
from shared.frame import Frame
from shared.label import Label, Shot
from shared.verdict import Verdict

if TYPE_CHECKING:
    from shared.store import Store

CAMERAS, FRAMES, REVIEWED = 100, 3, 4  # every fourth sequence has a verdict
CLASSES = ("blank", "fox", "ibex", "snow_leopard")
START = datetime(2026, 1, 1)  # noqa: DTZ001 - local wall time
SCORES = dict(zip(CLASSES, (0.05, 0.1, 0.15, 0.7), strict=True))


@dataclass(frozen=True, slots=True)
class MadeUp:
    """A store of made-up labels, which are made as they are asked for."""

    labels: int

    def labels_after(self) -> Iterator[Label]:
        """All of them."""
        return (made_up(number, self.labels) for number in range(self.labels))


def made_up(number: int, of: int) -> Label:
    """One of so many sequences: a burst of frames, with a verdict on some."""
    own, camera = divmod(number, CAMERAS) if of < CAMERAS else (number % (of // CAMERAS), number * CAMERAS // of)
    name = f"Ridge {camera:03}"
    shots = tuple(_shot(name, START + timedelta(minutes=20 * own, seconds=second), number) for second in range(FRAMES))
    return Label(
        camera=name, sequence_id=shots[0].row_key, start=shots[0].captured_at, end=shots[-1].captured_at, frames=shots,
        n_frames=FRAMES, n_scored=FRAMES, scores=SCORES, label="snow_leopard", probability=0.7, backbone="made up",
        head="0123456789ab",
    )  # fmt: skip


def _shot(camera: str, at: datetime, number: int) -> Shot:
    frame = Frame(camera=camera, path=f"{camera}/{number}_{at:%S}.jpg", digest=f"{number:064x}", captured_at=at)
    said = Verdict(camera=camera, row_key=frame.row_key, said="ibex", by="Ana", at=at.replace(tzinfo=UTC))
    return Shot(frame.path, at, frame.status, SCORES, frame.row_key, None if number % REVIEWED else said)


def survey() -> Survey:
    """Every camera but the last has a deployment."""
    start = START.replace(tzinfo=UTC)
    columns = {"latitude": "42.1", "longitude": "78.5"}
    known = (
        Deployment(
            camera=f"Ridge {number:03}",
            start=start,
            end=start + timedelta(days=3650),
            columns=columns | {"deploymentID": f"d{number}"},
        )
        for number in range(CAMERAS - 1)
    )
    return Survey(created=datetime.now(UTC), deployments=Deployments(known), classes=CLASSES)


def seconds(form: str, out: Path, labels: int) -> float:
    """How long an export of so many labels takes."""
    run = Run(cast("Store", MadeUp(labels)), Wanted(), survey(), Tally.begin(CLASSES), labels)
    begin = time.perf_counter()
    write(form, out, run)
    return time.perf_counter() - begin


def exporting(labels: Annotated[int, typer.Option(min=1, help="How many sequences of three frames.")] = 50_000) -> None:
    """Export made-up labels in every format, and say how long that took and what memory the process came to need.

    Example: python -m bench.exporting --labels 5000
    """
    table = Table("format", "seconds", "sequences/s", "file MB", "peak MB", box=None, header_style="bold")
    total = 0.0
    with TemporaryDirectory() as folder:
        for form in (*FORMS, PARQUET):
            out = Path(folder, form)
            took = seconds(form, out, labels)
            total += took
            size = sum(file.stat().st_size for file in (out.iterdir() if out.is_dir() else [out])) / 1e6
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
            table.add_row(form, f"{took:.1f}", f"{labels / took:,.0f}", f"{size:.0f}", f"{peak:.0f}")
    screen.out(table)
    screen.note(f"{labels:,} sequences in every format: {total:.1f} s")


if __name__ == "__main__":
    typer.run(exporting)
