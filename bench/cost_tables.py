"""What `uncia cost` says as tables in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bench import figures
from cli.bill import REACH, Part, total
from cli.cost_said import dollars, quantity, verdict
from cli.estimate import Estimate
from cli.limits import SIZES
from cli.per_image import Measured
from cli.prices import Prices

type Rows = Iterator[Sequence[str]]


def markdown(rows: Iterable[Sequence[str]]) -> str:
    """Rows as a table; the first says the columns, of which those that hold numbers end with a space."""
    head, *body = rows
    rule = ["---:" if column.endswith(" ") else "---" for column in head]
    return "\n" + "".join(f"| {' | '.join(row)} |\n" for row in ([*map(str.strip, head)], rule, *body)) + "\n"


def bill_rows(found: Estimate) -> Rows:
    """The bill, line by line."""
    yield "for", "quantity ", "", "× US dollars ", "= amount "
    for part in Part:
        for line in (one for one in found.lines if one.part is part):
            amount = dollars(line.price)
            price = f"{amount} / {line.price.per:,}" if line.price.per > 1 else amount
            yield line.what, quantity(line), line.price.unit, price, f"{line.amount:,.2f}"
        yield f"**{part.value}**", "", "", "", f"**{total(found.lines, part):,.2f}**"


def reach(found: Estimate) -> str:
    """The reach, and whether it is met, in two sentences."""
    upload = total(found.lines, Part.UPLOAD)
    return (
        f"Reach: at most ${REACH:.2f} a million for everything but keeping the originals. It is **{verdict(found)}**: "
        f"${found.a_million:.2f}, of which ${upload:.2f} bring the originals in."
    )


def size_rows(found: dict[str, dict[int, tuple[float, float]]]) -> Rows:
    """A million by instances and networks, and with what a month has free."""
    yield "instances", *(f"{network}{free} " for network in found for free in ("", ", free grants used"))
    for size in SIZES:
        yield f"{size} MB", *(f"{cost:.2f}" for costs in found.values() for cost in costs[size])


def change_rows(found: Estimate) -> Rows:
    """What a million costs with one thing changed, the cheapest first."""
    yield "changed", "US dollars a million ", "saved "
    for name, cost in sorted(found.changed.items(), key=lambda one: one[1]):
        yield name, f"{cost:.2f}", f"{found.a_million - cost:.2f}"


def price_rows(prices: Prices) -> Rows:
    """The table of prices, with sources."""
    yield "price", "US dollars ", "for", "free each month ", "region", "read in", "Azure's own page"
    for price in prices.by_name.values():
        free = f"{price.free:,.0f}" if price.free else ""
        source, official = f"[source]({price.source})", f"[page]({price.official})"
        unit = f"{price.per:,} {price.unit}" if price.per > 1 else price.unit
        yield price.says, dollars(price), unit, free, price.region, source, official


def measured_rows(measured: Measured) -> Rows:
    """Every figure that the model has, and where from."""
    yield "run", "figure", "measured "
    for run, numbers in measured.runs.items():
        yield f"`bench.{run}`", "measured on", measured.made[run]
        for name, value in numbers.items():
            yield f"`bench.{run}`", name.replace("_", " "), figures.shown(value)
