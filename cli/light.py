"""From a scene to a camera's picture: the light of the hour, the sensor's noise, and the strip of data below."""

from __future__ import annotations

import math
import unicodedata
from datetime import datetime, timedelta
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT, MARGIN = 1280, 960, 12
STRIP = round(0.06 * HEIGHT)
NEW_MOON, MOON_DAYS = datetime.fromisoformat("2000-01-06T18:14"), 29.530588


def is_night(moment: datetime) -> bool:
    """Say whether the camera's infra-red lamp is on."""
    return not 6 <= moment.hour < 19


def expose(scene: Image.Image, moment: datetime, rng: np.random.Generator) -> Image.Image:
    """Shake the camera a little, light the scene for the hour, and add the sensor's noise."""
    left, top = np.clip(rng.normal(MARGIN, 3, 2), 0, 2 * MARGIN).astype(int).tolist()
    scene = scene.crop((left, top, left + WIDTH, top + HEIGHT))
    x, y = rng.integers(0, 256, 2)
    grain = _grain()[y : y + HEIGHT, x : x + WIDTH]
    if is_night(moment):
        seen = np.asarray(scene.convert("L"), np.float32)[..., None] * _lamp() * rng.uniform(1.2, 1.3) + 14 + 5 * grain
        return Image.fromarray(np.clip(seen, 0, 255).astype(np.uint8)[..., 0]).convert("RGB")
    high = math.sin(math.pi * (moment.hour + moment.minute / 60 - 5) / 15)
    light = np.array((1.06, 0.96, 0.86)) + np.array((-0.04, 0.05, 0.16)) * high
    seen = np.asarray(scene, np.float32) * (light * rng.uniform(0.99, 1.01)).astype(np.float32) + 4 * grain
    return Image.fromarray(np.clip(seen, 0, 255).astype(np.uint8))


def burn_in(photo: Image.Image, camera: str, moment: datetime, warmer: int) -> None:
    """Print date, time, moon, temperature and camera over the bottom of the picture, as far as the font knows them."""
    pen, font, middle = ImageDraw.Draw(photo), ImageFont.load_default(STRIP * 0.55), HEIGHT - STRIP // 2
    pen.rectangle((0, HEIGHT - STRIP, WIDTH, HEIGHT), fill="black")
    degrees = round(-6 + 7 * math.sin((moment.hour - 9) / 12 * math.pi)) + warmer
    name = unicodedata.normalize("NFKD", camera).encode("ascii", "ignore").decode().upper()
    pen.text((24, middle), f"{moment:%Y-%m-%d   %H:%M:%S}", "white", font, "lm")
    pen.text((640, middle), f"{degrees}°C", "white", font, "lm")
    pen.text((WIDTH - 24, middle), name, "white", font, "rm")
    _moon(pen, (540, middle), (moment - NEW_MOON) / timedelta(days=MOON_DAYS) % 1)


@cache
def _grain() -> NDArray[np.float32]:
    return np.random.default_rng(0).normal(0, 1, (HEIGHT + 256, WIDTH + 256, 1)).astype(np.float32)


@cache
def _lamp() -> NDArray[np.float32]:
    """How much of the infra-red lamp's light comes back: little from far away and from the corners."""
    down, across = np.mgrid[-1 : 1 : HEIGHT * 1j, -1 : 1 : WIDTH * 1j].astype(np.float32)
    back = np.exp(-(across**2) * 0.9 - (down - 0.35) ** 2 * 1.1) * np.clip(0.35 + (down + 0.35), 0.12, 1)
    return np.asarray(back[..., None], np.float32)


def _moon(pen: ImageDraw.ImageDraw, centre: tuple[int, int], phase: float) -> None:
    (x, y), r, edge = centre, STRIP * 0.28, STRIP * 0.28 * math.cos(2 * math.pi * phase)
    turn = -90 if phase < 0.5 else 90
    pen.pieslice((x - r, y - r, x + r, y + r), turn, turn + 180, fill="white")
    pen.ellipse((x - abs(edge), y - r, x + abs(edge), y + r), fill="black" if edge > 0 else "white")
    pen.circle((x, y), r, outline="white", width=2)
