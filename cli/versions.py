"""Heads that a person names: by a file, or by the beginning of a version."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from cli import backbones
from shared.earlier import version_named
from shared.head import Head
from shared.heads import Heads
from shared.label import Label

_VERSION = re.compile("[0-9a-f]{1,12}")


def read(name: str, heads: Callable[[], Heads]) -> tuple[bytes, Head]:
    """The head in a file or, of that version, in the container `models`; raises HeadRefused or UnciaError."""
    if not _is_version(name):
        return backbones.read_head(Path(name))
    content = heads().read(version_named(name, heads().versions()))
    return content, Head(content)


def known(name: str, labels: Iterable[Label], heads: Callable[[], Heads]) -> str:
    """The version of a head in a file, or of one that a label or the container `models` knows; raises UnciaError."""
    if not _is_version(name):
        return backbones.read_head(Path(name))[1].version
    heard_of = (version for label in labels for version in (label.head, *label.earlier))
    return version_named(name, [*heard_of, *heads().versions()])


def _is_version(name: str) -> bool:
    return not Path(name).is_file() and _VERSION.fullmatch(name) is not None
