"""What a sequence counts for: the word of people before that of the machine."""

from __future__ import annotations

from shared.brief import Brief
from shared.label import CORRUPT, UNKNOWN
from shared.verdict import BLANK, is_blank

# One word for a picture with nothing in it, whichever of them was said.
NOTHING = BLANK[0]
# No species: what Uncia itself says, and what Camtrap DP calls other types of observation.
_NO_SPECIES = frozenset({*BLANK, UNKNOWN, CORRUPT, "human", "person", "people", "vehicle", "animal", "unclassified"})


def plain(word: str) -> str:
    """A word as it is counted."""
    return NOTHING if is_blank(word) else word


def words(brief: Brief, *, machine: bool = False) -> tuple[str, ...]:
    """Each species that people said of a sequence, else its label; its label anyhow for `machine`.

    Who saw nothing on some of the frames did not say that the others are blank.
    """
    said = tuple(dict.fromkeys(plain(word) for word in brief.said))
    silent = not said or (said == (NOTHING,) and not brief.complete)
    return (plain(brief.label),) if machine or silent else said


def is_species(word: str) -> bool:
    """Whether a word is a species: not blank, unknown or corrupt, no human and no vehicle."""
    return word.casefold() not in _NO_SPECIES
