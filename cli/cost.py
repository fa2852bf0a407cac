"""`uncia cost`: what images cost on Azure, and how long they take there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Annotated

import typer
from rich.table import Table

from cli import screen
from cli.bill import MILLION, REACH, Choice, Line, Part, total
from cli.estimate import Asked, Estimate, estimate
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
    screen.note(f"prices read on {prices.read}; measured on {measured.written}, {measured.machine}; before tax")


def lines_table(lines: Sequence[Line]) -> Table:
    """The bill as a table: quantity × price = amount."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("", "quantity", "unit", "US dollars", "for", "amount"):
        table.add_column(column, justify="left" if column in ("", "unit", "for") else "right")
    for part in Part:
        table.add_row(f"[bold]{part.value}[/bold]", *[""] * 4, f"[bold]{total(lines, part):,.2f}[/bold]")
        for line in (one for one in lines if one.part is part):
            price = line.price
            units = f"{price.per:,} {price.unit}" if price.per > 1 else price.unit
            table.add_row(
                f"  {line.what}", f"{line.quantity:,.0f}", price.unit, f"{price.amount:g}", units, f"{line.amount:,.2f}"
            )
    return table


def said_of(found: Estimate, asked: Asked) -> Iterator[str]:
    """What the bill comes to, in sentences and short lists."""
    yield f"\nall but keeping the originals: ${found.a_million:.2f} a million images"
    yield f"reach: at most ${REACH:.2f}: {verdict(found)}"
    without = total(found.lines, Part.WORK) * MILLION / asked.choice.images
    yield f"without bringing them in, which any storage on Azure asks for: ${without:.2f}"
    yield f"storage alone, labelled elsewhere: ${found.storage_alone:,.2f} for the first month"
    yield "\na million by the size of instances, and with what is free in a month:"
    yield from (f"  {size} MB: ${plain:.2f}, ${free:.2f}" for size, (plain, free) in found.by_size.items())
    yield "\na million, were one thing changed:"
    yield from (f"  ${cost:.2f}: {name}" for name, cost in sorted(found.changed.items(), key=lambda one: one[1]))
    yield ""
    if asked.choice.days:
        wait = duration(found.run.longest_wait)
        yield f"a day of {asked.arrival.images:,.0f} images: {wait} from image to label at most"
    else:
        yield f"all at once: {duration(found.run.seconds)} until the last label"
    yield f"what holds images up longest: {found.run.bottleneck}"


def verdict(found: Estimate) -> str:
    """Whether the reach is met, in a word."""
    return "met" if found.met else "missed"


def duration(seconds: float) -> str:
    """`41 minutes`, `3.2 hours`, `12 s`."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} minutes" if seconds < 7_200 else f"{seconds / 3_600:.1f} hours"


def told(found: Estimate, measured: Measured, prices: Prices) -> dict[str, object]:
    """All of it for programs."""
    return {
        "currency": "USD",
        "prices_read": prices.read,
        "measured": measured.written,
        "lines": [
            {
                "part": line.part.value, "what": line.what, "quantity": line.quantity, "unit": line.price.unit,
                "price": line.price.amount, "per": line.price.per, "free": line.price.free, "amount": line.amount,
                "region": line.price.region, "source": line.price.source, "official": line.price.official,
            }
            for line in found.lines
        ],
        "a_million": found.a_million,
        "reach": REACH,
        "met": found.met,
        "storage_alone": found.storage_alone,
        "a_million_by_size": {size: {"plain": plain, "free": free} for size, (plain, free) in found.by_size.items()},
        "a_million_if": found.changed,
        "seconds": found.run.seconds,
        "longest_wait_seconds": found.run.longest_wait,
        "held_up_by_seconds": dict(found.run.held),
    }  # fmt: skip
