"""What people said becomes a new head, which becomes current where it is better."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from shared.retraining import Retraining

if TYPE_CHECKING:
    from shared.heads import Heads
    from shared.recipe import Recipe
    from shared.store import Store


def run(
    body: bytes, *, store: Store, heads: Heads, recipe: Callable[[], Recipe], relabel: Callable[..., object]
) -> None:
    """Trains on the verdicts, tries the new head beside the current one, and publishes it or keeps it as a candidate.

    Safe to run again at any point: the same verdicts give the same head. `relabel` asks for every day that a head, by
    its version, has not labelled. No image is opened, and no backbone.
    """
    wanted = Retraining.decode(body)
    # scikit-learn takes 1.7 s to import, and every instance imports this module.
    from training import challenge, lessons
    from training.manifest import Classes
    from training.outcome import page, understood

    champion = heads.latest()
    wish = wanted.filled(champion.metadata if champion else {})
    rules = Classes.parse(wish.classes) if wish.classes else Classes()
    learnt = lessons.gathered(store.lessons(), recipe(), rules, store.sequence_ids)
    new = challenge.challenger(learnt, wish.classes, wish.aim)
    found = challenge.decided(new, champion, understood(heads.report(new.head.version)))
    outcome = challenge.answering(found, by=wish.by, request=wish.request)
    # Fitting takes minutes: a head that was published meanwhile has not been compared with, and stays.
    was = champion.version if champion else ""
    heads.keep(new.content, outcome.to_json(), page(outcome), instead=was if outcome.becomes_current else None)
    if outcome.becomes_current:
        relabel(head=outcome.head)
