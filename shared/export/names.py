"""What classes and people's words mean to others: a scientific name, a human, a vehicle, nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.label import CORRUPT, UNKNOWN

ANIMAL, HUMAN, VEHICLE, BLANK, UNCLASSIFIED = "animal", "human", "vehicle", "blank", "unclassified"
# Camtrap DP's observationType, in its order.
TYPES = (ANIMAL, HUMAN, VEHICLE, BLANK, UNKNOWN, UNCLASSIFIED)
_PEOPLE = "Homo sapiens"
_MEANT = {
    "person": HUMAN, "people": HUMAN, _PEOPLE.casefold(): HUMAN, "empty": BLANK, CORRUPT: UNCLASSIFIED,
    **{name: name for name in TYPES},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Meaning:
    """What kind of thing was seen, and which."""

    kind: str  #: one of TYPES
    scientific_name: str = ""


@dataclass(frozen=True, slots=True)
class Names:
    """Scientific names, or kinds of things, by class or word in `casefold`; case does not matter."""

    said: Mapping[str, str] = field(default_factory=dict)

    def of(self, word: str) -> Meaning:
        """What a word means: as the project says, else as everybody knows, else it is a scientific name itself."""
        name = self._named(word) or word
        kind = _MEANT.get(name.casefold(), ANIMAL)
        if kind == HUMAN:
            return Meaning(kind, _PEOPLE)
        return Meaning(kind, name if kind == ANIMAL and name.casefold() != ANIMAL else "")

    def knows(self, word: str) -> bool:
        """Whether somebody said what a word means."""
        return bool(self._named(word)) or word.casefold() in _MEANT

    def _named(self, word: str) -> str:
        return self.said.get(word.casefold(), "")
