"""`uncia evaluate`: the ladder on a person's own images."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table

from cli import backbones, files, screen
from cli.labelled import Labelled
from shared.settings import Settings

if TYPE_CHECKING:
    from training.cache import Cache
    from training.evaluation import Evaluation
    from training.features import Observed
    from training.ladder import Inputs, See
    from training.manifest import Example

COLUMNS = ("rung", "image accuracy", "image ROC AUC", "sequence accuracy", "sequence ROC AUC")


def evaluate(labelled: Labelled, by: str, aim: str, out: Path | None, page: Path | None) -> Evaluation:
    """The ladder on these images, as a table, and as JSON and as a page where these are asked for."""
    for file in filter(None, (out, page)):
        files.check(file)
    settings, wanted = Settings.from_env(), labelled.examples()
    from training.aim import Aim
    from training.evaluating import Seen, evaluate
    from training.split import check_sequences

    goal = Aim.parse(aim) if aim else None
    told_early(wanted, labelled, by)
    screen.warn(backbones.warning(settings))
    with screen.progress() as bars:
        seen, cache = labelled.observe(wanted, settings, bars)
        check_sequences(seen.examples, named=any(example.sequence for example in wanted))
        crop = (cache.recipe.crop_top, cache.recipe.crop_bottom)
        images = Seen(seen.examples, seen.digests, inputs(seen, cache), backbones.name(settings), crop)
        climbing = bars.add_task("ladder", total=5)

        def step(rung: str) -> None:
            bars.update(climbing, advance=1, description=rung)

        found = evaluate(images, labelled.rules, by, goal, notes(seen), step)
    screen.out(table(found))
    say(found)
    write(found, cache, labelled.sources, out, page)
    return found


def told_early(wanted: Sequence[Example], labelled: Labelled, by: str) -> None:
    """Raises UnciaError for a split that cannot be, as far as that can be told before images are looked at."""
    from training.split import date_in, split

    if by.startswith("date:") and not all(example.captured_at and example.sequence for example in wanted):
        date_in(by.removeprefix("date:"))
        return
    split(wanted, [str(labelled.rules.of(example.species)) for example in wanted], by)


def inputs(seen: Observed, cache: Cache) -> Inputs:
    """What each rung sees of the images, read from the cache when its turn comes."""
    from training.ladder import Inputs

    def column(name: str) -> See:
        return lambda places: cache.numbers(name, [seen.digests[place] for place in places])

    return Inputs(column("grey"), column("logits"), column("features"), column("mirrored"))


def notes(seen: Observed) -> list[str]:
    """What to know of the images before believing a figure."""
    undated = sum(example.captured_at is None for example in seen.examples)
    copies = len(seen.digests) - len(set(seen.digests))
    said = []
    if copies:
        said.append(f"{screen.counted(copies, 'image')} with the content of another: known where both sides have one.")
    if seen.n_corrupt:
        said.append(f"{screen.counted(seen.n_corrupt, 'image')} could not be decoded.")
    if undated:
        said.append(f"{screen.counted(undated, 'image')} without a time: each is a sequence of its own, unless named.")
    return said


def table(found: Evaluation) -> Table:
    """The ladder, a rung a row."""
    from training.evaluation import intervals

    shown = Table(box=None, pad_edge=False, header_style="bold")
    for column in COLUMNS:
        shown.add_column(column)
    for name, rung in found.rungs.items():
        both = (intervals(level, "accuracy", "roc_auc") for level in (rung.image, rung.sequence))
        shown.add_row(name, *(figure for level in both for figure in level))
    return shown


def say(found: Evaluation) -> None:
    """What was tried on what, and what to know besides."""
    train, test = found.split["train"], found.split["test"]
    screen.note(
        f"learnt from {train['images']:,} images of {screen.counted(len(train['cameras']), 'camera')}, "
        f"tried on {test['images']:,} images of {screen.counted(len(test['cameras']), 'camera')}; 95 % intervals"
    )
    screen.note(found.averaging["said"])
    for name, number in found.few.items():
        screen.warn(f"{screen.printable(name)}: only {screen.counted(number, 'image')} to learn from")
    for note in found.notes:
        screen.warn(screen.printable(note))


def write(found: Evaluation, cache: Cache, sources: Sequence[Path], out: Path | None, page: Path | None) -> None:
    """Writes the figures and the page where they are asked for."""
    if out:
        files.write(out, (json.dumps(found.as_json(), ensure_ascii=False, indent=1) + "\n").encode())
        screen.note(f"figures written to {out}")
    if page:
        from training.report import html

        def previews(places: Sequence[int]) -> list[bytes]:
            return cache.values("preview", [found.digests[place] for place in places])

        title = " and ".join(source.name for source in sources)
        files.write(page, html(found, previews, title).encode())
        screen.note(f"page written to {page}")
