"""The one shape of all formats: files made of parts, and each part of a text before, rows, and a text after."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from shared.export.survey import Placed, Survey
from shared.export.tally import Tally
from shared.label import Label

type Rows = Mapping[str, Sequence[str]]  #: by part
type Texts = dict[str, str]  #: by part


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A format: pure functions from labels to texts, so that files of any size can be written in one pass."""

    name: str
    files: Mapping[str, tuple[str, ...]]  #: each file, and the parts whose texts make it up, in order
    rows: Callable[[Placed, Survey, Tally], Rows]  #: what a label, which the tally has passed, adds to each part
    before: Callable[[Survey], Mapping[str, str]]
    after: Callable[[Survey, Tally], Mapping[str, str]]
    between: str = ""  #: what parts two rows; lines of CSV end themselves
    scored: bool = False  #: whether it has a column for each class, which have to be known beforehand
    named: bool = False  #: whether it takes scientific names

    @property
    def parts(self) -> tuple[str, ...]:
        """All parts."""
        return tuple(part for parts in self.files.values() for part in parts)

    def begin(self, survey: Survey) -> Texts:
        """What stands before the first label."""
        return dict(self.before(survey))

    def pass_on(self, label: Label, survey: Survey, tally: Tally) -> Texts:
        """What a label adds to each part; the tally grows by it."""
        placed = survey.placed(label)
        tally.add(placed)
        return {part: self._joined(part, rows, tally) for part, rows in self.rows(placed, survey, tally).items()}

    def end(self, survey: Survey, tally: Tally) -> Texts:
        """What stands after the last label."""
        return dict(self.after(survey, tally))

    def _joined(self, part: str, rows: Sequence[str], tally: Tally) -> str:
        first = self.between if rows and tally.rows[part] else ""
        tally.rows[part] += len(rows)
        return first + self.between.join(rows)
