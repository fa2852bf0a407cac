"""`uncia export`: labels and verdicts in the formats of the field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import drafts, screen, stack, storage
from cli.work import Data
from shared.errors import UnciaError
from shared.export import project
from shared.export.forms import FORMS, named
from shared.export.survey import Survey
from shared.export.tally import Tally
from shared.export.wanted import Wanted
from shared.keys import escape
from shared.label import Label
from shared.settings import Settings

if TYPE_CHECKING:
    from shared.store import Store

PARQUET, TEMPLATE = "parquet", "template"
# cli/parquet.py has its own; to load it takes 0.2 s that only exports to it should take.
PARQUET_FILES = ("sequences.parquet", "frames.parquet")


def export(
    form: Annotated[
        str, typer.Argument(metavar="FORMAT", help=f"{', '.join([*FORMS, PARQUET])}; or {TEMPLATE}, a project file.")
    ],
    out: Annotated[Path | None, typer.Argument(metavar="OUT", help="File, folder or .zip to write.")] = None,
    about: Annotated[
        Path | None, typer.Option("--project", metavar="TOML", help="What to say of the project; names of species.")
    ] = None,
    camera: Annotated[list[str] | None, typer.Option(help="Only this camera's; more than once for several.")] = None,
    first: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="Only from this local day on.")
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Only up to this day, included.")
    ] = None,
    only_reviewed: Annotated[bool, typer.Option(help="Only sequences that people said something of.")] = False,
    machine: Annotated[bool, typer.Option(help="In coco: what the machine said, whatever people said.")] = False,
    data: Data = stack.HOME,
) -> None:
    """Write labels and what people said in a format that other programs read; `docs/formats.md` says which reads which.

    Example: uncia export camtrap-dp survey.zip --project project.toml

    Begin a project file: uncia export template > project.toml
    """
    if form == TEMPLATE:
        typer.echo(project.TEMPLATE, nl=False)
        return
    if out is None:
        raise UnciaError("name a file or folder to write to")
    drafts.check(out, _files(form))
    wanted = Wanted(
        cameras=frozenset(camera or ()),
        first=first.date() if first else None,
        last=last.date() if last else None,
        reviewed=only_reviewed,
    )
    told = project.read(_text(about)) if about else project.Project()
    tables = storage.store(storage.found(data))
    run = _begin(tables, wanted, told, machine=machine)
    write(form, out, run)
    for warning in run.tally.warnings(run.survey, named=form in FORMS and named(form).named):
        screen.warn(f"Note: {warning}.")
    screen.note(f"{screen.counted(run.tally.labels, 'sequence')} written to {out}")


@dataclass(frozen=True, slots=True)
class Run:
    """One export: what it is about, what it knows, and what it has passed."""

    tables: Store
    wanted: Wanted
    survey: Survey
    tally: Tally
    total: int  #: sequences there are, as far as days tell

    def labels(self, passed: Callable[[], object]) -> Iterator[Label]:
        """The labels that are wanted, in order."""
        for label in self._found():
            passed()
            if self.wanted.takes(label, self.survey.began(label)):
                yield label

    def _found(self) -> Iterable[Label]:
        if not self.wanted.cameras:
            return self.tables.labels_after()
        cameras = sorted(self.wanted.cameras, key=escape)
        return (label for camera in cameras for label in self.tables.labels_after(camera, only=True))


def _begin(tables: Store, wanted: Wanted, told: project.Project, *, machine: bool) -> Run:
    ahead = wanted.outlook(tables.briefs())
    survey = Survey(
        created=datetime.now(UTC),
        deployments=wanted.deployments(tables.read_deployments()),
        offset=Settings.from_env().utc_offset,
        project=told,
        classes=ahead.classes,
        machine=machine,
    )
    return Run(tables, wanted, survey, Tally.begin(ahead.classes), ahead.sequences)


def write(form: str, out: Path, run: Run) -> None:
    """Writes an export, with a bar; where that fails, what was there before is left as it was."""
    with screen.progress() as bars:
        task = bars.add_task("sequences", total=run.total)
        labels = run.labels(lambda: bars.advance(task))
        (_write_parquet if form == PARQUET else _write_text)(form, labels, out, run)


def _write_text(form: str, labels: Iterable[Label], out: Path, run: Run) -> None:
    written = named(form)
    with drafts.begun(out, written.parts) as parts:
        parts.add(written.begin(run.survey))
        for label in labels:
            parts.add(written.pass_on(label, run.survey, run.tally))
        parts.add(written.end(run.survey, run.tally))
        parts.finish(written.files, out)


def _write_parquet(_: str, labels: Iterable[Label], out: Path, run: Run) -> None:
    from cli import parquet

    with drafts.drafted(out) as folder:
        made = {name: folder / name for name in PARQUET_FILES}
        parquet.write(labels, run.survey, run.tally, [*made.values()])
        drafts.place(made, out)


def _files(form: str) -> Sequence[str]:
    """The files that an export makes; raises UnciaError for a format that there is not."""
    return PARQUET_FILES if form == PARQUET else [*named(form).files]


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnciaError(f"{path} is not UTF-8 text") from error
