"""What came of a retraining: for programs as JSON, for people as a page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Self

from training.contest import Contest

# A page for people: more names than these are counted, not listed.
_NAMES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Whether a new head became current, and on what grounds."""

    head: str  #: its version
    champion: str  #: version of the head that was current; empty where there was none
    becomes_current: bool
    reason: str  #: one sentence
    measure: str
    contest: Contest | None  #: None where a fair trial was impossible
    held_out: tuple[str, ...]  #: cameras that the new head never saw
    advantage: tuple[str, ...]  #: those of them that the champion was trained on
    images_by_class: Mapping[str, int] = field(default_factory=dict)
    rules: str = ""
    aim: str = ""
    by: str = ""  #: who asked
    request: str = ""  #: of which request this came

    def to_json(self) -> str:
        """The outcome as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)

    @classmethod
    def of_json(cls, text: str | bytes) -> Self:
        """The outcome that `to_json` wrote; raises ValueError, KeyError or TypeError for anything else."""
        said = json.loads(text)
        known = {one.name: said[one.name] for one in fields(cls)}
        contest = Contest(**known["contest"]) if known["contest"] else None
        names = {name: tuple(known[name]) for name in ("held_out", "advantage")}
        return cls(**known | names | {"contest": contest})

    @property
    def line(self) -> str:
        """The outcome in one line."""
        if self.contest is None:
            return self.reason
        one = self.contest
        measure = self.measure[:1].upper() + self.measure[1:]
        return f"{self.reason} {measure}: {one.champion:.3f} before, {one.challenger:.3f} now"


def understood(report: str | bytes | None) -> Outcome | None:
    """The outcome in a report; None where there is none, or none that this version can read."""
    try:
        return Outcome.of_json(report) if report else None
    except (ValueError, KeyError, TypeError):
        return None


def page(outcome: Outcome) -> str:
    """The outcome as Markdown, for people; names in it are shown as they are, whatever they are."""
    champion = plain(outcome.champion) or "none"
    counts = [f"- {plain(name)}: {number:,} images" for name, number in outcome.images_by_class.items()]
    lines = [
        f"# Head {plain(outcome.head)}",
        "",
        f"**{'It is current.' if outcome.becomes_current else 'It is kept as a candidate.'}** {plain(outcome.reason)}",
        "",
        *_trial(outcome),
        "## Made from",
        "",
        *counts,
        "",
        f"Champion: {champion}. Classes: {plain(outcome.rules) or 'each species its own'}. "
        f"Aim: {plain(outcome.aim) or 'none'}. Asked for by: {plain(outcome.by) or 'nobody named'}.",
    ]
    return "\n".join(lines) + "\n"


def plain(text: str) -> str:
    """A text from a stranger as Markdown that shows it and does nothing else."""
    shown = "".join(letter if letter.isprintable() else "�" for letter in text)
    return re.sub(r"([!-+./:-@\[-`{-~])", r"\\\1", shown)


def _trial(outcome: Outcome) -> list[str]:
    one = outcome.contest
    if one is None:
        return []
    certainty = "" if one.low > 0 or one.high < 0 else " The interval holds 0: the difference may be chance."
    advantage = (
        [f"The champion was trained on {_listed(outcome.advantage)}, which is its advantage here.", ""]
        if outcome.advantage
        else []
    )
    return [
        "## Trial",
        "",
        f"| {plain(outcome.measure)} | |",
        "|---|---|",
        f"| champion | {one.champion:.3f} |",
        f"| challenger | {one.challenger:.3f} |",
        f"| difference (95 %) | {one.lead:+.3f} ({one.low:+.3f} to {one.high:+.3f}) |",
        "",
        f"On {one.sequences:,} sequences of cameras that the challenger never saw: "
        f"{_listed(outcome.held_out)}.{certainty}",
        "",
        *advantage,
    ]


def _listed(names: Iterable[str]) -> str:
    names = list(names)
    more = f" and {len(names) - _NAMES:,} more" if len(names) > _NAMES else ""
    return ", ".join(plain(name) for name in names[:_NAMES]) + more
