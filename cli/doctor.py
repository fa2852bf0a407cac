"""`uncia doctor`: what is well, and what to do about the rest."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from azure.core.exceptions import AzureError

from cli import backbones, storage
from cli.stack import ROOT
from shared import connect
from shared.errors import UnciaError
from shared.settings import Settings


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was examined."""

    what: str
    well: bool
    said: str


def examine(settings: Settings) -> list[Finding]:
    """Everything a working Uncia needs, in the order in which to mend it."""
    checks: tuple[tuple[str, Callable[[], str]], ...] = (
        ("Python", python),
        ("Azurite", azurite),
        ("backbone", lambda: backbone(settings)),
        ("storage", reach),
    )
    stored: tuple[tuple[str, Callable[[], str]], ...] = (
        ("head", lambda: head(settings)),
        ("queues", queues),
        ("failures", failures),
    )
    here = [_finding(what, check) for what, check in checks]
    return here + [_finding(what, check) for what, check in stored] if here[-1].well else here


def good(findings: Iterable[Finding]) -> bool:
    """Whether nothing needs mending."""
    return all(finding.well for finding in findings)


def _finding(what: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(what, True, check())
    except UnciaError as error:
        return Finding(what, False, str(error))
    except AzureError as error:
        return Finding(what, False, f"storage answered with an error: {str(error).partition(chr(10))[0]}")


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


def reach() -> str:
    """The storage in use."""
    return f"{storage.images(storage.found()).account_name} answers with {_count_days()} camera-days"


def _count_days() -> int:
    return sum(1 for _ in storage.store(storage.found()).read_days())


def head(settings: Settings) -> str:
    """The current head, and whether it fits the backbone."""
    current = storage.heads(storage.found()).current()
    if current is None:
        raise UnciaError("none is published: train one with `uncia train`, then `uncia publish HEAD.onnx`")
    if current.recipe.backbone != backbones.digest(settings):
        raise UnciaError(f"{current.version} was trained on another backbone ({current.backbone_name}): train it again")
    return f"{current.version}: {', '.join(current.classes)}"


def queues() -> str:
    """What waits."""
    names = ("frames", "sequences")
    counts = {name: connect.queue(storage.found(), name).get_queue_properties() for name in names}
    return ", ".join(f"{said.approximate_message_count} in {name}" for name, said in counts.items())


def failures() -> str:
    """What the host gave up on."""
    number = sum(1 for _ in storage.store(storage.found()).failures())
    if number:
        raise UnciaError(f"{number} messages failed; the host's log says why")
    return "none"
