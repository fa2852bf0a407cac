"""`python -m bench.chaos`: the real stack is killed, cut off and lied to, and must lose nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from bench import figures
from bench.chaos.faster import faster
from bench.chaos.outage import Outage, endure
from bench.chaos.storm import Storm, blow
from bench.chaos.truth import Found
from cli import screen
from cli.stack import ROOT
from devhost.azurite import SERVICES

Seed = Annotated[int, typer.Option(help="What is drawn by chance follows from it.")]
Folder = Annotated[Path | None, typer.Option(metavar="DIR", help="An empty folder that is kept, with the hosts' logs.")]

type Run = Callable[[Path, Callable[[str], None]], tuple[Found, figures.Figures]]


def storm(
    images: Annotated[int, typer.Option(min=1, help="How many different images; a fifth comes twice.")] = 2_000,
    cameras: Annotated[int, typer.Option(min=1, help="From how many cameras.")] = 20,
    kills: Annotated[int, typer.Option(min=0, help="How often a worker is killed.")] = 50,
    restarts: Annotated[int, typer.Option(min=0, help="How often Azurite is stopped and started.")] = 5,
    workers: Annotated[int, typer.Option(min=1, help="How many hosts work at once.")] = 6,
    faults: Annotated[float, typer.Option(min=0, max=0.5, help="Share of requests that go wrong.")] = 0.055,
    seed: Seed = 1,
    folder: Folder = None,
) -> None:
    """Upload images while workers are killed, storage comes and goes, and requests fail; then compare every row.

    Example: python -m bench.chaos storm --images 200 --kills 10 --seed 7
    """
    said = Storm(
        images=images, cameras=cameras, kills=kills, restarts=restarts, workers=workers, fault_share=faults, seed=seed
    )  # fmt: skip
    run("chaos", lambda home, say: blow(said, home, say), folder)


def outage(
    of: Annotated[list[str] | None, typer.Option(metavar="SERVICE", help="Blob, Queue or Table; else all.")] = None,
    seconds: Annotated[float, typer.Option(min=1, help="For how long.")] = 600,
    images: Annotated[int, typer.Option(min=1, help="How many different images.")] = 200,
    quick: Annotated[bool, typer.Option(help="With the app's waits shortened to seconds.")] = False,
    seed: Seed = 1,
    folder: Folder = None,
) -> None:
    """Take storage away while images are under way, do nothing more, and say when all was as it should be.

    Example: python -m bench.chaos outage --of Table
    """
    away = tuple(one for one in SERVICES if one.lower() in {name.lower() for name in of}) if of else SERVICES
    if not away:
        raise typer.BadParameter(f"a service is one of {', '.join(SERVICES)}", param_hint="--of")

    def one(home: Path, say: Callable[[str], None]) -> tuple[Found, figures.Figures]:
        root = faster(home / "app") if quick else ROOT
        return endure(Outage(services=away, seconds=seconds, images=images, root=root, seed=seed), home, say)

    run(Outage(services=away).name, one, folder)


def run(name: str, what: Run, folder: Path | None) -> None:
    """Does a run, shows and keeps its figures; exit 1 where anything is missing, wrong or left over."""
    if folder:
        folder.mkdir(parents=True)
    with TemporaryDirectory(prefix="uncia-chaos-") as passing, screen.progress() as bars:
        task = bars.add_task(name, total=None)
        found, numbers = what(folder or Path(passing), lambda text: bars.update(task, description=text))
    figures.keep(name, **numbers)
    typer.echo(figures.line(name, numbers))
    if not found.good or numbers["failures_left"]:
        raise typer.Exit(1)


if __name__ == "__main__":
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True)
    app.command()(storm)
    app.command()(outage)
    app()
