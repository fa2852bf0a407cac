"""The wall of sequences, and what there is to filter it by."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from functions.web import Answer, Asked
from shared.brief import Brief
from shared.sheet import sheet
from shared.wall import choices, page
from shared.wish import Wish

if TYPE_CHECKING:
    from shared.deployment import Clocks
    from shared.head import Head
    from shared.label import Label
    from shared.store import Store

# One call to storage for each sequence shown: one after another, 48 of them would take a second and more.
WORKERS = 16


def run(asked: Asked, *, store: Store, clocks: Clocks) -> Answer:
    """A page of the wall, each sequence with its frames; those that no longer fit the wish are left out."""
    wish = Wish.parse(asked.query)
    found = page(store.briefs(wish.camera, *wish.days(clocks)), wish, clocks)
    with ThreadPoolExecutor(WORKERS) as pool:
        read = [(one, Brief.of(one)) for one in pool.map(lambda brief: _label(brief, store), found.shown) if one]
    kept = [(one, brief) for one, brief in read if wish.fits(brief, clocks.true(one.camera, one.start))]
    # What was decided since a day told of its sequences is on the labels already.
    since = sum(brief.complete for _, brief in kept) - sum(brief.complete for brief in found.shown)
    told = {"after": found.after, "sequences": found.sequences, "reviewed": found.reviewed + since}
    return Answer.of(told | {"shown": [sheet(label, clocks) for label, _ in kept]})


def about(asked: Asked, *, store: Store, head: Callable[[], Head | None], local: bool) -> Answer:
    """Who asks, the current head's classes and thresholds, and what the wall can be filtered by."""
    current = head()
    classes = {} if current is None else {name: current.thresholds[name] for name in current.classes}
    version = current.version if current else ""
    told = {"who": asked.who, "local": local, "classes": classes, "head": version}
    return Answer.of(told | choices(store.briefs()))


def _label(brief: Brief, store: Store) -> Label | None:
    stored = store.read_label(brief.camera, brief.sequence_id)
    return stored.label if stored else None
