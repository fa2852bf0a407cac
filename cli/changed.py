"""`uncia labels --changed-since HEAD`: the sequences that this head gave another label than they have."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence

import typer

from cli import screen, versions
from shared.earlier import Said
from shared.heads import Heads
from shared.label import Label
from shared.rows import label_json


def changes(labels: Sequence[Label], head: str, heads: Callable[[], Heads], *, as_json: bool) -> None:
    """Shows the labels that differ from what a head said, with that; raises UnciaError for a head unheard of."""
    version = versions.known(head, labels, heads)
    found = [(label, said) for label, said in words(labels, version) if said[0] != label.label]
    if as_json:
        listed = [label_json(label) | {"was": {"label": said[0], "probability": said[1]}} for label, said in found]
        typer.echo(json.dumps(listed, ensure_ascii=False, indent=1))
    else:
        screen.out(screen.label_table([label for label, _ in found], [said[0] for _, said in found]))
    strange = sum(version not in (label.head, *label.earlier) for label in labels)
    screen.note(f"{screen.counted(len(found), 'sequence')} of {len(labels):,} changed since head {version}")
    if strange:
        screen.note(f"{screen.counted(strange, 'sequence')} left out: that head never labelled them as they are now")


def words(labels: Iterable[Label], version: str) -> Iterable[tuple[Label, Said]]:
    """The labels that another head gave, each with what this one said of the sequence before."""
    return ((label, label.earlier[version]) for label in labels if label.head != version and version in label.earlier)
