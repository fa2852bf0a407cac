"""`uncia batch train`: Spark fits, and everything else is what `uncia train` does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from batch import table
from batch import train as spark_ml
from batch.place import address
from batch.session import opened
from cli import screen, training
from cli.labelled import check_classes
from shared.errors import UnciaError
from shared.head import Head
from shared.recipe import Recipe
from training import head, manifest
from training.aim import Aim
from training.arrays import Indices, Rows
from training.classifier import Classifier
from training.fitting import FOLDS, STRENGTHS, chosen, names_of
from training.manifest import Classes, Example, in_sequences
from training.part import part_of

# Paths of a manifest are below what was featurized, which need not be on this machine.
_TOP = Path("/")


@dataclass(frozen=True, slots=True)
class OverSpark:
    """A learner whose features are on a cluster."""

    cluster: spark_ml.Learner

    def along(self, learnt: Indices, strengths: Sequence[float]) -> list[Classifier]:
        """The classifier of each strength, fitted to these images."""
        return [Classifier(*one) for one in self.cluster.along(learnt, strengths)]

    def logits(self, classifiers: Sequence[Classifier], tried: Indices) -> list[Rows]:
        """What each classifier says of these images, in their order."""
        return self.cluster.logits([(one.weights, one.bias) for one in classifiers], tried)


def train(features: str, source: Path, out: Path, classes: str, aim: str, master: str | None) -> Head:
    """Writes a head trained on features in Parquet, and a card beside it; raises UnciaError."""
    goal, rules = Aim.parse(aim) if aim else None, Classes.parse(classes) if classes else Classes()
    wanted = examples(source, rules)
    with screen.progress() as bars:
        task = bars.add_task("starting Spark", total=None)
        with opened(master) as spark:
            found, recipe, backbone = table.features(spark.session, address(features))
            images, here, corrupt = matched(wanted, spark_ml.known(found), source)
            part = part_of(here, rules)
            bars.update(task, description="fitting", total=FOLDS * len(STRENGTHS) + 1)
            cluster = spark_ml.Learner.of(
                spark, found, images, part.truth(names_of(part)), lambda: bars.advance(task)
            )  # fmt: skip
            purpose = head.Purpose(Recipe.parse(recipe), backbone.rpartition("-")[0], classes, goal)
            content, said = head.made(chosen(part, OverSpark(cluster)), part, purpose, corrupt=corrupt)
    return training.keep(content, said, out)


def examples(source: Path, rules: Classes) -> list[Example]:
    """The images of a manifest whose species has a class; raises UnciaError where there is nothing to tell apart."""
    if source.is_dir() or source.suffix.lower() == ".json":
        raise UnciaError(f"{source} is no CSV file: `uncia batch train` takes path, species, …, one image a row")
    found = manifest.read(source, _TOP, there=lambda file: True)
    wanted = [one for one in found if rules.of(one.species)]
    check_classes({str(rules.of(one.species)) for one in wanted}, {one.species for one in found})
    return wanted


def matched(
    wanted: Sequence[Example], known: Mapping[str, spark_ml.Known], source: Path
) -> tuple[list[spark_ml.Known], list[Example], int]:
    """The images that have features, as examples in their sequences, and how many are corrupt; raises UnciaError."""
    named = [(one, known.get(one.path.relative_to(_TOP).as_posix())) for one in wanted]
    there = [(one, image) for one, image in named if image]
    if not there:
        first = min(known, default="nothing")
        raise UnciaError(
            f"the features are of none of the images in {source.name}: it names {wanted[0].path.relative_to(_TOP)}, "
            f"they have {first}"
        )
    if missing := len(named) - len(there):
        screen.warn(f"Left out of {source.name}: {screen.counted(missing, 'image')}, without features.")
    good = [(one, image) for one, image in there if not image.corrupt]
    dated = in_sequences(_dated(one, image.captured_at) for one, image in good)
    return [image for _, image in good], dated, len(there) - len(good)


def _dated(example: Example, at: pd.Timestamp | None) -> Example:
    if example.captured_at or at is None or pd.isna(at):
        return example
    return replace(example, captured_at=at.to_pydatetime())
