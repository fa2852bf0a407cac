"""Pictures as SVG: built as a tree, so that no name can break out; coloured by the page's style sheet.

Each is 380 wide, so that a phone shows it at its own size and its letters stay readable.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree import ElementTree as Tree

from markupsafe import Markup

WIDTH = 380


@dataclass(frozen=True, slots=True)
class Field:
    """The area that data are drawn in: where it lies in the picture, and which numbers it spans."""

    svg: Tree.Element
    left: float
    top: float
    width: float
    height: float
    low: float = 0.0  #: of the horizontal axis; both axes end at 1

    def x(self, value: float) -> float:
        """Where a number lies on the horizontal axis."""
        return round(self.left + self.width * (value - self.low) / (1 - self.low), 1)

    def y(self, value: float) -> float:
        """Where a share lies on the vertical axis."""
        return round(self.top + self.height * (1 - value), 1)


def axes(field: Field, across: str, up: str) -> None:
    """Grid and numbers of a square of shares."""
    for tick in range(0, 11, 2):
        value = tick / 10
        put(field.svg, "line", x1=field.x(0), y1=field.y(value), x2=field.x(1), y2=field.y(value), class_="grid")
        put(field.svg, "line", x1=field.x(value), y1=field.y(0), x2=field.x(value), y2=field.y(1), class_="grid")
        text(field.svg, field.x(0) - 6, field.y(value) + 4, f"{value:g}", "end")
        if across:
            text(field.svg, field.x(value), field.y(0) + 17, f"{value:g}", "middle")
    text(field.svg, field.x(0.5), field.y(0) + 38, across, "middle axis")
    turned = text(field.svg, 0, 0, up, "middle axis")
    turned.set("transform", f"translate(12 {field.y(0.5)}) rotate(-90)")


def picture(height: float, says: str) -> Tree.Element:
    """A picture as wide as a phone, with its name for those who cannot see it."""
    return Tree.Element(
        "svg", {"viewBox": f"0 0 {WIDTH} {height}", "role": "img", "aria-label": says, "class": "chart"}
    )


def text(svg: Tree.Element, x: float, y: float, words: str, kind: str) -> Tree.Element:
    """Adds words; `kind` is their class in the style sheet."""
    element = put(svg, "text", x=x, y=y, class_=kind)
    element.text = words
    return element


def put(parent: Tree.Element, tag: str, **said: object) -> Tree.Element:
    """Adds an element; a trailing underscore of an attribute is dropped."""
    return Tree.SubElement(parent, tag, {name.rstrip("_"): str(value) for name, value in said.items()})


def markup(svg: Tree.Element) -> Markup:
    """The picture as it goes into a page, every name in it escaped."""
    return Markup(Tree.tostring(svg, encoding="unicode", short_empty_elements=False))  # noqa: S704 - a tree, escaped
