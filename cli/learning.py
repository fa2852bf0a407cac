"""Commands by which people and heads learn from each other."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Annotated, Any
from uuid import uuid4

import typer
from rich.table import Table
from rich.text import Text

from cli import screen, stack, storage
from cli.work import Data
from shared.averaging import margin
from shared.label import Label
from shared.retraining import Retraining
from shared.rows import label_json
from shared.teaching import judged, most_telling


def next(
    n: Annotated[int, typer.Option("--n", min=1, max=100_000, help="How many.")] = 50,
    camera: Annotated[str | None, typer.Option(help="Only this camera's.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As labels.json lists them, with their margin.")] = False,
    data: Data = stack.HOME,
) -> None:
    """Show the sequences whose verdict would teach most: uncertain ones, spread over cameras, not yet judged.

    Example: uncia next --n 20
    """
    tables = storage.store(storage.found(data))
    with screen.progress() as bars:
        bars.add_task("sequences", total=None)
        said = ((one.verdict.camera, one.verdict.row_key) for one in tables.verdicts())
        found = most_telling(tables.all_labels(camera), judged(said, tables.sequence_ids), n)
    if as_json:
        typer.echo(json.dumps([_json(label) for label in found], ensure_ascii=False, indent=1))
    else:
        screen.out(_table(found))


def retrain(
    classes: Annotated[
        str, typer.Option(help='Classes by species, as "cat=lynx|puma,other=*"; the current head\'s unless given.')
    ] = "",
    aim: Annotated[str, typer.Option(help="As recall=0.95 or precision=0.95; the current head's unless given.")] = "",
    by: Annotated[str, typer.Option(metavar="NAME", help="Who asks: the report names them.")] = "",
    wait: Annotated[bool, typer.Option(help="Wait for the outcome.")] = True,
    data: Data = stack.HOME,
) -> None:
    """Train again on what people said, in the stack: the new head becomes current only if it is better.

    Example: uncia retrain --aim recall=0.95
    """
    from cli import retraining

    wanted = Retraining(classes=classes, aim=aim, by=by, request=uuid4().hex)
    connection = storage.found(data)
    tables, heads = storage.store(connection), storage.heads(connection)
    retraining.check(wanted, tables, heads)
    before = heads.reports()
    storage.queue(connection, "retrain").send_message(wanted.encode())
    if not wait:
        screen.note("asked for; `uncia heads` will say what came of it")
        return
    try:
        with screen.progress() as bars:
            bars.add_task("retraining", total=None)
            outcome = retraining.answer(wanted, heads, storage.failures(connection), before)
    except KeyboardInterrupt:
        screen.note("What was asked for goes on without this command; `uncia heads` will say what came of it.")
        raise typer.Exit(130) from None
    screen.note(f"head {outcome.head} {'is current' if outcome.becomes_current else 'is kept as a candidate'}")
    typer.echo(screen.printable(outcome.line))


def heads(
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a table.")] = False, data: Data = stack.HOME
) -> None:
    """Show every head of the stack: which is current, which are candidates, and how they did.

    Example: uncia heads
    """
    from cli import retraining

    found = retraining.listed(storage.heads(storage.found(data)))
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("head", "written", "state", "report"):
        table.add_column(column)
    for one in found:
        table.add_row(*(Text(screen.printable(one[name])) for name in ("head", "written", "state", "report")))
    screen.out(table)


def _json(label: Label) -> dict[str, Any]:
    return label_json(label) | {"margin": round(margin(label.scores), 6)}


def _table(labels: Iterable[Label]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("camera", "start", "frames", "label", "margin", "first frame"):
        table.add_column(column, justify="right" if column in ("frames", "margin") else "left")
    for label in labels:
        table.add_row(
            Text(screen.printable(label.camera)),
            f"{label.start:%Y-%m-%d %H:%M:%S}" if label.start else "undated",
            str(label.n_frames),
            Text(screen.printable(label.label), screen.STYLES.get(label.label, "")),
            f"{margin(label.scores):.2f}",
            Text(screen.printable(label.frames[0].path)),
        )
    return table
