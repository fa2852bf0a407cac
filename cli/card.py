"""A demonstration SD card: labelled bursts to learn from, unlabelled ones to try, and what goes wrong on real cards."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image

from cli.scenery import SCENES, View, landscape, picture

RIDGE, SADDLE, OVERHANG = SCENES
CLASSES = ("snow_leopard", "ibex", "blank")
COLUMNS = ("path", "camera", "captured_at", "species", "sequence", "special")
LEARN_START = datetime.fromisoformat("2024-02-19")
LEARN_FRAMES, BREEZE, STORM = 4, 0.1, 0.9
WORKERS = 2

# The bursts of card/: camera, class, first frame, number of frames, what is special.
CARD_BURSTS = (
    (RIDGE, "snow_leopard", "2024-03-14T21:14:08", 4, ""),
    (RIDGE, "blank", "2024-03-16T10:40:31", 5, ""),
    (RIDGE, "snow_leopard", "2024-03-18T23:59:58", 4, "midnight"),
    (RIDGE, "ibex", "2024-03-21T08:22:45", 4, ""),
    (SADDLE, "blank", "2024-03-15T15:03:12", 4, "wind"),
    (SADDLE, "ibex", "2024-03-17T04:31:50", 4, ""),
    (SADDLE, "snow_leopard", "2024-03-19T16:48:26", 5, ""),
    (SADDLE, "blank", "2024-03-20T02:17:39", 4, ""),
    (OVERHANG, "ibex", "2024-03-14T17:20:03", 4, ""),
    (OVERHANG, "snow_leopard", "2024-03-16T07:36:44", 5, ""),
    (OVERHANG, "ibex", "2024-03-19T22:05:17", 4, "overflow"),
    (OVERHANG, "blank", "2024-03-22T12:55:28", 4, ""),
)
SPOILED = {"Ridge 1/IMG_0014.JPG": "corrupt", "Saddle №2/IMG_0011.JPG": "undated"}
TWINS = {"Überhang/100RECNX/RCNX9994.JPG": "Überhang/100RECNX/RCNX9994 (1).JPG"}


@dataclass(frozen=True)
class Card:
    """Where a drawn card lies and how much is on it."""

    learn: Path
    manifest: Path
    card: Path
    truth: Path
    learn_files: int
    learn_bursts: int
    card_files: int
    card_bursts: int


@dataclass(frozen=True)
class Shot:
    """One file of the card: its view, its burst, its name, and what is special about it."""

    view: View
    sequence: str
    path: str
    special: str = ""

    def row(self) -> tuple[str, ...]:
        """Give the shot's line of the manifest."""
        captured_at = "" if self.special == "undated" else self.view.moment.isoformat()
        return self.path, self.view.camera, captured_at, self.view.species, self.sequence, self.special


def draw_card(folder: Path, *, seed: int = 7, progress: Callable[[int, int], None] = lambda done, total: None) -> Card:
    """Draw the card into a folder; the same seed gives the same bytes."""
    parts = {folder / "learn": _learn_shots(seed), folder / "card": _card_shots(seed)}
    files = [(part / shot.path, shot) for part, shots in parts.items() for shot in shots]
    for path, _ in files:
        path.parent.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(landscape, SCENES))  # kept: every picture begins with one
        contents = pool.map(_file, (shot for _, shot in files))
        for done, ((path, _), content) in enumerate(zip(files, contents, strict=True), 1):
            path.write_bytes(content)
            progress(done, len(files))
    (learn, learned), (card, unknown) = parts.items()
    manifest = _table(learn / "learn.csv", learned, COLUMNS[:-1])
    truth = _table(folder / "truth.csv", unknown, COLUMNS)
    bursts = len({shot.sequence for shot in learned})
    return Card(learn, manifest, card, truth, len(learned), bursts, len(unknown), len(CARD_BURSTS))


def _learn_shots(seed: int) -> list[Shot]:
    """Show every class to every camera by day and by night."""
    rng, shots, taken = np.random.default_rng([seed, 1]), list[Shot](), Counter[str]()
    for turn, (camera, species, night) in enumerate(product(SCENES, CLASSES, (False, True))):
        hour, later = 20 if night else 8, int(rng.integers(8 * 3600))
        start = LEARN_START + timedelta(days=turn % 6 * 2, hours=hour, seconds=later)
        for view in _burst(rng, View(camera, species, start), LEARN_FRAMES):
            taken[camera] += 1
            shots.append(Shot(view, f"L{turn + 1:02}", f"{camera}/IMG_{taken[camera]:04}.JPG"))
    return shots


def _card_shots(seed: int) -> list[Shot]:
    """Take the bursts to be labelled, spoil two files as cards do, and keep one twice."""
    rng, shots, taken = np.random.default_rng([seed, 2]), list[Shot](), Counter[str]()
    for turn, (camera, species, start, frames, special) in enumerate(CARD_BURSTS, 1):
        first = View(camera, species, datetime.fromisoformat(start), wind=STORM if special == "wind" else BREEZE)
        for view in _burst(rng, first, frames):
            taken[camera] += 1
            what = SPOILED.get(path := _name(camera, taken[camera]), special)
            shots.append(Shot(view, "undated" if what == "undated" else f"C{turn:02}", path, what))
    return shots + [replace(shot, path=TWINS[shot.path], special="twin") for shot in shots if shot.path in TWINS]


def _burst(rng: np.random.Generator, first: View, frames: int) -> list[View]:
    """Let the animal walk by, a frame every 1 to 20 seconds; only the second camera's clock knows hundredths."""
    gaps = np.round(rng.uniform(1, 20, frames), 2 if first.camera == SADDLE else 0)
    gaps[0], first = 0, replace(first, burst=int(rng.integers(1 << 30)))
    return [
        replace(first, moment=first.moment + timedelta(seconds=after), walked=n / (frames - 1), frame=first.burst + n)
        for n, after in enumerate(np.cumsum(gaps).round(2).tolist())
    ]


def _name(camera: str, number: int) -> str:
    """Name a file of card/; one camera is near the end of a folder, which holds 9999."""
    if camera != OVERHANG:
        return f"{camera}/IMG_{number:04}.JPG"
    over, rest = divmod(9987 + number, 9999)
    return f"{camera}/{100 + over}RECNX/RCNX{rest + 1:04}.JPG"


def _file(shot: Shot) -> bytes:
    out, exif = io.BytesIO(), b"" if shot.special == "undated" else _exif(shot.view)
    picture(shot.view).save(out, "JPEG", quality=85, exif=exif)
    return out.getvalue()[: out.tell() // 2] if shot.special == "corrupt" else out.getvalue()


def _exif(view: View) -> bytes:
    exif, moment = Image.Exif(), view.moment.strftime("%Y:%m:%d %H:%M:%S")
    exif.update({ExifTags.Base.Make: "UNCIA", ExifTags.Base.Model: "DEMO TRAIL".ljust(24, "\0")})
    exif[ExifTags.Base.DateTime], details = moment, exif.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.DateTimeOriginal] = details[ExifTags.Base.DateTimeDigitized] = moment
    if view.camera == SADDLE:
        details[ExifTags.Base.SubsecTimeOriginal] = f"{view.moment.microsecond // 10_000:02}"
    return exif.tobytes()


def _table(path: Path, shots: list[Shot], columns: tuple[str, ...]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([columns, *(shot.row()[: len(columns)] for shot in shots)])
    return path
