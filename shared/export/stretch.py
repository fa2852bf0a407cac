"""Some labels' worth of an export: as much as one call should give."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shared.export.form import Form, Texts
from shared.export.survey import Survey
from shared.export.tally import Tally
from shared.export.wanted import Wanted
from shared.label import Label

# So many labels are exported, or looked at in vain, or letters written, before a call gives what it has.
LABELS, LOOKED_AT, LETTERS = 500, 5_000, 4_000_000


@dataclass(frozen=True, slots=True)
class Stretch:
    """What came of some labels."""

    texts: Texts  #: by part
    last: Label | None  #: the last label that was looked at; None where there are no more


def stretch(labels: Iterable[Label], form: Form, survey: Survey, wanted: Wanted, tally: Tally) -> Stretch:
    """The texts of the next labels that are wanted; the tally grows by them."""
    pieces: dict[str, list[str]] = {part: [] for part in form.parts}
    exported = letters = 0
    for looked_at, label in enumerate(labels, 1):
        if wanted.takes(label, survey.began(label)):
            exported += 1
            for part, text in form.pass_on(label, survey, tally).items():
                pieces[part].append(text)
                letters += len(text)
        if exported == LABELS or letters > LETTERS or looked_at == LOOKED_AT:
            return Stretch(_joined(pieces), label)
    return Stretch(_joined(pieces), None)


def _joined(pieces: dict[str, list[str]]) -> Texts:
    return {part: "".join(texts) for part, texts in pieces.items()}
