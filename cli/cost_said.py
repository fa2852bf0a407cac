"""A bill and what comes with it, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.table import Table

from cli.bill import MILLION, REACH, Line, Part, total
from cli.estimate import Asked, Estimate
from cli.per_image import Measured
from cli.prices import Price, Prices


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
                f"  {line.what}",
                quantity(line),
                price.unit,
                dollars(price),
                units,
                f"{line.amount:,.2f}",
            )
    return table


def quantity(line: Line) -> str:
    """The quantity of a line, to the unit, or to four digits where there are few."""
    return f"{line.quantity:,.0f}" if line.quantity >= 1_000 else f"{line.quantity:,.4g}"


def dollars(price: Price) -> str:
    """A price in full, without an exponent."""
    return f"{price.amount:.6f}".rstrip("0")


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
        "measured": dict(measured.made),
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
