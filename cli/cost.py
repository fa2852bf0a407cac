"""`uncia cost`: what images cost on Azure, and how long they take there."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from cli import screen
from cli.bill import MILLION, Choice
from cli.cost_said import lines_table, said_of, told
from cli.estimate import Asked, estimate
from cli.limits import SIZES
from cli.per_image import NETWORKS, Measured
from cli.prices import Prices
from shared.errors import UnciaError


def cost(
    images: Annotated[float, typer.Option(min=1, max=1e12, help="How many; 1e6 is a million.")] = MILLION,
    mb: Annotated[float, typer.Option(min=0.01, max=100, help="Size of an image in megabytes.")] = 2.0,
    instance: Annotated[int, typer.Option(help="Memory of an instance: 512, 2048 or 4096 MB.")] = 2048,
    network: Annotated[str, typer.Option(help="The backbone: int8 or float.")] = "int8",
    replication: Annotated[str, typer.Option(help="Copies of the data: ZRS or LRS.")] = "ZRS",
    granted: Annotated[bool, typer.Option("--free", help="Take off what Azure gives for nothing each month.")] = False,
    cameras: Annotated[float, typer.Option(min=1, max=1e9, help="How many cameras they are from.")] = 100,
    days: Annotated[float, typer.Option(min=0, max=36_500, help="Over how many days they come; 0: at once.")] = 0,
    burst: Annotated[
        float, typer.Option(min=0, max=1, help="With --days: the share of each day's that comes in one hour.")
    ] = 0.0,
    instances: Annotated[float, typer.Option(min=1, max=1_000, help="Most instances of one function.")] = 40,
    slower: Annotated[
        float, typer.Option(min=0.1, max=100, help="How many times as long a core of the platform takes.")
    ] = 2.0,
    wait: Annotated[float, typer.Option(min=0, max=10, help="Seconds that storage takes to answer.")] = 0.01,
    as_json: Annotated[bool, typer.Option("--json", help="Everything as JSON.")] = False,
) -> None:
    """Say what images cost on Azure, line by line, and how long they take.

    Prices and sources are in cli/prices.toml, what an image takes is in cli/measured.json; what is only assumed is an
    option. docs/cost.md says what is in it and what is not.

    Example: uncia cost --images 1e6 --mb 2

    A year of 10,000 cameras, half of it read from cards in the morning:
    uncia cost --images 1e8 --cameras 10000 --days 365 --burst 0.5
    """
    for said, known in ((instance, SIZES), (network, NETWORKS), (replication, ("ZRS", "LRS"))):
        if said not in known:
            raise UnciaError(f"{said} is none of {', '.join(map(str, known))}")
    if burst and not days:
        raise UnciaError("--burst goes with --days")
    choice = Choice(
        images=images, instance=instance, replication=replication, granted=granted, days=days, slower=slower, wait=wait
    )
    asked = Asked.of(choice, mb=mb, network=network, cameras=cameras, burst=burst, instances=instances)
    measured, prices = Measured.load(), Prices.load()
    found = estimate(asked, measured, prices)
    if as_json:
        typer.echo(json.dumps(told(found, measured, prices), indent=1))
        return
    screen.out(lines_table(found.lines))
    typer.echo("\n".join(said_of(found, asked)))
    screen.note(f"prices read on {prices.read}; seconds measured on {measured.made['steps']}; before tax")
