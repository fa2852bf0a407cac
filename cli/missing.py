"""`uncia reconcile`: which uploaded images became no frame; they are announced, and followed until they are."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import typer
from rich.progress import Progress

from cli import screen, storage, waiting
from functions import announce, relabel
from functions.reconcile import Compared, compare, given_up
from shared.errors import UnciaError
from shared.missing import ON_ITS_WAY, Answers, Fate, Listed, fate

# A host on this machine looks every second, and nothing has to start. Deployed storage is reached without a key.
ON_ITS_WAY_HERE = timedelta(minutes=5)
NOT_MADE = (
    "no host seems to run, or uploads are not announced to it; `uncia doctor`, or for what was deployed "
    "`uncia doctor --azure`, says what is wrong"
)
NAMED = 5


@dataclass(frozen=True, slots=True)
class Mended:
    """What came of images that were announced."""

    made: int  #: of them are frames
    failed: list[str]  #: names of those that the host gave up on
    left: int  #: were deleted or overwritten meanwhile
    days: int  #: were asked for


def moment(said: str, now: datetime) -> datetime | None:
    """The time that `--since` names; None where it names none; raises UnciaError for anything else."""
    if not said:
        return None
    try:
        if days := re.fullmatch(r"(\d+)d", said):
            return now - timedelta(days=int(days[1]))
        at = datetime.fromisoformat(said)
    except (ValueError, OverflowError) as error:
        raise UnciaError(f"--since: {said!r} is neither a day, as 2026-01-31, nor a number of days, as 7d") from error
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def look(connection: Mapping[str, str], bars: Progress, *, now: datetime, since: datetime | None) -> Compared:
    """What became of the uploads, with progress; nothing is changed."""
    tables, task = storage.store(connection), bars.add_task("comparing", total=None)
    return compare(
        storage.images(connection),
        tables,
        given_up(storage.failures(connection)),
        border=now - (ON_ITS_WAY_HERE if "connection" in connection else ON_ITS_WAY),
        since=since,
        progress=lambda: bars.advance(task),
    )


def show(found: Compared, *, as_json: bool, everything: bool) -> None:
    """The names of what is missing, or all that was found as JSON, on stdout; how many of what on stderr."""
    if as_json:
        typer.echo(json.dumps(_json(found, everything=everything), ensure_ascii=False, indent=1))
    else:
        for one in found.missing:
            typer.echo(screen.printable(one.name))
    screen.note(
        f"{screen.counted(found.answered, 'image')} with a frame, {found.lost:,} missing, "
        f"{len(found.failed):,} failed, {found.on_their_way:,} on their way"
    )
    if found.failed:
        screen.warn(f"failed, as docs/runbook.md says what to do about: {_named(found.failed)}")
    if found.unmet:
        screen.note(f"{screen.counted(found.unmet, 'frame')} whose image is gone; the labels stay")
    if found.unasked:
        screen.warn(f"{screen.counted(len(found.unasked), 'camera-day')} with frames, and nobody asked for the labels")


def mend(connection: Mapping[str, str], found: Compared, bars: Progress) -> Mended:
    """Announces what is missing and waits until every image is a frame or failed; raises UnciaError if none moves."""
    tables, sequences, now = storage.store(connection), storage.sequences(connection), storage.clock(connection)
    failures = storage.failures(connection)
    for day in found.unasked:
        relabel.ask(day, tables, sequences, now())
    task = bars.add_task("announcing", total=found.lost)
    told = announce.all_of(found.missing, storage.images(connection), lambda: bars.advance(task))
    bars.update(task, description="featurizing", completed=0, total=len(told))
    waited, failed = _by_camera(told), list[str]()

    def left() -> int:
        gone = given_up(failures)
        for camera, blobs in [*waited.items()]:
            answers = Answers(tables.answers(camera))
            became = [(one, fate(one, answers, gone, one.changed)) for one in blobs]
            failed.extend(one.name for one, what in became if what is Fate.FAILED)
            waited[camera] = [one for one, what in became if what is Fate.MISSING]
            if not waited[camera]:
                del waited[camera]
        number = sum(map(len, waited.values()))
        bars.update(task, completed=len(told) - number)
        return number

    waiting.until_none(left, NOT_MADE)
    return Mended(len(told) - len(failed), failed, found.lost - len(told), len(found.unasked))


def tell(done: Mended) -> None:
    """What was mended, on stderr."""
    screen.note(f"{screen.counted(done.made, 'image')} announced and featurized; labels follow as after an upload")
    if done.days:
        screen.note(f"{screen.counted(done.days, 'camera-day')} asked for")
    if done.left:
        screen.note(f"{screen.counted(done.left, 'image')} not: changed or deleted meanwhile, or not to be read")
    if done.failed:
        screen.warn(f"failed, as docs/runbook.md says what to do about: {_named(done.failed)}")


def _by_camera(blobs: list[Listed]) -> dict[str, list[Listed]]:
    found: dict[str, list[Listed]] = {}
    for one in blobs:
        found.setdefault(one.camera, []).append(one)
    return found


def _named(names: list[str]) -> str:
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return ", ".join(map(screen.printable, names[:NAMED])) + more


def _json(found: Compared, *, everything: bool) -> dict[str, object]:
    return {
        "answered": found.answered,
        "missing": [one.name for one in found.missing],
        "failed": found.failed,
        "on_their_way": found.on_their_way,
        "frames_without_image": found.unmet if everything else None,
        "days_not_asked_for": [{"camera": day.camera, "day": day.day} for day in found.unasked],
    }
