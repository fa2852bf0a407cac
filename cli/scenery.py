"""Camera-trap pictures drawn from nothing: mountains, a snow leopard or an ibex walking by, daylight or infra-red."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from cli.animals import Tone, sprite
from cli.light import HEIGHT, MARGIN, WIDTH, burn_in, expose, is_night

FULL = (WIDTH + 2 * MARGIN, HEIGHT + 2 * MARGIN)
STRAW = (164, 150, 108)
HORIZON = (0.55, 0.52, 0.54, 0.53)
# Sky, mountains and ground; then each crest from far to near as heights from left to right.
SCENES = {
    "Ridge 1": (
        ((150, 182, 214), (132, 138, 152), (142, 136, 124)),
        ((0.34, 0.12, 0.30, 0.10, 0.33), (0.50, 0.40, 0.46, 0.36, 0.28)),
    ),
    "Saddle №2": (
        ((170, 192, 206), (150, 136, 120), (146, 138, 112)),
        ((0.16, 0.30, 0.34, 0.20, 0.10), (0.12, 0.36, 0.50, 0.44, 0.18)),
    ),
    "Überhang": (
        ((158, 176, 200), (142, 130, 128), (140, 132, 126)),
        ((0.38, 0.30, 0.14, 0.26, 0.20), (0.26, 0.44, 0.50, 0.48, 0.40)),
    ),
}


@dataclass(frozen=True)
class View:
    """What stands before which camera when the shutter fires."""

    camera: str
    species: str
    moment: datetime
    walked: float = 0.5
    burst: int = 0
    frame: int = 0
    wind: float = 0.1


def picture(view: View) -> Image.Image:
    """Take the picture of a view; the same view gives the same pixels."""
    rng = np.random.default_rng(view.frame)
    scene = landscape(view.camera).copy()
    if view.species != "blank":
        _walk(scene, view, np.random.default_rng(view.burst))
    _grass(scene, view.camera, view.wind * rng.normal(0, 1))
    photo = expose(scene, view.moment, rng)
    burn_in(photo, view.camera, view.moment, view.burst % 5)
    return photo


def _clouds(rng: np.random.Generator, cells: int) -> NDArray[np.float32]:
    """Smooth noise between -1 and 1 with details down to single pixels."""
    total = np.zeros(FULL[::-1], np.float32)
    for octave in range(6):
        grid = rng.uniform(-1, 1, (cells << octave, cells << octave)).astype(np.float32)
        total += np.asarray(Image.fromarray(grid).resize(FULL, Image.Resampling.BICUBIC)) / 1.6**octave
    return np.clip(total / 1.7, -1, 1)


def _crest(rng: np.random.Generator, knots: tuple[float, ...], rough: float) -> NDArray[np.float64]:
    across = np.linspace(0, 1, FULL[0])
    line = np.interp(across, np.linspace(0, 1, len(knots)), knots)
    for points in (9, 18, 36, 72, 144, 288):
        line += np.interp(across, np.linspace(0, 1, points), rng.normal(0, rough / points, points))
    return line * FULL[1]


@cache
def landscape(camera: str) -> Image.Image:
    """Draw what a camera sees where no animal is and no grass has grown."""
    (sky, rock, ground), crests = SCENES[camera]
    rng = np.random.default_rng(list(camera.encode()))
    down, across = np.mgrid[0 : FULL[1], 0 : FULL[0]].astype(np.float32)
    cloud = _clouds(rng, 3)[..., None]
    view = np.array(sky) + 30 * np.maximum(cloud, 0) + (down[..., None] / FULL[1] - 0.3) * 70
    for far, knots in enumerate(crests):
        crest, grain = _crest(rng, knots, 0.35), _clouds(rng, 5)
        depth = down - crest
        slope = np.convolve(np.gradient(crest), np.ones(25) / 25, "same")
        lit = np.tanh(slope[np.clip(across - 0.45 * depth + 50 * grain, 0, FULL[0] - 1).astype(int)] * 2)
        face = np.array(rock)[None, None] * (1.12 - 0.16 * far + 0.26 * lit + 0.18 * grain)[..., None]
        snow = np.clip((150 - 90 * far - depth + 130 * grain) / 25, 0, 1)[..., None]
        face += (np.array((236, 240, 248)) * (0.9 + 0.14 * lit[..., None]) - face) * snow * 0.9
        view += (face - view) * np.clip(depth, 0, 1)[..., None]
    soil = np.array(ground) * (1 + 0.16 * _clouds(rng, 6) + 0.1 * _clouds(rng, 40))[..., None]
    view += (soil - view) * np.clip((down - _crest(rng, HORIZON, 0.12)) / 3, 0, 1)[..., None]
    return _scree(Image.fromarray(np.clip(view, 0, 255).astype(np.uint8)), ground, rng)


def _scree(scene: Image.Image, ground: Tone, rng: np.random.Generator) -> Image.Image:
    """Strew stones, small and many far away, large and few near by."""
    scene = scene.resize((2 * FULL[0], 2 * FULL[1]))
    pen = ImageDraw.Draw(scene)
    for near in np.sort(rng.beta(1, 2.2, 900)):
        x, y = rng.uniform(0, 2 * FULL[0]), (0.555 + 0.5 * near) * 2 * FULL[1]
        size = (4 + 50 * near) * rng.lognormal(-0.4, 0.5)
        turn = np.sort(rng.uniform(0, 2 * np.pi, 9))
        edge = np.stack([np.cos(turn), 0.62 * np.sin(turn)], 1) * size * rng.uniform(0.8, 1.1, (9, 1))
        tone = rng.uniform(0.72, 1.08)
        for scale, lift, light in ((1.1, 0.22, 0.5), (1, 0, 0.9), (0.72, -0.2, 1.12)):
            fill = tuple(min(255, int(part * tone * light)) for part in ground)
            pen.polygon([tuple(point) for point in edge * scale + (x, y + lift * size)], fill=fill)
    return scene.reduce(2)


def _walk(scene: Image.Image, view: View, rng: np.random.Generator) -> None:
    """Set the animal and its shadow where it has come to: bursts begin or end with half of it in the picture."""
    size, mirrored, leaving = rng.uniform(1.0, 1.15), rng.random() < 0.5, rng.random() < 0.5
    span = (0.40, 0.93) if leaving else (0.07, 0.60)
    across = span[0] + (span[1] - span[0]) * view.walked
    animal = sprite(view.species, 9 * view.walked + rng.uniform(0, 6), rng, shine=is_night(view.moment))
    animal = animal.resize((int(animal.width * size), int(animal.height * size)))
    if mirrored:
        animal, across = animal.transpose(Image.Transpose.FLIP_LEFT_RIGHT), 1 - across
    left, feet = int(across * WIDTH - animal.width / 2), int(rng.uniform(0.82, 0.87) * HEIGHT)
    shadow = Image.new("L", (animal.width, 90))
    ImageDraw.Draw(shadow).ellipse((animal.width * 0.2, 25, animal.width * 0.9, 65), fill=130)
    scene.paste((30, 28, 30), (left, feet - 50), shadow.filter(ImageFilter.GaussianBlur(11)))
    scene.paste(animal, (left, feet - animal.height), animal)


def _grass(scene: Image.Image, camera: str, wind: float) -> None:
    """Let tufts grow in the foreground, bent by the wind."""
    rng, pen = np.random.default_rng(list(camera.encode())), ImageDraw.Draw(scene)
    for _ in range(12):
        root_x, root_y, tall = rng.uniform(0, FULL[0]), rng.uniform(0.84, 0.98) * FULL[1], rng.uniform(40, 95)
        for _ in range(30):
            x, lean, high = root_x + rng.normal(0, 12), rng.normal(0, 0.35) + wind, tall * rng.uniform(0.5, 1)
            tone = rng.uniform(0.6, 1.2)
            middle, tip = (x + 0.3 * lean * high, root_y - 0.6 * high), (x + lean * high, root_y - high)
            fill = tuple(int(part * tone) for part in STRAW)
            pen.polygon(((x - 2, root_y), middle, tip, (middle[0] + 2.5, middle[1]), (x + 2, root_y)), fill=fill)
