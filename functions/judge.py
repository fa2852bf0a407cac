"""What people decided goes to the frames, and at once to the label of their sequence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from functions import telemetry
from functions.aggregate import see_to
from shared.day import Ask, day_of_key
from shared.decision import Decision
from shared.label import Changes, Label, Stored
from shared.trace import Trace
from shared.verdict import Verdict, overruled

if TYPE_CHECKING:
    from azure.storage.queue import QueueClient

    from shared.store import Store


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of a decision: the label as it is now, and the verdict of somebody else that stood in its way."""

    label: Label | None  #: None where the sequence is no more: it grew at its start, was split, or merged
    standing: Verdict | None = None


def run(
    decision: Decision, *, store: Store, sequences: QueueClient, settle: timedelta, now: Callable[[], datetime]
) -> Judged:
    """Writes a decision, unless somebody else decided what its maker had not seen; safe to run again at any point.

    The days are asked for before anything is written: should this stop half way, `finalize` makes the labels follow, as
    it does where the sequence is no longer what the maker saw. `now` is UTC.
    """
    with telemetry.step("judge", Trace()):
        for day in sorted({day_of_key(row_key) for row_key in decision.frames}):
            see_to(Ask(decision.camera, day), store=store, sequences=sequences, settle=settle, now=now)
        standing = keep(decision, store)
        label = follow(decision.camera, decision.sequence_id, store, now())
        telemetry.tell("a decision is kept", frames=len(decision.frames), refused=standing is not None)
        return Judged(label, standing)


def keep(decision: Decision, store: Store) -> Verdict | None:
    """Writes a decision to those of its frames that exist; the verdict that stands in its way, if there is one."""
    while True:
        found = store.read_verdicts(decision.camera, set(decision.frames))
        if standing := overruled((verdict for verdict, _ in found.values()), decision.seen, decision.by):
            return standing
        own = decision.among(found)
        if own is None or store.decide(own, {row_key: etag for row_key, (_, etag) in found.items()}):
            return None


def follow(camera: str, sequence_id: str, store: Store, now: datetime) -> Label | None:
    """Makes a label's verdicts those of its frames; None where there is no such label (any more)."""
    while stored := store.read_label(camera, sequence_id):
        verdicts = store.read_verdicts(camera, {shot.row_key for shot in stored.label.frames})
        want = stored.label.under({row_key: verdict for row_key, (verdict, _) in verdicts.items()})
        if want == stored.label:
            return want
        store.apply(Changes((), (Stored(want, stored.etag),), ()), now)
    return None
