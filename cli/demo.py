"""`uncia demo`: the whole of Uncia on pictures drawn for the purpose."""

from __future__ import annotations

from pathlib import Path

from cli import pictures, run, screen, training, work
from cli.card import draw_card
from cli.labelled import Labelled
from shared import spreadsheet
from shared.errors import UnciaError
from shared.label import Label
from shared.settings import Settings

STRIP = 0.06  # of the height: the strip that the pictures carry below


def demo(out: Path) -> None:
    """Draws a card, trains a head on its labelled part and labels the rest; says how many labels are right."""
    if out.exists() and any(out.iterdir()) and not (out / "card").is_dir():
        raise UnciaError(f"{out} holds something else: choose another folder with --out")
    with screen.progress() as bars:
        task = bars.add_task("drawing", total=None)
        card = draw_card(out, progress=lambda done, total: bars.update(task, completed=done, total=total))
    screen.note(f"1. Drew a card of camera-trap pictures: see {card.card}")
    head = out / "head.onnx"
    learn = Labelled([card.manifest], [card.learn], out / "cache", crop_top=0.0, crop_bottom=STRIP)
    training.train(learn, head, aim="")
    screen.note(f"2. Trained a head on the labelled part: {head}")
    finished = run.run(pictures.below(card.card), head_file=head, settings=Settings.from_env(), data=None)
    run.write(finished.labels, out / "labels.json")
    work.show(finished.labels)
    screen.note(f"3. Labelled the rest through the function app: {out / 'labels.json'}")
    right, known = compare(finished.labels, card.truth)
    screen.note(f"   {right} of {known} sequences are labelled as they were drawn.")
    screen.note("Next, your own pictures, a folder for each camera: `uncia run DIR`; see README.md.")
    if finished.problems:
        raise UnciaError("; ".join(finished.problems))


def compare(labels: list[Label], truth: Path) -> tuple[int, int]:
    """How many sequences with a known species have it as their label, and how many are known."""
    species = {row["path"]: row["species"] for row in spreadsheet.read(truth).rows}
    drawn = [(label.label, {species[shot.path] for shot in label.frames if shot.path in species}) for label in labels]
    known = [(label, *names) for label, names in drawn if len(names) == 1]
    return sum(label == name for label, name in known), len(known)
