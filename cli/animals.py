"""A snow leopard and an ibex in mid-stride, drawn limb by limb."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

UNIT = 12  # pixels of a sprite for one unit of the tables below, at twice the final size

Tone = tuple[int, int, int]
Points = tuple[tuple[float, float, float], ...]
Part = tuple[Tone, Points] | tuple[Tone, Points, Tone]  # the second tone is that of its rings


class Animal(NamedTuple):
    """Limbs as points (x, y, thickness) walking to the right on y = 62, each with its tone."""

    coat: Tone
    shade: Tone
    shin: float
    hips: Points
    trunk: tuple[Part, ...]
    face: tuple[Part, ...]
    eye: Points


CAT, CAT_SHADE, CAT_PALE, CAT_SPOT = (218, 215, 208), (136, 133, 127), (242, 240, 235), (58, 54, 52)
GOAT, GOAT_SHADE, GOAT_PALE, GOAT_HORN = (96, 62, 36), (52, 36, 25), (188, 158, 118), (60, 50, 42)
SNOW_LEOPARD = Animal(
    coat=CAT, shade=CAT_SHADE, shin=2.9, hips=((28, 36, 8), (71, 36, 7.5)),
    trunk=(
        (CAT, ((25, 31, 5), (14, 36, 4), (7, 50, 4), (-4, 55, 4.4), (-14, 50, 4.8), (-17, 40, 3.8)), CAT_SPOT),
        (CAT, ((26, 33, 10.5), (42, 36, 10), (58, 34, 10.5), (70, 31, 10), (80, 25, 7.5))),
        (CAT_PALE, ((36, 43.5, 2), (48, 45, 2), (62, 43, 2))),
    ),
    face=(
        (CAT_SPOT, ((80.5, 15.5, 2.8),)), (CAT, ((85, 22, 7.6),)),
        (CAT, ((83.5, 15.8, 3.2),)), (CAT_SPOT, ((83.6, 15.6, 1.7),)),
        (CAT, ((87, 22.5, 6.4), (92, 25.5, 4.4))), (CAT_PALE, ((92.5, 26.8, 3.6),)), (CAT_PALE, ((88, 28.5, 3),)),
        ((120, 84, 80), ((95.4, 24.2, 1.3),)), (CAT_SPOT, ((95, 27.4, 0.4), (91, 28.6, 0.4))),
        (CAT_SPOT, ((82, 20, 0.7),)), (CAT_SPOT, ((84, 24, 0.7),)),
        (CAT_SPOT, ((86.5, 17.3, 0.7),)), (CAT_SPOT, ((81.5, 25.5, 0.7),)),
        (CAT_SPOT, ((88.2, 20.9, 1.1), (90.6, 21.6, 2))),
        ((198, 196, 120), ((89.7, 21.2, 1.3),)), ((30, 28, 26), ((90, 21.2, 0.7),)),
    ),
    eye=((89.7, 21.2, 1.4),),
)  # fmt: skip
IBEX = Animal(
    coat=GOAT, shade=GOAT_SHADE, shin=2, hips=((27, 36, 8), (66, 36, 7)),
    trunk=(
        (GOAT_SHADE, ((16, 24, 2.4), (12, 27, 1.6), (11, 31, 1))),
        (GOAT, ((25, 31, 11.5), (41, 34, 12.5), (56, 32, 12.5), (66, 28, 10.5))),
        (GOAT, ((64, 27, 10), (73, 17, 7.5), (79, 9, 5.8))),
        (GOAT_PALE, ((34, 44.5, 1.6), (46, 46.2, 1.8), (60, 43.5, 1.6))),
        (GOAT_SHADE, ((22, 20.5, 1.2), (42, 22.5, 1.2), (58, 20.6, 1.2), (68, 14, 1))),
    ),
    face=(
        (GOAT_SHADE, ((82, 4, 2.4), (82, -10, 2.6), (72, -23, 2.4), (57, -26, 2), (45, -18, 1.4), (42, -9, 0.5))),
        (GOAT_SHADE, ((86.5, 16, 2), (86, 22, 1.5), (84, 28, 0.4))),
        (GOAT, ((79, 8, 5.6), (85, 11, 4.4), (91.5, 15.5, 3))), (GOAT_PALE, ((92.6, 16.6, 2),)),
        (GOAT_SHADE, ((94, 14.8, 0.8),)), (GOAT_SHADE, ((77, 7, 1.6), (72, 7.5, 1.6), (69.5, 9, 0.6))),
        (
            GOAT_HORN,
            ((80, 4.5, 3), (79, -10, 3.1), (68, -23, 2.8), (52, -25, 2.3), (40, -16, 1.6), (37, -7, 0.6)),
            (104, 92, 78),
        ),
        ((24, 18, 14), ((84, 8.4, 1.1),)),
    ),
    eye=((84, 8.4, 1.3),),
)  # fmt: skip
ANIMALS = {"snow_leopard": SNOW_LEOPARD, "ibex": IBEX}


def sprite(species: str, stride: float, rng: np.random.Generator, *, shine: bool) -> Image.Image:
    """Draw an animal in mid-stride on a clear ground, its feet on the lower edge; its eyes shine in a lamp's light."""
    animal = ANIMALS[species]
    drawn = Image.new("RGBA", (130 * UNIT, 94 * UNIT))
    pen = ImageDraw.Draw(drawn)
    for tone, turn, shift in ((animal.shade, 1.7, 3), (animal.coat, 0.0, 0)):
        for (x, y, thick), phase in zip(animal.hips, (0.0, 2.4), strict=True):
            _leg(pen, tone, (x + shift, y, thick), animal.shin, stride + phase + turn)
    for part in animal.trunk:
        _limb(pen, *part)
    if animal is SNOW_LEOPARD:
        _rosettes(drawn, rng)
    for part in animal.face:
        _limb(pen, *part)
    if shine:
        _limb(pen, (255, 255, 255), animal.eye)
    return _rounded(drawn.reduce(2))


def _limb(pen: ImageDraw.ImageDraw, fill: Tone, points: Points, rings: Tone | None = None) -> None:
    """Draw a rounded limb through points of which each has its own thickness."""
    line = np.add(points, (22, 30, 0)) * UNIT
    for _ in range(4):  # Chaikin's corner cutting makes a curve of the corners
        a, b = line[:-1], line[1:]
        cut = np.stack([0.75 * a + 0.25 * b, 0.25 * a + 0.75 * b], 1).reshape(-1, 3)
        line = np.concatenate([line[:1], cut, line[-1:]])
    for step, (x, y, r) in enumerate(line.tolist()):
        pen.circle((x, y), r, fill=rings if rings and step % 8 < 3 else fill)
        if step + 1 < len(line):
            pen.line((x, y, *line[step + 1, :2].tolist()), fill=fill if not rings else None, width=int(2 * r))


def _leg(pen: ImageDraw.ImageDraw, fill: Tone, hip: tuple[float, float, float], thin: float, phase: float) -> None:
    x, y, thick = hip
    swing, lift = 8 * math.sin(phase), 3.5 * max(0.0, math.cos(phase))
    foot, bend = x + swing, -1.5 if x < 50 else 1.5
    knee, shin = (x + swing * 0.4 - bend, y + 13, thin * 1.4), (foot + bend, 57 - lift, thin)
    _limb(pen, fill, ((x, y, thick), knee, shin, (foot, 60 - lift, thin)))
    _limb(pen, fill, ((foot, 61 - lift, thin * 0.9), (foot + 3, 61.3 - lift, thin * 0.8)))


def _rosettes(animal: Image.Image, rng: np.random.Generator) -> None:
    coat = Image.new("RGBA", animal.size)
    pen = ImageDraw.Draw(coat)
    for row, column in np.ndindex(9, 16):
        x, y = (np.array((12 + 5 * column + 2.5 * (row % 2), 24 + 4.4 * row)) + rng.normal(0, 0.6, 2) + (22, 30)) * UNIT
        size = UNIT * (1.75 if row < 5 and column > 1 else 0.8) * rng.uniform(0.8, 1.15)
        box = (x - size, y - 0.8 * size, x + size, y + 0.8 * size)
        pen.ellipse(box, fill=(150, 145, 137))
        for start in rng.uniform(0, 120) + np.array((0, 120, 240)):
            pen.arc(box, start, start + rng.uniform(70, 105), fill=CAT_SPOT, width=int(size * 0.5))
    animal.paste(coat, mask=ImageChops.multiply(coat.getchannel("A"), animal.getchannel("A")))


def _rounded(animal: Image.Image) -> Image.Image:
    """Darken what is turned away from the sky, so that the animal looks round."""
    alpha = animal.getchannel("A")
    below = ImageChops.offset(alpha.filter(ImageFilter.BoxBlur(16)), 0, -14)
    light = below.point([150 + 105 * level // 255 for level in range(256)])
    shaded = ImageChops.multiply(animal.convert("RGB"), Image.merge("RGB", (light, light, light)))
    shaded.putalpha(alpha)
    return shaded
