"""Commands that show things: labels, sequences, doctor."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import screen, stack, storage
from cli.work import Data
from shared.errors import UnciaError
from shared.settings import Settings

if TYPE_CHECKING:
    from cli.doctor import Finding
    from cli.passage import Passage
    from shared.store import Store


def labels(
    camera: Annotated[str | None, typer.Option(help="Only this camera's.")] = None,
    changed_since: Annotated[
        str, typer.Option(metavar="HEAD", help="Only those that this head (version or file) gave another label.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="As labels.json lists them.")] = False,
    data: Data = stack.HOME,
) -> None:
    """Show the labels that the stack has found so far.

    Example: uncia labels --camera "Ridge 1"

    What a new head changed: uncia labels --changed-since 3f2a91
    """
    from cli.changed import changes
    from shared.label import by_camera_and_start
    from shared.rows import label_json

    connection = storage.found(data)
    found = by_camera_and_start(storage.store(connection).all_labels(camera))
    if changed_since:
        changes(found, changed_since, lambda: storage.heads(connection), as_json=as_json)
    elif as_json:
        typer.echo(json.dumps([label_json(label) for label in found], ensure_ascii=False, indent=1))
    else:
        screen.out(screen.label_table(found))


def sequences(
    table: Annotated[Path, typer.Argument(metavar="TIMES.csv", help="CSV with columns camera and captured_at.")],
    gap: Annotated[
        float | None, typer.Option(min=0, max=86_400, help="Seconds; a longer pause starts a new sequence.")
    ] = None,
    cap: Annotated[
        float | None, typer.Option(min=0, max=86_400, help="Seconds; a longer sequence is split; 0 for never.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of CSV.")] = False,
) -> None:
    """Group a table of cameras and times into sequences: the same rows with a sequence_id, on stdout.

    Camtrap DP's media.csv is taken as it is.

    Example: uncia sequences times.csv --gap 120 > grouped.csv
    """
    from cli.times import sequences as grouped
    from shared.sequence import Limits
    from shared.spreadsheet import write

    said = Settings.from_env().limits
    limits = Limits(
        said.gap if gap is None else timedelta(seconds=gap), said.cap if cap is None else timedelta(seconds=cap)
    )
    columns, rows = grouped(table, limits)
    typer.echo(json.dumps(rows, ensure_ascii=False, indent=1) if as_json else write(columns, rows), nl=as_json)


def doctor(
    azure: Annotated[
        bool, typer.Option("--azure", help="A deployed stack instead, with your own login, and a test image.")
    ] = False,
    account: Annotated[
        str,
        typer.Option(metavar="NAME", help="With --azure: the storage account, where not deployed from here."),
    ] = "",
    url: Annotated[str, typer.Option(metavar="URL", help="With --azure: the app, to see whether it answers.")] = "",
    data: Data = stack.HOME,
) -> None:
    """Check set-up, backbone, storage, head and queues, and say what to do about what is wrong.

    Example: uncia doctor

    What was deployed from this folder: uncia doctor --azure

    What others deployed: uncia doctor --azure --account NAME --url https://APP.azurewebsites.net

    With --azure a small image goes through the functions to its label, and is removed again, with all that came of it.
    """
    from cli.doctor import examine, good

    if (account or url) and not azure:
        raise UnciaError("--account and --url go with --azure")
    findings = deployed(account, url, data) if azure else iter(examine(Settings.from_env(), data))
    seen = []
    for finding in findings:
        mark = typer.style("✓", fg="green") if finding.well else typer.style("✗", fg="red")
        typer.echo(f"{mark} {finding.what}: {screen.harmless(finding.said)}")
        seen.append(finding)
    raise typer.Exit(0 if good(seen) else 1)


def deployed(account: str, url: str, data: Path) -> Iterator[Finding]:
    """What `uncia doctor --azure` finds, with progress while the test image is on its way."""
    from cli import deployment
    from cli.deployed import examine
    from cli.passage import Passage

    known = deployment.known()
    connection = deployment.connection(account, known, data)
    here = known if known and known.account == connection.get("account") else None
    with screen.progress() as bars:
        task = bars.add_task("looking", total=None)

        def say(text: str) -> None:
            bars.update(task, description=text)

        def passage(store: Store) -> Passage:
            failures = storage.failures(connection)
            return Passage(images=storage.images(connection), tables=store, failures=failures, say=say)

        yield from examine(connection, url or (here.url if here else ""), passage, here)
