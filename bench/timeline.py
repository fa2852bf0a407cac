"""A run as a picture: lines over time, panels one above the other; of `bench.load` memory, queues, disk and frames."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PIL import Image, ImageDraw, ImageFont

from bench.steady import WARM_UP, Sample

SCALE = 2  # drawn larger and reduced, for smooth lines
WIDTH, HEIGHT, LEFT, RIGHT, TOP = 920, 170, 84, 190, 30
INK, GREY, PALE = "#222222", "#777777", "#e4e4e4"
BLUE, ORANGE = "#1f5fa8", "#c4661f"


class Timed(Protocol):
    """What a run looked like at a moment."""

    @property
    def seconds(self) -> float:
        """Since its beginning."""


@dataclass(frozen=True, slots=True)
class Line[Seen: Timed]:
    """One line of a panel: its name at its end, and what it shows of a sample."""

    name: str
    of: Callable[[Seen], float]
    colour: str = BLUE


type Panels[Seen: Timed] = Sequence[tuple[str, Sequence[Line[Seen]]]]

PANELS: Panels[Sample] = (
    ("memory, MB", (Line("host", lambda one: one.host_mb), Line("Azurite", lambda one: one.azurite_mb, ORANGE))),
    ("messages in queues", (Line("queues", lambda one: one.waiting),)),
    ("disk, GB", (Line("disk", lambda one: one.disk_gb),)),
    ("images", (Line("frames", lambda one: one.frames), Line("uploaded", lambda one: one.uploaded, ORANGE))),
)


def draw(samples: Sequence[Sample], images: int, out: Path) -> None:
    """Draws the samples of a run of `bench.load` into a PNG file, with a mark where it was warm."""
    warm = next((one.seconds / 60 for one in samples if one.frames >= min(WARM_UP, images // 10)), 0.0)
    panels(PANELS, samples, out, mark=warm)


def panels[Seen: Timed](said: Panels[Seen], samples: Sequence[Seen], out: Path, *, mark: float = 0.0) -> None:
    """Draws the samples of any run into a PNG file, with a line at this minute."""
    sheet = Image.new("RGB", (WIDTH * SCALE, (len(said) * (HEIGHT + TOP) + TOP + 16) * SCALE), "white")
    pen = ImageDraw.Draw(sheet)
    end = max(one.seconds for one in samples) / 60
    for number, (title, lines) in enumerate(said):
        top = TOP + number * (HEIGHT + TOP)
        _panel(pen, top, title, lines, samples, end, mark)
    _text(pen, LEFT + (WIDTH - LEFT - RIGHT) / 2, TOP + len(said) * (HEIGHT + TOP) - 8, "minutes", "mt")
    sheet.reduce(SCALE).quantize(64, dither=Image.Dither.NONE).save(out, optimize=True)


def ticks(most: float) -> list[float]:
    """Three to six round numbers from nothing to a little less than this."""
    step = next(
        round(factor * 10.0**power, 9)
        for power in range(math.floor(math.log10(most)) - 1, 99) for factor in (1, 2, 5)
        if most / (factor * 10.0**power) < 6
    )  # fmt: skip
    return [step * number for number in range(math.floor(most / step) + 1)]


def shown(value: float) -> str:
    """A number on an axis, or at the end of a line."""
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:,.4g}"


def _panel[Seen: Timed](
    pen: ImageDraw.ImageDraw,
    top: float,
    title: str,
    lines: Sequence[Line[Seen]],
    samples: Sequence[Seen],
    end: float,
    mark: float,
) -> None:
    most = max(max(line.of(one) for one in samples for line in lines), 1e-9) * 1.05
    field = _Field(top, HEIGHT - TOP / 2, end, most)
    for value in ticks(most):
        _stroke(pen, [(LEFT, field.y(value)), (WIDTH - RIGHT, field.y(value))], PALE, 1)
        _text(pen, LEFT - 8, field.y(value), shown(value), "rm", GREY)
    for minute in ticks(end):
        _text(pen, field.x(minute), field.y(0) + 5, shown(minute), "mt", GREY)
    _stroke(pen, [(field.x(mark), field.y(0)), (field.x(mark), field.y(most))], GREY, 1)
    _text(pen, LEFT, top - 6, title, "lb")
    for line in lines:
        points = [(field.x(one.seconds / 60), field.y(line.of(one))) for one in samples]
        _stroke(pen, points, line.colour, 2)
    for height, line in _apart([(field.y(line.of(samples[-1])), line) for line in lines]):
        _text(pen, WIDTH - RIGHT + 8, height, f"{line.name} {shown(line.of(samples[-1]))}", "lm", line.colour)


@dataclass(frozen=True, slots=True)
class _Field:
    """The area that a panel's data are drawn in, and the highest numbers on its axes."""

    top: float
    height: float
    end: float
    most: float

    def x(self, minutes: float) -> float:
        """Where a moment lies."""
        return LEFT + (WIDTH - LEFT - RIGHT) * minutes / self.end

    def y(self, value: float) -> float:
        """Where a number lies."""
        return self.top + self.height * (1 - value / self.most)


def _apart[Seen: Timed](ends: list[tuple[float, Line[Seen]]]) -> list[tuple[float, Line[Seen]]]:
    """Names at the ends of lines, pushed down where they would lie on one another."""
    placed: list[tuple[float, Line[Seen]]] = []
    for height, line in sorted(ends, key=lambda end: end[0]):
        placed.append((max(height, placed[-1][0] + 16) if placed else height, line))
    return placed


def _stroke(pen: ImageDraw.ImageDraw, points: Sequence[tuple[float, float]], colour: str, thick: int) -> None:
    pen.line([(x * SCALE, y * SCALE) for x, y in points], colour, thick * SCALE, joint="curve")


def _text(pen: ImageDraw.ImageDraw, x: float, y: float, words: str, anchor: str, colour: str = INK) -> None:
    pen.text((x * SCALE, y * SCALE), words, colour, ImageFont.load_default(13 * SCALE), anchor)
