"""`uncia train`: from manifests to a head's file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from cli import backbones, files, screen
from shared.errors import UnciaError
from shared.featurizer import Featurizer
from shared.head import Head
from shared.settings import Settings


def train(
    manifests: Sequence[Path],
    folders: Sequence[Path],
    out: Path,
    *,
    classes: str,
    crop_top: float | None,
    crop_bottom: float | None,
) -> Head:
    """Writes a head trained on these manifests' images, and says on what; the crop is the settings' unless given."""
    from training import manifest

    files.check(out)
    settings = Settings.from_env()
    rules = manifest.Classes.parse(classes) if classes else manifest.Classes()
    examples = list(chain.from_iterable(map(manifest.read, manifests, matched(manifests, folders))))
    wanted = [example for example in examples if rules.of(example.species)]
    check_classes({str(rules.of(example.species)) for example in wanted}, {one.species for one in examples})
    from training import features, head  # scikit-learn takes 1.7 s: after the mistakes that are quickly told

    screen.warn(backbones.warning(settings))
    backbone = backbones.load(settings)
    top = settings.crop_top if crop_top is None else crop_top
    bottom = settings.crop_bottom if crop_bottom is None else crop_bottom
    featurizer = Featurizer(backbone, top, bottom)
    with screen.progress() as bars:
        task = bars.add_task("features", total=len(wanted))
        seen = features.observe(wanted, featurizer, lambda: bars.advance(task))
        bars.add_task("fitting", total=None)
        names = [str(rules.of(example.species)) for example in seen.examples]
        fitted = head.fit(seen.features, names, [example.sequence for example in seen.examples])
    trained_on = summary(seen, names)
    content = head.to_onnx(fitted, head.metadata(fitted, featurizer, trained_on))
    files.write(out, content)
    report(trained_on, fitted.strength, fitted.score, out)
    return Head(content)


def check_classes(classes: set[str], species: set[str]) -> None:
    """Raises UnciaError where there is nothing to tell apart."""
    if len(classes) < 2:
        known = ", ".join(sorted(species))
        raise UnciaError(f"a head needs at least two classes, here there are {len(classes)}; the species are: {known}")


def matched(manifests: Sequence[Path], folders: Sequence[Path]) -> Sequence[Path]:
    """A folder for each manifest; raises UnciaError where there are too many or too few, or one is missing."""
    if missing := [folder for folder in folders if not folder.is_dir()]:
        raise UnciaError(f"there is no folder {missing[0]}")
    if len(folders) == 1:
        return [folders[0]] * len(manifests)
    if len(folders) != len(manifests):
        raise UnciaError(
            f"give --images once, or once for each of the {len(manifests)} manifests; it came {len(folders)} times"
        )
    return folders


def summary(seen: Any, names: Sequence[str]) -> dict[str, Any]:
    """What a head was trained on, for its metadata."""
    return {
        "images": len(seen.examples),
        "corrupt": seen.n_corrupt,
        "sequences": len({example.sequence for example in seen.examples}),
        "cameras": len({example.camera for example in seen.examples}),
        "images_by_class": dict(sorted(Counter(names).items())),
    }


def report(trained_on: dict[str, Any], strength: float, score: float | None, out: Path) -> None:
    """Says what the head knows."""
    by_class = ", ".join(f"{name} {count}" for name, count in trained_on["images_by_class"].items())
    images, sequences, cameras = (
        screen.counted(trained_on[noun + "s"], noun) for noun in ("image", "sequence", "camera")
    )
    screen.note(f"trained on {images} in {sequences} from {cameras}: {by_class}")
    chosen = "too few sequences to choose C by" if score is None else f"log loss {score:.3f}, sequences held out"
    screen.note(f"C = {strength:g} ({chosen}); written to {out}")
