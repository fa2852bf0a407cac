"""`uncia train --from-verdicts`: from what people said of stored frames to a head's file."""

from __future__ import annotations

from pathlib import Path

from cli import backbones, files, screen, stack, storage, training
from shared.head import Head
from shared.recipe import Recipe
from shared.settings import Settings


def train(out: Path, *, classes: str, aim: str, data: Path) -> Head:
    """Writes a head trained on the verdicts of the stack and the features it stores; no image is touched."""
    from training.aim import Aim
    from training.manifest import Classes

    files.check(out)
    rules = Classes.parse(classes) if classes else Classes()
    said = str(Aim.parse(aim)) if aim else ""
    connection = storage.found(data)
    tables, recipe = storage.store(connection), recipe_of(data, storage.heads(connection).latest())
    from training import lessons  # scikit-learn takes 1.7 s: after the mistakes that are quickly told

    with screen.progress() as bars:
        task = bars.add_task("verdicts", total=None)
        gathered = lessons.gathered(tables.lessons(), recipe, rules, tables.sequence_ids)
        bars.update(task, visible=False)
        bars.add_task("fitting", total=None)
        content, told = lessons.taught(gathered, rules=classes, aim=said)
    for left_out, what in (
        (gathered.other_recipe, "whose features were made with another backbone or crop"),
        (gathered.corrupt, "that could not be decoded"),
        (gathered.no_class, "of species that --classes has no class for"),
    ):
        screen.warn(f"left out: {screen.counted(left_out, 'frame')} {what}" if left_out else "")
    return training.keep(content, told, out)


def recipe_of(data: Path, current: Head | None) -> Recipe:
    """The recipe of the stack: as it was started here, else its current head's, else that of the settings."""
    known = stack.recipe(data) or (current.recipe if current else None)
    return known or backbones.chosen(Settings.from_env(), None)
