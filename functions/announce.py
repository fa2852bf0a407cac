"""An image that is there is announced to `featurize` once more."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import batched
from typing import TYPE_CHECKING

from azure.core.exceptions import ResourceExistsError, ResourceNotFoundError

from shared.announcing import copied

if TYPE_CHECKING:
    from azure.storage.blob import ContainerClient

    from shared.missing import Listed

WORKERS = 8
# So many are asked for before the next: memory stays small, and Ctrl-C is soon obeyed.
LOT = 1_000


def all_of(
    blobs: Iterable[Listed], container: ContainerClient, progress: Callable[[], None] = lambda: None
) -> list[Listed]:
    """The blobs that are announced now, each as it is listed from now on; safe to interrupt, and to run again."""
    return [replace(one, etag=etag) for one, etag in each(blobs, lambda one: _told(one, container), progress)]


def each[Thing, Answer](
    things: Iterable[Thing], announce: Callable[[Thing], Answer], progress: Callable[[], None]
) -> list[tuple[Thing, Answer]]:
    """Those that could be announced, in order, each with what came of it; several are announced at once."""
    pool = ThreadPoolExecutor(WORKERS)
    done = []
    try:
        for lot in batched(things, LOT, strict=False):
            for one, answer in pool.map(lambda one: (one, announce(one)), lot):
                done += [(one, answer)] if answer else []
                progress()
        return done
    finally:
        pool.shutdown(cancel_futures=True)


def _told(one: Listed, container: ContainerClient) -> str:
    try:
        return copied(container.get_blob_client(one.name), one.etag)
    except (ResourceNotFoundError, ResourceExistsError):
        # Deleted since; or a copy is under way, which announces it; or it is in the archive tier, where none reads it.
        return ""
