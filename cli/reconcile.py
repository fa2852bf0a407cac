"""`uncia reconcile --recipe`: frames that another recipe made are featurized again from their images."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from azure.core.exceptions import ResourceExistsError, ResourceNotFoundError
from azure.storage.blob import BlobClient, ContainerClient
from rich.progress import Progress

from cli import backbones, storage, waiting
from functions.announce import each
from shared.announcing import copied
from shared.frame import Frame
from shared.settings import Settings
from shared.store import Store

NOT_MADE = "no host seems to run, or these images failed or now say another time; `uncia doctor` counts them"

type Keys = set[tuple[str, str]]  # camera and row key


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What came of it, in frames."""

    made: int
    gone: int  #: their image is gone or in the archive tier, or other bytes lie under its name


def reconcile(connection: Mapping[str, str], settings: Settings, data: Path, bars: Progress) -> Reconciled:
    """Has every decoded frame of another recipe made anew by `featurize`; raises HeadRefused or UnciaError."""
    recipe = backbones.in_force(settings, data)
    if head := storage.heads(connection).latest():
        backbones.check(head, recipe)
    tables, container = storage.store(connection), storage.images(connection)
    task = bars.add_task("finding", total=None)
    frames = [*tables.frames_of_other_recipes(str(recipe))]
    bars.update(task, description="asking", total=len(frames))
    asked = announced(frames, container, lambda: bars.advance(task))
    bars.update(task, description="featurizing", completed=0, total=len(asked))

    def left() -> int:
        still = len(asked & keys(tables, str(recipe)))
        bars.update(task, completed=len(asked) - still)
        return still

    waiting.until_none(left, NOT_MADE)
    return Reconciled(len(asked), len(frames) - len(asked))


def keys(tables: Store, recipe: str) -> Keys:
    """The frames that are of another recipe now."""
    return {(frame.camera, frame.row_key) for frame in tables.frames_of_other_recipes(recipe)}


def announced(frames: Iterable[Frame], container: ContainerClient, progress: Callable[[], None]) -> Keys:
    """The frames whose image is still there, and is announced to `featurize` from now on."""
    told = each(frames, lambda one: announce(one, container.get_blob_client(one.path)), progress)
    return {(frame.camera, frame.row_key) for frame, _ in told}


def announce(frame: Frame, blob: BlobClient) -> bool:
    """Copies a frame's blob onto itself, which announces it as an upload does; False where its bytes cannot be read."""
    try:
        if not copied(blob, frame.etag):
            # Copied before, by a run that was interrupted, or overwritten. Its size tells without reading it, and an
            # image of the same size that is announced for nothing does no harm.
            found = blob.get_blob_properties()
            if found.size != frame.size:
                return False
            copied(blob, found.etag)  # where it changed once more, whoever did that announced it
    except (ResourceNotFoundError, ResourceExistsError):
        # Deleted since; or in the archive tier, or already being copied.
        return False
    return True
