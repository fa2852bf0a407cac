"""What a source of labels was found to name: what can be learnt from, and how much else there is."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass, replace

from training.manifest import Classes, Example

# What is written of a picture that nobody could tell, or looked at yet, by Camtrap DP and in LILA's COCO files.
NOTHING = frozenset(("", "unknown", "unclassified", "unidentified", "unlabeled"))

#: An image, and every species that was said of it.
type Named = tuple[Example, Set[str]]


@dataclass(frozen=True, slots=True)
class Found:
    """Labelled images, and how many more were named that nothing is learnt from, by reason."""

    examples: tuple[Example, ...]
    n_missing: int = 0  #: labelled, but the file is not there
    n_unjudged: int = 0  #: nobody said what they show
    n_several: int = 0  #: of species that make up several classes


def sift(named: Iterable[Named], rules: Classes) -> Found:
    """The images of which one species was said, or several that the rules put in one class."""
    examples, unjudged, several = list[Example](), 0, 0
    for example, said in named:
        species = sorted(one for one in said if one.casefold() not in NOTHING)
        classes = {rules.of(one) for one in species}
        unjudged += not species
        if len(species) == 1 or (len(classes) == 1 and None not in classes):
            examples.append(replace(example, species=species[0]))
        else:
            several += bool(species)
    return Found(tuple(examples), n_unjudged=unjudged, n_several=several)
