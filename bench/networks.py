"""The backbones that are measured: the one in force, and one of int8 that is made of it once and kept."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from PIL import ImageOps

from bench import outcome
from cli import backbones, screen
from shared.backbone import Backbone
from shared.featurizer import Featurizer
from shared.image import Picture
from shared.settings import Settings


@dataclass(frozen=True, slots=True)
class Networks:
    """Two backbones of the same weights, as files, and the name of the first."""

    name: str
    exact: Path
    int8: Path


def made(pictures: Sequence[bytes], folder: Path = outcome.FOLDER) -> Networks:
    """The backbone in force and its int8 form, calibrated on pictures; it takes a minute or two to make, once."""
    settings = Settings.from_env()
    exact, name = backbones.path(settings), backbones.name(settings)
    content = exact.read_bytes()
    smaller = folder / f"int8-{hashlib.sha256(content).hexdigest()[:12]}.onnx"
    if not smaller.exists():
        screen.note(f"making an int8 backbone of {name}, once: {smaller}")
        folder.mkdir(parents=True, exist_ok=True)
        draft = smaller.with_suffix(".part")
        draft.write_bytes(quantised(content, pictures))
        draft.replace(smaller)
    return Networks(name, exact, smaller)


def quantised(backbone: bytes, pictures: Sequence[bytes]) -> bytes:
    """An int8 backbone, calibrated on pictures and on their mirror images: its speed is that of any other."""
    from training.int8 import FEWEST, quantised

    network = Backbone(backbone, 2)
    decode = Featurizer(network).decode
    seen = [found.pixels for one in pictures if isinstance(found := decode(one)[0], Picture)]
    fed = [network.tensor(one) for one in (*seen, *map(ImageOps.mirror, seen))]
    return quantised(backbone, [*islice(cycle(fed), FEWEST)])
