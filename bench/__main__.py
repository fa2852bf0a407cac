"""`make bench`, or `python -m bench --help`: every bench, and which reach is met."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from bench import (
    command,
    featurizing,
    finalizing,
    fitting,
    grouping,
    machine,
    memory,
    networks,
    outcome,
    photographs,
    pipeline,
    reach,
    starting,
)
from bench.networks import Networks
from bench.outcome import Outcome
from bench.scale import FULL, SMALL, Scale
from cli import backbones, files, screen
from shared.errors import UnciaError
from shared.settings import Settings


@dataclass(frozen=True)
class Run:
    """One run of the benches: how much, where its files are, and what they have in common."""

    scale: Scale
    folder: Path
    bars: Progress

    @cached_property
    def pictures(self) -> list[bytes]:
        """Pictures of the three sizes, in turn."""
        return photographs.drawn(self.folder.parent / "load" / "pictures", self.scale.views)

    @cached_property
    def networks(self) -> Networks:
        """The backbone in force, and its int8 form."""
        return networks.made(self.pictures, self.folder)

    @cached_property
    def sizes(self) -> dict[str, list[Path]]:
        """Images of each size, by its name, as files."""
        number = len(photographs.SIZES) * self.scale.shown
        found: dict[str, list[Path]] = {}
        (self.folder / "images").mkdir(parents=True, exist_ok=True)
        for place, image in enumerate(photographs.photographs(self.pictures, number)):
            file = self.folder / "images" / f"{place:03}.jpg"
            file.write_bytes(image.content)
            _, size = photographs.SIZES[place % len(photographs.SIZES)]
            found.setdefault(f"{size / 1e6:.2g} MB", []).append(file)
        return found

    @property
    def largest(self) -> list[Path]:
        """The images of 12 megapixels."""
        return [*self.sizes.values()][-1]


BENCHES: dict[str, Callable[[Run], Outcome]] = {
    "featurize": lambda run: featurizing.measure(run.networks, run.sizes, run.scale.turns),
    "start": lambda run: starting.measure(run.networks, run.largest[0], run.scale.starts),
    "memory": lambda run: memory.measure(run.networks, run.largest, run.scale.images, run.scale.at_once),
    "group": lambda run: grouping.measure(run.scale.frames, run.scale.turns),
    "finalize": lambda run: finalizing.measure(run.scale.days),
    "fit": lambda run: fitting.measure(run.scale.fitted, run.bars),
    "rescore": lambda run: fitting.archived(run.scale.archive, run.bars),
    "pipeline": lambda run: pipeline.measure(run.networks, run.pictures, run.scale.through, machine.cores()),
}


def bench(
    only: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help=f"Of {', '.join(BENCHES)}; several times. All unless said.")
    ] = None,
    small: Annotated[bool, typer.Option("--small", help="As little as shows that each runs; it says nothing.")] = False,
    out: Annotated[Path | None, typer.Option("--json", metavar="OUT.json", help="File for all figures.")] = None,
    folder: Annotated[
        Path, typer.Option(metavar="DIR", help="Where the int8 network and the figures are kept.")
    ] = outcome.FOLDER,
) -> None:
    """Measure what is to be fast against what else there is, and say which reach is met; a missed one is no error.

    Example: python -m bench --only featurize --only start --json figures.json
    """
    if unknown := [name for name in only or () if name not in BENCHES]:
        raise UnciaError(f"there is no bench {unknown[0]!r}: there are {', '.join(BENCHES)}")
    if out:
        files.check(out)
    here = machine.lines() | {"backbone": backbones.name(Settings.from_env())}
    for what, value in here.items():
        screen.note(f"{what}: {value}")
    with screen.progress() as bars:
        run = Run(SMALL if small else FULL, folder, bars)
        found = {name: measured(name, run) for name in BENCHES if name in (only or BENCHES)}
    here |= {name.removeprefix("version_"): str(said) for one in found.values() for name, said in one.figures.items()}
    known = outcome.kept(folder / "results")  # what was not measured now has the reaches of its last run
    found = {name: known[name] for name in BENCHES if name in known}
    summary = summed(here, found)
    summary.keep(folder / "results")
    screen.out(summary.table())
    screen.note(reach.counted(one for each in found.values() for one in each.reaches))
    if out:
        told = {"machine": here, "benches": {name: asdict(one) for name, one in found.items()}}
        files.write(out, json.dumps(told, indent=1).encode())


def measured(name: str, run: Run) -> Outcome:
    """What one bench found, shown and kept as soon as it is there: nothing is lost when a later one is stopped."""
    screen.note(f"{name} …")
    found = BENCHES[name](run)
    found.keep(run.folder / "results")
    screen.out(found.table())
    if found.note:
        screen.note(found.note)
    return found


def summed(here: Mapping[str, str], found: Mapping[str, Outcome]) -> Outcome:
    """Every reach, met or missed, and what it was measured on."""
    reaches = [one for each in found.values() for one in each.reaches]
    return Outcome(
        name="reaches",
        columns=reach.COLUMNS,
        rows=[reach.row(one) for one in reaches],
        note=f"{reach.counted(reaches)}. Measured on: {'; '.join(f'{what} {value}' for what, value in here.items())}.",
    )


if __name__ == "__main__":
    command.run(bench)
