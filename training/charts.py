"""The report's charts: the ladder, ROC and precision–recall curves, reliability."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from markupsafe import Markup

from training.curves import Bin, Points
from training.evaluation import Rung
from training.figures import Figures
from training.svg import Field, axes, markup, picture, put, text

ROW = 46


def ladder(rungs: Mapping[str, Rung], key: str, name: str) -> Markup:
    """One figure of every rung, by image and by sequence, with its interval."""
    low = _floor([_low(level, key) for rung in rungs.values() for level in (rung.image, rung.sequence)])
    field = Field(picture(ROW * len(rungs) + 34, f"{name} of each model, by image and by sequence"), 76, 4, 200, 0, low)
    _scale(field, ROW * len(rungs))
    for row, rung in enumerate(rungs.values()):
        middle = ROW * row + ROW / 2 + 4
        text(field.svg, 0, middle + 4, rung.name, "name")
        for level, figures, away in (("image", rung.image, -9), ("sequence", rung.sequence, 9)):
            _interval(field, figures, key, middle + away, f"r{row} {level}", f"{rung.name}, by {level}: {name}")
    return markup(field.svg)


def curve(kind: str, lines: Sequence[tuple[str, Points]], which: int, says: str) -> Markup:
    """ROC or precision–recall curves of the rungs, and the mark of the threshold of class `which`."""
    field = Field(picture(376, says), 46, 10, 318, 318)
    across, up = {
        "roc": ("false alarms: share of the others", "share found"),
        "pr": ("share found (recall)", "share right of those called (precision)"),
    }[kind]
    axes(field, across, up)
    if kind == "roc":
        put(field.svg, "line", x1=field.x(0), y1=field.y(0), x2=field.x(1), y2=field.y(1), class_="chance")
    for number, (label, points) in enumerate(lines):
        path = " ".join(f"{field.x(right):g},{field.y(high):g}" for right, high in points)
        if path:
            line = put(field.svg, "polyline", points=path, class_=f"curve r{number}")
            put(line, "title").text = label
    if not any(points for _, points in lines):
        text(field.svg, field.x(0.5), field.y(0.5), "nothing to compare in the test part", "middle")
    mark = {"data-mark": kind, "data-class": which, "data-field": f"{field.left} {field.top} {field.width}"}
    put(field.svg, "circle", r=7, class_="mark", visibility="hidden", **mark)
    return markup(field.svg)


def reliability(bins: Sequence[Bin]) -> Markup:
    """What was said against what was right, with intervals; below it how many sequences each point stands for."""
    field = Field(picture(446, "How often the label is right, by the probability that was given"), 46, 10, 318, 318)
    axes(field, "", "share that was right")
    put(field.svg, "line", x1=field.x(0), y1=field.y(0), x2=field.x(1), y2=field.y(1), class_="chance")
    for one in bins:
        at, (low, high) = field.x(one.said), one.interval
        put(field.svg, "line", x1=at, y1=field.y(low), x2=at, y2=field.y(high), class_="r4")
        dot = put(field.svg, "circle", cx=at, cy=field.y(one.right), r=5, class_="dot r4 sequence")
        put(dot, "title").text = f"said {one.said:.0%}, right {one.right:.0%} of {one.n:,}"
    _bars(field, bins)
    return markup(field.svg)


def _bars(field: Field, bins: Sequence[Bin]) -> None:
    """How many sequences there are in each step, on the axis that they share with the field above."""
    bars = Field(field.svg, field.left, 352, field.width, 40)
    most = max((one.n for one in bins), default=1)
    for one in bins:
        left, right, top = bars.x(one.low) + 1, bars.x(one.high) - 1, bars.y(one.n / most)
        size = {"width": round(right - left, 1), "height": round(bars.y(0) - top, 1)}
        put(field.svg, "rect", x=left, y=top, class_="bar", **size)
        text(field.svg, (left + right) / 2, top - 4, f"{one.n:,}", "middle")
    for tick in range(0, 11, 2):
        text(field.svg, field.x(tick / 10), 410, f"{tick / 10:g}", "middle")
    text(field.svg, field.x(0.5), 438, "probability of the label; bars: number of sequences", "middle axis")


def _interval(field: Field, figures: Figures, key: str, height: float, kind: str, says: str) -> None:
    value, bounds = figures.get(key), (figures.get("intervals") or {}).get(key)
    if value is None:
        return
    if bounds:
        low, high = (field.x(max(field.low, bound)) for bound in bounds)
        put(field.svg, "line", x1=low, y1=height, x2=high, y2=height, class_=kind)
    dot = put(field.svg, "circle", cx=field.x(max(field.low, value)), cy=height, r=5, class_=f"dot {kind}")
    spoken = f" (95 %: {bounds[0]:.3f} to {bounds[1]:.3f})" if bounds else ""
    put(dot, "title").text = f"{says} {value:.3f}{spoken}"
    text(field.svg, 290, height + 4, f"{value:.3f}", f"value {kind.split()[1]}")


def _low(figures: Figures, key: str) -> float:
    bounds = (figures.get("intervals") or {}).get(key)
    value = figures.get(key)
    return min(1.0, *(bounds or ()), 1.0 if value is None else value)


def _floor(values: Iterable[float]) -> float:
    least = min(values)
    return min(0.9, int(least * 10) / 10) if least >= 0.5 else int(least * 5) / 5


def _scale(field: Field, height: float) -> None:
    """The vertical lines of a ladder."""
    steps = round((1 - field.low) * 10)
    for step in range(0, steps + 1, 1 if steps < 6 else 2):
        value = field.low + step / 10
        put(field.svg, "line", x1=field.x(value), y1=4, x2=field.x(value), y2=height + 6, class_="grid")
        text(field.svg, field.x(value), height + 24, f"{value:.1f}", "middle")
