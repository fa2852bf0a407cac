"""`uncia alerts`: who is told of which animal, and of what they were told."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from cli import screen, stack, storage
from cli.work import Data
from shared.alert import Alert, State, message
from shared.deployment import Clocks
from shared.errors import UnciaError
from shared.label import Label
from shared.rule import LARGEST, TEMPLATE, Rule, matching, parsed
from shared.settings import Settings
from shared.webhook import Webhook

app = typer.Typer(no_args_is_help=True)
RULES = typer.Argument(metavar="RULES.toml", help="Rules, as `uncia alerts template` shows them.")
STATES = {
    State.PENDING: "noted",
    State.SENDING: "noted, and on its way to the queues",
    State.QUEUED: "on its way",
    State.TRYING: "the webhook has not taken it yet",
    State.SENT: "sent",
}


@app.command()
def template() -> None:
    """Show a file of rules to begin with.

    Example: uncia alerts template > alerts.toml
    """
    typer.echo(TEMPLATE, nl=False)


@app.command("set")
def set_(source: Annotated[Path, RULES], data: Data = stack.HOME) -> None:
    """Put rules in force, in place of those before; the functions notice within a minute.

    Example: uncia alerts set alerts.toml

    Tell nobody of anything any more: uncia alerts set /dev/null
    """
    text = read(source)
    parsed(text)  # before anything is reached
    book = storage.rulebook(storage.found(data))
    rules = book.write(text, book.etag())
    screen.note(f"{screen.counted(len(rules), 'rule')} in force: {', '.join(rule.name for rule in rules) or 'none'}")


@app.command()
def show(data: Data = stack.HOME) -> None:
    """Show the rules in force, as they were set.

    Example: uncia alerts show > alerts.toml
    """
    text, _ = storage.rulebook(storage.found(data)).read()
    typer.echo(text, nl=False)
    if not parsed(text):
        screen.note("no rules are in force: `uncia alerts template` shows some")


@app.command("test")
def try_(
    source: Annotated[Path | None, RULES] = None,
    days: Annotated[float, typer.Option(min=0, max=36_500, help="How many days back to look.")] = 7,
    send: Annotated[
        bool, typer.Option("--send", help="Post a test message to the webhook (UNCIA_ALERT_URL) instead.")
    ] = False,
    data: Data = stack.HOME,
) -> None:
    """Show which of the labels there are would have alerted, by the rules in force or in a file; nobody is told.

    Each is taken as if it had been finalized at once.

    Example: uncia alerts test alerts.toml --days 30

    See whether the webhook takes a message: UNCIA_ALERT_URL=https://… uncia alerts test --send
    """
    if send:
        return greet(Settings.from_env(), datetime.now(UTC))
    text = read(source) if source else storage.rulebook(storage.found(data)).read()[0]
    tables = storage.store(storage.found(data))
    clocks = Clocks(tables.read_deployments(), Settings.from_env().utc_offset)
    found = would_alert(parsed(text), tables.all_labels(), datetime.now(UTC) - timedelta(days=days), clocks)
    screen.out(table_of(found, clocks))
    screen.note(f"{screen.counted(len(found), 'sequence')} would have alerted")
    return None


@app.command("list")
def list_(
    as_json: Annotated[bool, typer.Option("--json", help="The messages themselves, one a line.")] = False,
    data: Data = stack.HOME,
) -> None:
    """Show what was alerted, the latest first.

    Example: uncia alerts list
    """
    found = sorted(storage.outbox(storage.found(data)).all(), key=noticed, reverse=True)
    if as_json:
        for one in found:
            typer.echo(one.message)
        return
    table = columns("noticed (UTC)", "camera", "start", "label", "probability", "state")
    for one in found:
        said = json.loads(one.message)
        table.add_row(noticed(one)[:19].replace("T", " "), *facts(said), STATES[one.state])
    screen.out(table)


def read(source: Path) -> str:
    """The text of a file of rules; raises UnciaError for what is none."""
    with source.open("rb") as file:
        content = file.read(LARGEST + 1)
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise UnciaError(f"{source} is no text in UTF-8") from error


def greet(settings: Settings, now: datetime) -> None:
    """Posts a test message; raises UnciaError where there is no webhook, or it does not take it."""
    if not settings.alert_url:
        raise UnciaError("there is no webhook: set UNCIA_ALERT_URL (and UNCIA_ALERT_SECRET) as the app has them")
    at = now.astimezone(settings.utc_offset).replace(tzinfo=None, microsecond=0)
    label = Label(
        camera="test", sequence_id="test", start=at, end=at, frames=(), n_frames=0, n_scored=0, scores={},
        label="test", probability=None, backbone="", head="",
    )  # fmt: skip
    Webhook(settings.alert_url, settings.alert_secret).post(
        message("test", label, ["test"], now, Clocks(offset=settings.utc_offset)), "test", now
    )
    screen.note(f"the webhook took it{'' if settings.alert_secret else ', unsigned: UNCIA_ALERT_SECRET is not set'}")


def would_alert(
    rules: Sequence[Rule], labels: Iterable[Label], since: datetime, clocks: Clocks
) -> list[tuple[Label, list[Rule]]]:
    """The labels since then (UTC) that rules ask for, the latest first, and undated ones at the end."""
    ended = ((label, clocks.true(label.camera, label.end)) for label in labels)
    # As it was at once: no image is older than itself.
    told = [(one, matching(rules, one, end or since, clocks)) for one, end in ended if end is None or end >= since]
    return sorted((one for one in told if one[1]), key=lambda one: str(one[0].start or ""), reverse=True)


def table_of(found: Iterable[tuple[Label, list[Rule]]], clocks: Clocks) -> Table:
    """Labels with the rules that ask for them."""
    table = columns("camera", "start", "label", "probability", "rules")
    for label, rules in found:
        said = json.loads(message("", label, [], datetime.now(UTC), clocks))
        table.add_row(*facts(said), Text(screen.printable(", ".join(rule.name for rule in rules))))
    return table


def columns(*names: str) -> Table:
    """A table with these columns."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in names:
        table.add_column(name, justify="right" if name == "probability" else "left")
    return table


def facts(said: dict[str, str | float | None]) -> tuple[Text | str, ...]:
    """What a message says of its sequence, as cells."""
    start, probability = said["start"], said["probability"]
    return (
        Text(screen.printable(str(said["camera"]))),
        str(start)[:19].replace("T", " ") if start else "undated",
        Text(screen.printable(str(said["label"]))),
        "" if probability is None else f"{float(probability):.2f}",
    )


def noticed(alert: Alert) -> str:
    """When an alert was noticed, as a text that sorts."""
    return str(json.loads(alert.message)["noticed_at"])
