"""How figures are written for people; the sliders' script writes them the same way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from math import floor
from typing import Any

DASH = "–"


def share(value: float | None) -> str:
    """A share in per cent, with one decimal only where it would else look like none or all."""
    if value is None:
        return DASH
    if 0 < value < 0.01 or 0.99 < value < 1:
        return f"{floor(value * 1000 + 0.5) / 10:.1f} %"
    return f"{floor(value * 100 + 0.5)} %"


def of(part: int, whole: int) -> str:
    """A part in numbers and in per cent."""
    return f"{part:,} of {whole:,}" + (f" ({share(part / whole)})" if whole else "")


def figure(value: float | None) -> str:
    """A figure between 0 and 1, with three decimals."""
    return DASH if value is None else f"{value:.3f}"


def tenth(value: float | None) -> str:
    """A number with one decimal."""
    return DASH if value is None else f"{floor(value * 10 + 0.5) / 10:.1f}"


def interval(figures: Mapping[str, Any], key: str, said: Callable[[float], str] = figure) -> str:
    """The 95 % interval of a figure, empty where there is none."""
    bounds: Sequence[float] | None = (figures.get("intervals") or {}).get(key)
    return f"{said(bounds[0])} to {said(bounds[1])}" if bounds else ""


def shares(figures: Mapping[str, Any], key: str) -> str:
    """The same in per cent."""
    return interval(figures, key, share)


def tenths(figures: Mapping[str, Any], key: str) -> str:
    """The same with one decimal."""
    return interval(figures, key, tenth)


def counted(number: int, noun: str) -> str:
    """A number of things."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def moment(at: datetime | None) -> str:
    """A camera's time, as people write it."""
    return f"{at:%Y-%m-%d %H:%M:%S}" if at else "undated"


def split(by: str) -> str:
    """How the test part differs from the training part."""
    if by.startswith("date:"):
        day = date.fromisoformat(by.removeprefix("date:"))
        return f"everything since {day.day} {day:%B %Y}; training saw only what came before"
    if by == "camera":
        return "cameras of which training saw no image"
    return "the images that the manifest sets aside; training saw none of their sequences"


FILTERS: dict[str, Callable[..., str]] = {
    each.__name__: each for each in (share, of, figure, tenth, interval, shares, tenths, counted, moment, split)
}
