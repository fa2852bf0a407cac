"""What a person sees: progress and notes on stderr, results on stdout."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from shared.label import CORRUPT, UNKNOWN, Label

STYLES = {UNKNOWN: "yellow", CORRUPT: "red"}
# Where stdout is a file or a pipe there is no screen to fit: names are not to be cut.
WIDE = 500


def out(thing: Table) -> None:
    """A result, on stdout."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDE
    console.print(thing, crop=False)


def note(text: str, style: str = "") -> None:
    """Anything else a person should know, on stderr."""
    Console(stderr=True, highlight=False).print(harmless(text), markup=False, soft_wrap=True, style=style)


def warn(text: str) -> None:
    """A note that is to be seen, where there is one."""
    if text:
        note(text, "yellow")


def progress() -> Progress:
    """A bar for anything that takes longer than a moment; it leaves no trace where stderr is no terminal."""
    console = Console(stderr=True)
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description:<12}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def label_table(labels: Iterable[Label], was: Iterable[str] | None = None) -> Table:
    """Sequences as a table, one a row; with what each one's label was, where that is given."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("camera", "start", "frames", "scored", "label", "probability", *(() if was is None else ("was",))):
        table.add_column(column, justify="right" if column in ("frames", "scored", "probability") else "left")
    for label, *before in zip(labels) if was is None else zip(labels, was, strict=True):
        table.add_row(
            Text(printable(label.camera)),
            f"{label.start:%Y-%m-%d %H:%M:%S}" if label.start else "undated",
            str(label.n_frames),
            str(label.n_scored),
            Text(printable(label.label), STYLES.get(label.label, "")),
            "" if label.probability is None else f"{label.probability:.2f}",
            *(Text(printable(name), STYLES.get(name, "")) for name in before),
        )
    return table


def printable(name: str) -> str:
    """A name without the characters that would steer a terminal: names come from strangers."""
    return "".join(letter if letter.isprintable() else "�" for letter in name)


def harmless(text: str) -> str:
    """Lines without such characters: a sentence may quote a stranger."""
    return "\n".join(map(printable, text.split("\n")))


def counted(number: int, noun: str) -> str:
    """`1 frame`, `2 frames`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def first_line(error: Exception) -> str:
    """What an SDK's error says before its details."""
    return str(error).strip().partition("\n")[0]
