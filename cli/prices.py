"""What Azure asks for what: the table prices.toml, where each price has its source."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).with_name("prices.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What one meter counts, and what it asks."""

    says: str
    unit: str
    amount: float  #: US dollars for `per` units
    per: int
    free: float  #: units that a month has for nothing
    region: str
    source: str  #: address where it was read
    official: str  #: address of Azure's own page

    def of(self, quantity: float, granted: float = 0.0) -> float:
        """US dollars for so many units, with what is free in so many months taken off."""
        return max(0.0, quantity - self.free * granted) * self.amount / self.per


@dataclass(frozen=True, slots=True)
class Prices:
    """The whole table, by name."""

    read: str  #: the day on which the sources were read
    by_name: Mapping[str, Price]

    @classmethod
    def load(cls, path: Path = TABLE) -> Prices:
        """The table in a file."""
        said = tomllib.loads(path.read_text("utf-8"))
        return cls(str(said["read"]), {name: _price(row, said["sources"]) for name, row in said["price"].items()})


def _price(row: Mapping[str, object], sources: Mapping[str, str]) -> Price:
    return Price(
        says=str(row["says"]),
        unit=str(row["unit"]),
        amount=float(str(row["amount"])),
        per=int(str(row.get("per", 1))),
        free=float(str(row.get("free", 0))),
        region=str(row["region"]),
        source=sources[str(row["source"])],
        official=sources[str(row["official"])],
    )
