"""What people decided goes to the frames, and at once to the label of their sequence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from functions import telemetry
from shared.day import Ask
from shared.decision import Decision
from shared.label import Changes, Label, Stored
from shared.trace import Trace
from shared.verdict import Verdict, overruled

if TYPE_CHECKING:
    from shared.store import Store


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of a decision: the label as it is now, and the verdict of somebody else that stood in its way."""

    label: Label | None  #: None where the sequence is no more: it grew at its start, was split, or merged
    standing: Verdict | None = None


def run(decision: Decision, *, store: Store, see_to: Callable[[Ask], object], now: Callable[[], datetime]) -> Judged:
    """Writes a decision, unless somebody else decided what its maker had not seen; safe to run again at any point.

    The days are asked for twice. Before anything is written, so that `finalize` makes the labels follow should this
    stop half way, as it does where the sequence is no longer what the maker saw. And after, since the first message may
    have been answered meanwhile: the label may have followed here already, but its day has yet to tell. `see_to` asks
    for a day. `now` is UTC.
    """

    def ask_for(own: Decision) -> None:
        for day in own.days:
            see_to(Ask(own.camera, day))

    with telemetry.step("judge", Trace()):
        standing, own = keep(decision, store, ask_for)
        label = follow(decision.camera, decision.sequence_id, store, now())
        for made in own:
            ask_for(made)
        telemetry.tell("a decision is kept", frames=len(decision.frames), refused=standing is not None)
        return Judged(label, standing)


def keep(
    decision: Decision, store: Store, ask_for: Callable[[Decision], None]
) -> tuple[Verdict | None, list[Decision]]:
    """Writes a decision to those of its frames that exist: the verdict in its way, or none; and what was written."""
    while True:
        found = store.read_verdicts(decision.camera, set(decision.frames))
        if standing := overruled((verdict for verdict, _ in found.values()), decision.seen, decision.by):
            return standing, []
        own = decision.among(found)
        for made in own:
            ask_for(made)
        if not own or store.decide(own, {row_key: etag for row_key, (_, etag) in found.items()}):
            return None, own


def follow(camera: str, sequence_id: str, store: Store, now: datetime) -> Label | None:
    """Makes a label's verdicts those of its frames; None where there is no such label (any more)."""
    while stored := store.read_label(camera, sequence_id):
        verdicts = store.read_verdicts(camera, {shot.row_key for shot in stored.label.frames})
        want = stored.label.under({row_key: verdict for row_key, (verdict, _) in verdicts.items()})
        if want == stored.label:
            return want
        store.apply(Changes((), (Stored(want, stored.etag),), ()), now)
    return None
