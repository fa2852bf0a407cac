"""`uncia forget`: images are deleted, and with them all that was made of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from azure.core.exceptions import ResourceNotFoundError
from azure.storage.blob import ContainerClient
from rich.progress import Progress

from cli import storage, waiting
from functions.relabel import ask
from shared.day import Ask, day_of_key
from shared.errors import UnciaError
from shared.failure import Failure
from shared.frame import day_of
from shared.message import path_of
from shared.store import Store

NOT_LABELLED = "no host seems to run; images and frames are deleted, and the labels follow when one does"


@dataclass(frozen=True, slots=True)
class Found:
    """What there is of some images."""

    blobs: Sequence[str]  #: their names, and those of every copy
    frames: Collection[tuple[str, str]]  #: camera and row key
    days: Collection[Ask]  #: whose labels they have a part in
    failures: Collection[Failure] = ()  #: of them, which hold what was made of them, and would be sent again


def find(connection: Mapping[str, str], names: Sequence[str], bars: Progress) -> Found:
    """What there is of images with these names, or with the same bytes; raises UnciaError for a name of nothing."""
    bars.add_task("finding", total=None)
    tables = storage.store(connection)
    blobs = alike(storage.images(connection), {*names})
    paths = {*names, *blobs}
    there = [one for one in tables.frame_paths() if one[2] in paths]
    frames = {(camera, key) for camera, key, _ in there}
    labelled = [label for label in tables.all_labels() if any(shot.path in paths for shot in label.frames)]
    failed = [(path_of(one.queue, one.body), one) for one in storage.failures(connection).all(bodies=True)]
    failures = tuple(one for path, one in failed if path in paths)
    shown = (shot.path for label in labelled for shot in label.frames)
    known = {*blobs, *(path for _, _, path in there), *shown, *(path for path, _ in failed)}
    if missing := [name for name in names if name not in known]:
        raise UnciaError(f"nothing is called {missing[0]!r}: `uncia labels --json` lists frames by their paths")
    # A sequence may reach over midnight, and falls apart where a frame is taken out.
    days = {Ask(label.camera, day_of(shot.captured_at)) for label in labelled for shot in label.frames}
    return Found(blobs, frames, days | {Ask(camera, day_of_key(key)) for camera, key in frames}, failures)


def alike(container: ContainerClient, names: Collection[str]) -> list[str]:
    """The blobs with these names, and those with the bytes of one of them."""
    digests = {blob.name: bytes(blob.content_settings.content_md5 or b"") for blob in container.list_blobs()}
    wanted = {digests[name] for name in names if name in digests} - {b""}
    return sorted(name for name, digest in digests.items() if name in names or digest in wanted)


def remove(connection: Mapping[str, str], found: Found, bars: Progress) -> None:
    """Deletes images and frames and has their days labelled again; safe to interrupt and to run again."""
    container, tables = storage.images(connection), storage.store(connection)
    task = bars.add_task("deleting", total=len(found.blobs) + len(found.frames))
    for _ in _deleted(container, tables, found):
        bars.advance(task)
    failures = storage.failures(connection)
    for one in found.failures:
        failures.unbury(one)
    now, sequences = storage.clock(connection), storage.sequences(connection)
    for day in found.days:
        ask(day, tables, sequences, now())
    bars.update(task, description="labelling", completed=0, total=len(found.days))

    def left() -> int:
        still = sum(not _settled(tables, day) for day in found.days)
        bars.update(task, completed=len(found.days) - still)
        return still

    waiting.until_none(left, NOT_LABELLED)


def _deleted(container: ContainerClient, tables: Store, found: Found) -> Iterator[None]:
    for name in found.blobs:
        with suppress(ResourceNotFoundError):
            container.delete_blob(name, delete_snapshots="include")
        yield
    for camera, key in found.frames:
        tables.delete_frame(camera, key)
        yield


def _settled(tables: Store, day: Ask) -> bool:
    row = tables.read_day(day.camera, day.day)
    return row is not None and row.settled
