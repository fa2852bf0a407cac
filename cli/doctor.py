"""`uncia doctor`: what is well, and what to do about the rest."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from azure.core.exceptions import AzureError

from cli import backbones, screen, storage
from cli.stack import ROOT
from shared import connect
from shared.errors import UnciaError
from shared.failure import Failure
from shared.recipe import Recipe
from shared.settings import Settings


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was examined."""

    what: str
    well: bool
    said: str


def examine(settings: Settings, data: Path) -> list[Finding]:
    """Everything a working Uncia needs, in the order in which to mend it."""
    checks: tuple[tuple[str, Callable[[], str]], ...] = (
        ("Python", python),
        ("Azurite", azurite),
        ("backbone", lambda: backbone(settings)),
        ("storage", lambda: reach(data)),
    )
    stored: tuple[tuple[str, Callable[[], str]], ...] = (
        ("head", lambda: head(settings, data)),
        ("recipes", lambda: recipes(settings, data)),
        ("queues", lambda: queues(data)),
        ("failures", lambda: failures(data)),
    )
    here = [finding_of(what, check) for what, check in checks]
    return here + [finding_of(what, check) for what, check in stored] if here[-1].well else here


def good(findings: Iterable[Finding]) -> bool:
    """Whether nothing needs mending."""
    return all(finding.well for finding in findings)


def finding_of(what: str, check: Callable[[], str]) -> Finding:
    """What a check says, or what it raises."""
    try:
        return Finding(what, True, check())
    except UnciaError as error:
        return Finding(what, False, str(error))
    except AzureError as error:
        return Finding(what, False, f"storage answered with an error: {screen.first_line(error)}")


def python() -> str:
    """The interpreter's version."""
    return ".".join(map(str, sys.version_info[:3]))


def azurite() -> str:
    """Whether the local storage is installed."""
    if not (ROOT / "devhost" / "azurite" / "node_modules").is_dir():
        raise UnciaError("not installed: run `make setup`")
    return "installed"


def backbone(settings: Settings) -> str:
    """The backbone in use."""
    loaded = backbones.load(settings)
    return backbones.warning(settings) or f"{loaded.version}, {loaded.n_features} features"


def reach(data: Path) -> str:
    """The storage in use."""
    connection = storage.found(data)
    days = sum(1 for _ in storage.store(connection).read_days())
    return f"{storage.images(connection).account_name} answers, {days} camera-days in it"


def head(settings: Settings, data: Path) -> str:
    """The current head, and whether it fits the backbone."""
    current = storage.heads(storage.found(data)).current()
    if current is None:
        raise UnciaError("none is published: train one with `uncia train`, then `uncia publish HEAD.onnx`")
    if current.recipe.backbone != backbones.digest(settings):
        raise UnciaError(f"{current.version} was trained on another backbone ({current.backbone_name}): train it again")
    return f"{current.version}: {', '.join(current.classes)}"


def recipes(settings: Settings, data: Path) -> str:
    """How many frames were made by which other recipe: no head in force here can score them."""
    wanted = backbones.in_force(settings, data)
    frames = storage.store(storage.found(data)).frames_of_other_recipes(str(wanted))
    other = Counter((frame.recipe, frame.backbone) for frame in frames)
    if other:
        said = ", ".join(f"{number:,} by {described(*made)}" for made, number in other.most_common())
        raise UnciaError(f"frames of another recipe, which go unlabelled: {said}; run `uncia reconcile --recipe`")
    return f"all frames were made by {wanted.backbone[:8]}, {cropped(wanted)}"


def described(recipe: str, backbone: str) -> str:
    """A recipe for people: the backbone's name, where it is known, and the crop."""
    try:
        said = Recipe.parse(recipe)
    except ValueError:
        return f"{recipe!r}, which is none"
    return f"{screen.printable(backbone) or said.backbone[:8]}, {cropped(said)}"


def cropped(recipe: Recipe) -> str:
    """The crop for people."""
    if not (recipe.crop_top or recipe.crop_bottom):
        return "uncropped"
    return f"cropped by {recipe.crop_top:g} above and {recipe.crop_bottom:g} below"


def queues(data: Path) -> str:
    """What waits."""
    names = ("frames", "sequences")
    counts = {name: connect.queue(storage.found(data), name).get_queue_properties() for name in names}
    return ", ".join(f"{said.approximate_message_count} in {name}" for name, said in counts.items())


def failures(data: Path) -> str:
    """What the host gave up on."""
    return none_of(storage.failures(storage.found(data)).all())


def none_of(failures: Iterable[Failure]) -> str:
    """Raises UnciaError where failures wait for a person; others are sent again by themselves."""
    waits = Counter(one.due is None for one in failures)
    if waits[True]:
        raise UnciaError(f"{screen.counted(waits[True], 'failure')} waiting for you: `uncia failures` says why")
    return f"{screen.counted(waits[False], 'failure')}, sent again by themselves" if waits[False] else "none"
