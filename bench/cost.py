"""`python -m bench.cost`: writes what `uncia cost` says into docs/cost.md, with its pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import typer

from bench import timeline
from bench.cost_tables import (
    Rows,
    bill_rows,
    change_rows,
    markdown,
    measured_rows,
    price_rows,
    reach,
    size_rows,
)
from bench.promises import fill
from bench.timeline import BLUE, GREY, ORANGE, Line
from cli.bill import Choice, Part, bill, total
from cli.cost_said import duration
from cli.estimate import Asked, estimate
from cli.limits import DEPLOYED
from cli.per_image import NETWORKS, Measured
from cli.prices import Prices
from cli.stages import remedied, stages
from cli.throughput import Sample

DOCS = Path(__file__).parents[1] / "docs"
PANELS: timeline.Panels[Sample] = (
    ("images", (Line("labelled", lambda one: one.done), Line("arrived", lambda one: one.arrived, ORANGE))),
    (
        "images waiting",
        (
            Line("to be featurized", lambda one: one.waiting[1]),
            Line("to be aggregated", lambda one: one.waiting[2], ORANGE),
            Line("to be finalized", lambda one: one.waiting[3], GREY),
        ),
    ),
    ("instances", (Line("instances", lambda one: one.instances, BLUE),)),
)
MB = 2.0
YEAR, CAMERAS = 1e8, 10_000
LARGER = 4096


def asked(choice: Choice, *, network: str = "int8", cameras: float = 100, burst: float = 0.0) -> Asked:
    """What the document asks about: images of two megabytes."""
    return Asked(choice=choice, mb=MB, network=network, cameras=cameras, burst=burst)


# A million at once; a year of many cameras, half of each day's images read from cards in one hour; and a month of that
# year, all of its cards read at once.
MILLION_AT_ONCE = asked(Choice())
DAY_OF_A_YEAR = asked(Choice(images=YEAR, days=365), cameras=CAMERAS, burst=0.5)
MONTH_AT_ONCE = asked(Choice(images=YEAR / 12), cameras=CAMERAS)


def main() -> None:
    """Write what a million images, and a hundred million a year, cost and how long they take into docs/cost.md.

    Example: python -m bench.measured && python -m bench.cost
    """
    measured, prices = Measured.load(), Prices.load()
    parts = of_money(measured, prices) | of_time(measured, prices)
    fill(DOCS / "cost.md", parts)
    for name, one in (("cost-million", MILLION_AT_ONCE), ("cost-day", DAY_OF_A_YEAR)):
        timeline.panels(PANELS, one.run(measured).samples, DOCS / f"{name}.png")
    typer.echo(parts["reach"].strip())


def of_money(measured: Measured, prices: Prices) -> dict[str, str]:
    """The parts of the document that say what a million costs, and what that is made from."""
    found = estimate(MILLION_AT_ONCE, measured, prices)
    return {
        "bill": markdown(bill_rows(found)),
        "reach": f"\n{reach(found)}\n\n",
        "sizes": markdown(size_rows(by_network(measured, prices))),
        "changes": markdown(change_rows(found)),
        "prices": markdown(price_rows(prices)),
        "measured": markdown(measured_rows(measured)),
    }


def of_time(measured: Measured, prices: Prices) -> dict[str, str]:
    """The parts that say how long images take, which are simulated: some seconds of work."""
    return {
        "takes": markdown(limit_rows(measured)),
        "remedies": markdown(remedy_rows(measured)),
        "year": f"\n{year(measured, prices)}\n\n",
    }


def by_network(measured: Measured, prices: Prices) -> dict[str, dict[int, tuple[float, float]]]:
    """What a million costs by network and instance, without and with what is free."""
    return {network: estimate(asked(Choice(), network=network), measured, prices).by_size for network in NETWORKS}


def limit_rows(measured: Measured) -> Rows:
    """What each limit lets through at most, in images, when it alone holds; the tightest first."""
    yield "limit", "a second ", "taken by an image ", "images a second at most "
    of, given = measured.per_image(MB, "int8"), MILLION_AT_ONCE
    steps = stages(of, given.choice, DEPLOYED)
    rates = given.platform.limits
    used = {name: sum(stage.runs * stage.uses.get(name, 0.0) for stage in steps) for name in rates}
    rows = [(name, rates[name], used[name], rates[name] / used[name]) for name in rates]
    slowest = max(steps, key=lambda stage: stage.runs * stage.seconds)
    busy = slowest.runs * slowest.seconds
    rows.append((f"instances of {slowest.name}, seconds of each", DEPLOYED.instances, busy, DEPLOYED.instances / busy))
    for name, rate, use, most in sorted(rows, key=lambda row: row[3]):
        yield name, f"{rate:,.0f}", f"{use:,.3g}" if use < 1_000 else f"{use:,.0f}", f"{most:,.0f}"


def remedy_rows(measured: Measured) -> Rows:
    """How long a million at once, and a month's cards of ten thousand cameras, take after each remedy."""
    yield "limits", "a million at once ", "held up longest by", "8.3 million at once ", "held up longest by"
    larger = [replace(one, choice=replace(one.choice, instance=LARGER)) for one in (MILLION_AT_ONCE, MONTH_AT_ONCE)]
    yield f"(instances of {LARGER} MB, and nothing else changed)", *times(larger, measured)
    for name, limits in remedied().items():
        yield name, *times([replace(one, limits=limits) for one in (MILLION_AT_ONCE, MONTH_AT_ONCE)], measured)


def times(cases: list[Asked], measured: Measured) -> Iterator[str]:
    """How long each takes, and what holds it up longest."""
    for case in cases:
        run = case.run(measured)
        yield from (duration(run.seconds), run.bottleneck)


def year(measured: Measured, prices: Prices) -> str:
    """What a year of ten thousand cameras costs and how far behind it falls, in sentences."""
    found = estimate(DAY_OF_A_YEAR, measured, prices)
    granted = replace(DAY_OF_A_YEAR.choice, granted=True)
    lines = bill(measured.per_image(MB, "int8"), granted, prices)
    most = max(one.instances for one in found.run.samples)
    return (
        f"A hundred million images a year from 10,000 cameras are {DAY_OF_A_YEAR.arrival.images:,.0f} a day. Half of "
        f"them come in the first hour: {found.run.peak_arrival:,.0f} a second. The longest wait from image to label is "
        f"{duration(found.run.longest_wait)}, with at most {most:,.0f} "
        f"instances. The year costs ${total(lines, Part.WORK, Part.UPLOAD):,.0f} with what is free each month, "
        f"${found.a_million:.2f} a million without, and ${total(lines, Part.KEEPING):,.0f} a month to keep all of its "
        "originals at its end, were they in the hot tier."
    )


if __name__ == "__main__":
    typer.run(main)
