"""The container is compared with the frames, and images that became none are announced again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from functions import relabel, telemetry
from shared.camera import camera_of
from shared.day import Ask
from shared.message import IMAGES, key_of_image, path_of
from shared.missing import ON_ITS_WAY, Answers, Fate, Listed, fate

if TYPE_CHECKING:
    from azure.storage.blob import ContainerClient
    from azure.storage.queue import QueueClient

    from shared.failures import Failures
    from shared.store import Store

# A day's images are looked at on three nights, so that one night may fail.
RECENT = timedelta(days=3)
# So many are announced in some two minutes, of the 30 that host.json allows; what is left waits for the next night.
MOST = 10_000


@dataclass(slots=True)
class Compared:
    """What became of the uploads that were looked at."""

    missing: list[Listed] = field(default_factory=list)  #: of them, as many as were asked for
    failed: list[str] = field(default_factory=list)  #: names
    answered: int = 0
    on_their_way: int = 0
    lost: int = 0  #: how many are missing
    unmet: int = 0  #: frames whose image is not there, where everything was looked at
    unasked: list[Ask] = field(default_factory=list)  #: days of the same cameras that have frames and no row


def run(
    *,
    container: ContainerClient,
    store: Store,
    failures: Failures,
    sequences: QueueClient,
    now: Callable[[], datetime],
    most: int = MOST,
) -> None:
    """Announces recent images that became no frame, and asks for days that have frames and no row. `now` is UTC."""
    from functions import announce

    moment = now()
    failed = given_up(failures)
    found = compare(container, store, failed, border=moment - ON_ITS_WAY, since=moment - RECENT, most=most)
    telemetry.count_missing(found.lost)
    announced = announce.all_of(found.missing, container)
    for day in found.unasked:
        relabel.ask(day, store, sequences, now())
    telemetry.tell(
        "images are compared with frames",
        answered=found.answered, failed=len(found.failed), on_their_way=found.on_their_way,
        missing=found.lost, announced=len(announced), days_asked=len(found.unasked),
    )  # fmt: skip


def compare(
    container: ContainerClient,
    store: Store,
    failed: Collection[str],
    *,
    border: datetime,
    since: datetime | None = None,
    most: int | None = None,
    progress: Callable[[], None] = lambda: None,
) -> Compared:
    """What became of every upload, or of those changed since; of those that are missing at most `most` are named.

    The container is read in pages, and the frames of each camera in it once: in memory stay 13 bytes for each of them,
    and the names of what is missing or failed. Uploads changed after `border` are on their way.
    """
    found, cameras = Compared(), dict[str, Answers]()
    for blob in listed(container):
        progress()
        if since is None or blob.changed >= since:
            if blob.camera not in cameras:
                cameras[blob.camera] = Answers(store.answers(blob.camera))
            _note(found, blob, fate(blob, cameras[blob.camera], failed, border), most)
    if since is None:
        without = {day.camera for day in store.read_days()} - cameras.keys()
        cameras |= {camera: Answers(store.answers(camera)) for camera in without}
        found.unmet = sum(answers.unmet for answers in cameras.values())
    # Read after the frames: a row that is not there by then was not written when its day's frames were.
    had = {(camera, day) for camera, answers in cameras.items() for day in answers.days}
    found.unasked = [Ask(*one) for one in sorted(had - {(day.camera, day.day) for day in store.read_days()})]
    return found


def _note(found: Compared, blob: Listed, became: Fate, most: int | None) -> None:
    match became:
        case Fate.MISSING:
            found.lost += 1
            found.missing += [blob] if most is None or len(found.missing) < most else []
        case Fate.FAILED:
            found.failed.append(blob.name)
        case Fate.ANSWERED:
            found.answered += 1
        case Fate.ON_ITS_WAY:
            found.on_their_way += 1


def listed(container: ContainerClient) -> Iterator[Listed]:
    """The blobs of a container, 5,000 a page."""
    for blob in container.list_blobs(include=["metadata"]):
        yield Listed(
            camera_of(blob.name, blob.metadata or {}), blob.name, str(blob.etag).strip('"'), blob.size,
            blob.last_modified,
        )  # fmt: skip


def given_up(failures: Failures) -> set[str]:
    """The keys of the images that the host gave up on, before or after they were a message of `frames`."""
    paths = (path_of("frames", one.body) for one in failures.all("frames", bodies=True))
    return {one.key for one in failures.all(IMAGES)} | {key_of_image(f"{IMAGES}/{path}") for path in paths if path}
