"""Images that people have labelled: what `train` and `evaluate` begin with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import Progress

from cli import backbones, screen, stack
from shared.errors import UnciaError
from shared.featurizer import Featurizer
from shared.recipe import Recipe
from shared.settings import Settings

if TYPE_CHECKING:
    from training.cache import Cache
    from training.features import Observed
    from training.found import Found
    from training.manifest import Classes, Example

CACHE = stack.HOME / "cache"

CropTop = Annotated[float | None, typer.Option(min=0, max=0.5, help="Fraction of the height to cut off above.")]
CropBottom = Annotated[float | None, typer.Option(min=0, max=0.5, help="Fraction to cut off below.")]
CacheAt = Annotated[Path, typer.Option(metavar="DIR", help="Folder for what images gave, so that none is read twice.")]


@dataclass(frozen=True, slots=True)
class Labelled:
    """Manifests with the folders of their images, and what to make of them; a crop of None is the settings'."""

    sources: Sequence[Path]
    folders: Sequence[Path]
    cache: Path
    classes: str = ""
    crop_top: float | None = None
    crop_bottom: float | None = None

    @property
    def rules(self) -> Classes:
        """Which species make up which class."""
        from training.manifest import Classes

        return Classes.parse(self.classes) if self.classes else Classes()

    def examples(self) -> list[Example]:
        """The images whose species has a class; raises UnciaError where there is nothing to tell apart."""
        from training.examples import once, read

        rules = self.rules
        examples: list[Example] = []
        for source, folder in zip(self.sources, matched(self.sources, self.folders), strict=True):
            found = read(source, folder, rules)
            examples += found.examples
            tell(source, found)
        examples = once(examples)
        wanted = [example for example in examples if rules.of(example.species)]
        check_classes({str(rules.of(example.species)) for example in wanted}, {one.species for one in examples})
        return wanted

    def recipe(self, settings: Settings) -> Recipe:
        """How their features are made."""
        return Recipe(backbones.digest(settings), *self.crop(settings))

    def crop(self, settings: Settings) -> tuple[float, float]:
        """The fractions of the height to cut off above and below."""
        top = settings.crop_top if self.crop_top is None else self.crop_top
        return top, settings.crop_bottom if self.crop_bottom is None else self.crop_bottom

    def observe(self, examples: Sequence[Example], settings: Settings, bars: Progress) -> tuple[Observed, Cache]:
        """What the images give, from the cache where it is known; the cache has it afterwards."""
        from training.cache import Cache
        from training.features import observe

        recipe = self.recipe(settings)
        task = bars.add_task("features", total=len(examples))
        cache = Cache(self.cache, recipe)

        def featurizer() -> Featurizer:
            return Featurizer(backbones.load(settings), recipe.crop_top, recipe.crop_bottom)

        return observe(examples, featurizer, cache, lambda: bars.advance(task)), cache


def tell(source: Path, found: Found) -> None:
    """Says how many images of a source are left out, and why."""
    reasons = {
        "not there": found.n_missing,
        "nobody said what it shows": found.n_unjudged,
        "several species that are not one class": found.n_several,
    }
    for why, number in reasons.items():
        screen.warn(f"Left out of {source.name}: {screen.counted(number, 'image')}, {why}." if number else "")


def check_classes(classes: set[str], species: set[str]) -> None:
    """Raises UnciaError where there is nothing to tell apart."""
    if len(classes) < 2:
        known = ", ".join(sorted(map(screen.printable, species)))
        raise UnciaError(f"a head needs at least two classes, here there are {len(classes)}; the species are: {known}")


def matched(sources: Sequence[Path], folders: Sequence[Path]) -> Sequence[Path | None]:
    """A folder for each manifest, or none for any; raises UnciaError for too many, too few, or one that is missing."""
    if missing := [folder for folder in folders if not folder.is_dir()]:
        raise UnciaError(f"there is no folder {missing[0]}")
    if not folders:
        return [None] * len(sources)
    if len(folders) == 1:
        return [folders[0]] * len(sources)
    if len(folders) != len(sources):
        raise UnciaError(
            f"give --images once, or once for each of the {len(sources)} manifests; it came {len(folders)} times"
        )
    return folders
