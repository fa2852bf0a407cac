"""`uncia backbone build --int8`: a quarter of the size, a third of the time, and the proof that it is as good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
from rich.progress import Progress
from rich.table import Table

from cli import backbones, files, pictures, screen
from cli.labelled import Labelled
from shared.backbone import Backbone
from shared.errors import UnciaError
from shared.featurizer import Featurizer
from shared.image import Corrupt, crop
from shared.settings import Settings

if TYPE_CHECKING:
    from PIL.Image import Image

    from training.arrays import Features
    from training.features import Observed
    from training.manifest import Example
    from training.proof import Proof

# More pictures widen the ranges inside the network by less and less.
CALIBRATED_ON = 200
# Of images that nobody labelled so many are looked at; of labelled ones all, for RN2.
COMPARED_ON = 1_000
FIGURES = ("accuracy", "balanced_accuracy", "roc_auc", "average_precision")


@dataclass(frozen=True, slots=True)
class Trial:
    """What an int8 backbone is calibrated and tried on; `split` is the ladder's, or empty to cross-validate."""

    images: Labelled
    split: str

    @property
    def labelled(self) -> bool:
        """Whether the images have labels, or are a folder of anything."""
        from training import camtrap_dp

        (source,) = self.images.sources
        return bool(self.images.classes) or not source.is_dir() or camtrap_dp.is_package(source)

    def examples(self) -> list[Example]:
        """The images, with labels where there are any."""
        from training.manifest import Example

        if self.labelled:
            return self.images.examples()
        found = evenly(pictures.below(self.images.sources[0]), COMPARED_ON)
        return [Example(one.file, "", None, "", "") for one in found]

    def observe(self, backbone: bytes, examples: Sequence[Example], bars: Progress) -> tuple[Observed, Features]:
        """The images that can be decoded, and their features by this backbone."""
        with TemporaryDirectory() as folder:
            file = Path(folder, "backbone.onnx")
            file.write_bytes(backbone)
            seen, cache = self.images.observe(examples, replace(Settings.from_env(), backbone=file), bars)
            return seen, cache.numbers("features", seen.digests)

    def shown(self, backbone: bytes, examples: Sequence[Example]) -> list[Image]:
        """Pictures as the backbone is shown them: upright, and without their strips."""
        top, bottom = self.images.crop(Settings.from_env())
        featurizer = Featurizer(Backbone(backbone, 1))
        decoded = (featurizer.decode(example.path.read_bytes())[0] for example in examples)
        return [crop(one.pixels, top, bottom) for one in decoded if not isinstance(one, Corrupt)]


def build(backbone: bytes, trial: Trial, out: Path) -> None:
    """Writes the int8 form of a backbone and says how it compares; as the default only where it is good enough."""
    wanted = trial.examples()
    from training.int8 import FEWEST, quantised
    from training.proof import Proof, cosines, rungs, speeds

    with screen.progress() as bars:
        seen, exact = trial.observe(backbone, wanted, bars)
        number = len(seen.examples)
        used = evenly(range(number), max(FEWEST, min(CALIBRATED_ON, number // 2)))
        calibrated = trial.shown(backbone, [seen.examples[place] for place in used])
        bars.add_task("int8", total=None)
        fed = Backbone(backbone, 1)
        smaller = quantised(backbone, [fed.tensor(one) for one in calibrated])
        _, near = trial.observe(smaller, wanted, bars)
        others = sorted(set(range(number)) - set(used)) or used
        alike = cosines(exact[others], near[others])
        found = Proof(
            pictures=len(alike),
            cosine=float(np.mean(alike)),
            low_cosine=float(np.percentile(alike, 1)),
            sizes=(len(backbone), len(smaller)),
            speeds=speeds(backbone, smaller, calibrated),
            rungs=rungs(seen.examples, trial.images.rules, trial.split, (exact, near)) if trial.labelled else None,
        )
    say(found, bool(set(others) - set(used)))
    keep(smaller, found, out)


def say(found: Proof, unseen: bool) -> None:
    """The two backbones side by side."""
    screen.out(table(found))
    screen.note(
        f"cosine to the float features: mean {found.cosine:.4f}, 1st percentile {found.low_cosine:.4f}, over "
        f"{screen.counted(found.pictures, 'image')}{'' if unseen else ', the ones it was calibrated on'}"
    )
    if not found.rungs:
        screen.warn("RN2 was not tried: name a manifest instead of a folder, or more images of each class.")


def table(found: Proof) -> Table:
    """Size, speed and RN2's figures of both."""
    from training.evaluation import intervals

    shown = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("", "float", "int8"):
        shown.add_column(column)
    shown.add_row("MB", *(f"{size / 1e6:.1f}" for size in found.sizes))
    shown.add_row("images/s on one thread", *(f"{speed:.1f}" for speed in found.speeds))
    if found.rungs:
        rows = zip(FIGURES, *(intervals(one, *FIGURES) for one in found.rungs), strict=True)
        for name, *both in rows:
            shown.add_row(f"RN2, {name.replace('_', ' ')}", *both)
    return shown


def keep(backbone: bytes, found: Proof, out: Path) -> None:
    """Writes the backbone; raises UnciaError where it would be the default and is not good enough."""
    if found.refusal and out.resolve() == backbones.PACKAGED.resolve():
        raise UnciaError(f"int8 is refused as the default: {found.refusal}; --out keeps it under another name")
    if found.refusal:
        screen.warn(f"Not good enough to be the default: {found.refusal}.")
    files.write(out, backbone)
    screen.note(f"backbone written to {out}")


def evenly[T](things: Sequence[T], number: int) -> list[T]:
    """At most so many of the things, spread over all of them."""
    step = max(1.0, len(things) / number)
    return [things[int(place * step)] for place in range(min(number, len(things)))]
