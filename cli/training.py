"""`uncia train`: from manifests to a head's file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cli import backbones, files, screen
from cli.labelled import Labelled
from shared.head import Head
from shared.settings import Settings


def train(labelled: Labelled, out: Path, aim: str) -> Head:
    """Writes a head trained on these images, and a card beside it; says on what."""
    files.check(out)
    settings, wanted = Settings.from_env(), labelled.examples()
    from training.aim import Aim

    goal = Aim.parse(aim) if aim else None
    screen.warn(backbones.warning(settings))
    from training import head  # scikit-learn takes its time: after the mistakes that are quickly told
    from training.part import part_of

    with screen.progress() as bars:
        seen, cache = labelled.observe(wanted, settings, bars)
        bars.add_task("fitting", total=None)
        purpose = head.Purpose(cache.recipe, backbones.name(settings), labelled.classes, goal)
        content, said = head.train(
            cache.numbers("features", seen.digests),
            part_of(seen.examples, labelled.rules),
            purpose,
            mirrored=cache.numbers("mirrored", seen.digests),
            corrupt=seen.n_corrupt,
        )
    return keep(content, said, out)


def keep(content: bytes, said: Mapping[str, Any], out: Path) -> Head:
    """Writes a head and its card, and says what the head knows."""
    from training.card import card

    trained = Head(content)
    files.write(out, content)
    files.write(out.with_suffix(".md"), card(trained.version, said).encode())
    report(said, out)
    return trained


def report(said: Mapping[str, Any], out: Path) -> None:
    """Says what the head knows."""
    trained_on, score = said["trained_on"], said["log_loss"]
    by_class = ", ".join(f"{screen.printable(name)} {count}" for name, count in trained_on["images_by_class"].items())
    images, sequences, cameras = (
        screen.counted(trained_on[noun + "s"], noun) for noun in ("image", "sequence", "camera")
    )
    screen.note(f"trained on {images} in {sequences} from {cameras}: {by_class}")
    chosen = "too few sequences to choose C by" if score is None else f"log loss {score:.3f}, sequences held out"
    screen.note(f"C = {said['strength']:g} ({chosen}); written to {out}, its card to {out.with_suffix('.md')}")
