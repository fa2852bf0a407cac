"""What is told of a label that a rule asks for: once for a sequence and class, however often it is looked at."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from shared.deployment import Clocks
from shared.errors import BadMessage
from shared.frame import time_key, writable
from shared.keys import escape
from shared.label import Changes, Label, Stored
from shared.rule import Rule, matching

# Noted this long ago and not on a queue: whoever noted it was killed, or has yet to write the label.
OVERDUE = timedelta(minutes=5)
# An attempt takes ten seconds at most, and the host waits thirty before the next.
ATTEMPT = timedelta(seconds=20)

# A queue takes 48 KiB: names of 200 letters, of four bytes each, are 16 kB, beside a camera's of 1,024 letters.
RULES_TOLD, PLACE_TOLD = 20, 1_000


class State(StrEnum):
    """How far an alert has come."""

    PENDING = "pending"  # noted, on no queue yet
    SENDING = "sending"  # somebody is putting it on the queues
    QUEUED = "queued"
    TRYING = "trying"  # the webhook is being told, or could not be
    SENT = "sent"  # the webhook took it


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One sequence of one class that somebody is told of; `first` and `last` are row keys that it has covered."""

    camera: str
    label: str
    sequence_id: str  #: when it was noted; a sequence's id changes when an earlier frame comes late
    first: str
    last: str
    message: str  #: JSON, the same at every attempt
    state: State
    since: datetime  #: when it came into this state. UTC
    etag: str = ""

    @property
    def key(self) -> str:
        """Its row key: the same for whoever finds it."""
        return f"{self.sequence_id}~{hashlib.sha256(self.label.encode()).hexdigest()[:16]}"

    @property
    def id(self) -> str:
        """Its name for others, by which a repetition can be known."""
        return name(self.camera, self.key)


def name(camera: str, key: str) -> str:
    """The id of the alert in a row."""
    return hashlib.sha256(f"{camera}\0{key}".encode("utf-8", "surrogatepass")).hexdigest()[:32]


def due(rules: Sequence[Rule], change: Changes, stored: Iterable[Stored], now: datetime, clocks: Clocks) -> list[Alert]:
    """The alerts that a change of a camera's labels asks for, where `stored` is what they replace.

    Only of labels with a frame that no label had before: one that merely was given another class, by another head,
    other limits, or because a frame was deleted, is no news. `now` is UTC.
    """
    before = {shot.row_key for one in stored for shot in one.label.frames}
    new = (*change.create, *(one.label for one in change.update))
    fresh = (label for label in new if rules and not {shot.row_key for shot in label.frames} <= before)
    return [_alert(label, names, now, clocks) for label in fresh if (names := matching(rules, label, now, clocks))]


def _alert(label: Label, rules: Iterable[Rule], now: datetime, clocks: Clocks) -> Alert:
    made = Alert(
        camera=label.camera,
        label=label.label,
        sequence_id=label.sequence_id,
        first=label.sequence_id,
        last=f"{time_key(label.end)}~~" if label.end else label.sequence_id,
        message="",
        state=State.PENDING,
        since=now,
    )
    return replace(made, message=message(made.id, label, [rule.name for rule in rules], now, clocks))


def message(alert_id: str, label: Label, rules: Sequence[str], now: datetime, clocks: Clocks) -> str:
    """What others read: docs/alerts.md describes it. Times are corrected, with their offset; `noticed_at` is UTC."""
    start, end = (clocks.true(label.camera, at) for at in (label.start, label.end))
    where = clocks.where(label.camera, label.start)
    said = {
        "uncia": 1,
        "id": alert_id,
        "rules": list(rules[:RULES_TOLD]),
        "camera": label.camera,
        "sequence_id": label.sequence_id,
        "place": where and where.place and where.place[:PLACE_TOLD],
        "latitude": where and where.latitude,
        "longitude": where and where.longitude,
        "start": start and start.isoformat(),
        "end": end and end.isoformat(),
        "label": label.label,
        "probability": label.probability,
        "n_frames": label.n_frames,
        "head": label.head,
        "noticed_at": now.isoformat(timespec="seconds"),
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def overlap(one: Alert, other: Alert) -> bool:
    """Whether two alerts of one camera are of the same sequence and class, as far as anyone has seen."""
    return one.label == other.label and one.first <= other.last and other.first <= one.last


def noted(new: Alert, known: Sequence[Alert]) -> Alert:
    """The alert that stands for a new one among those known that overlap it: the first, then covering both; or itself.

    So what was once found to be one sequence stays one, whatever is cut off it later.
    """
    if not known:
        return new
    stands = min(known, key=lambda one: one.key)
    return replace(stands, first=min(stands.first, new.first), last=max(stands.last, new.last))


def overdue(alert: Alert, now: datetime) -> bool:
    """Whether an alert has to be put on the queues by somebody else than who noted it."""
    return alert.state in (State.PENDING, State.SENDING) and alert.since < now - OVERDUE


def pending(alert: Alert) -> bool:
    """Whether an alert waits for whoever noted it to put it on the queues."""
    return alert.state is State.PENDING


class Turn(StrEnum):
    """What to do with an alert from the queue."""

    POST = "tell the webhook"
    WAIT = "another instance is telling it"
    NOTHING = "told already, gone, or there is nobody to tell"


def turn(alert: Alert | None, *, hooked: bool, now: datetime) -> Turn:
    """Whose turn it is, where a webhook is set or not. `now` is UTC."""
    if alert is None or alert.state is State.SENT or not hooked:
        return Turn.NOTHING
    return Turn.WAIT if alert.state is State.TRYING and now < alert.since + ATTEMPT else Turn.POST


@dataclass(frozen=True, slots=True)
class Errand:
    """The message on queue `notify`: tell the webhook of this alert."""

    camera: str
    key: str

    def encode(self) -> str:
        """The message's text."""
        return json.dumps({"camera": self.camera, "alert": self.key}, ensure_ascii=False)

    @classmethod
    def decode(cls, body: bytes) -> Errand:
        """The alert that a message names; raises BadMessage for anything else."""
        try:
            said = json.loads(body)
            errand = cls(said["camera"], said["alert"])
            for name, text in asdict(errand).items():
                writable(name, text)
            if escape(errand.key) != errand.key:
                raise ValueError(f"{errand.key[:60]!r} cannot be the key of a row")
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise BadMessage(f"the message names no alert: {error}") from error
        return errand
