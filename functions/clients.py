"""What the steps talk to: made on first use, kept for the life of the process."""

from __future__ import annotations

import hashlib
import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, lru_cache, partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from shared import settings as environment
from shared.frame import stays
from shared.settings import Settings

if TYPE_CHECKING:
    import azure.functions as func
    from azure.storage.blob import ContainerClient
    from azure.storage.queue import QueueClient

    from functions.failing import Noting
    from functions.finalize import Alarm
    from shared.day import Ask
    from shared.deployment import Clocks
    from shared.failure import Failure
    from shared.failures import Failures
    from shared.featurizer import Featurizer
    from shared.heads import Heads
    from shared.outbox import Outbox
    from shared.rate import Rate
    from shared.recipe import Recipe
    from shared.remembered import Remembered
    from shared.rulebook import Rulebook
    from shared.store import Store
    from shared.webhook import Webhook

FRAMES, SEQUENCES, RETRAIN, NOTIFY = "frames", "sequences", "retrain", "notify"
_PACKAGED = Path(__file__).parents[1] / "models" / "backbone.onnx"
# Calls at once, and a second from then on.
RATES = {"wall": (60, 4.0), "happened": (30, 1.0), "export": (60, 5.0), "image": (60, 10.0)}
# `cache` lets two threads make the same thing at once: a second network would double a worker's memory.
_one_at_a_time = Lock()


@cache
def settings() -> Settings:
    """The settings in force."""
    return Settings.from_env()


@cache
def store() -> Store:
    """The tables."""
    from shared import connect
    from shared.store import Store

    return Store(connect.tables(environment.storage()))


@cache
def queues() -> dict[str, QueueClient]:
    """The queues by name."""
    from shared import connect

    return {name: connect.queue(environment.storage(), name) for name in (FRAMES, SEQUENCES, RETRAIN, NOTIFY)}


def sequences() -> QueueClient:
    """The queue that asks for days to be finalized."""
    return queues()[SEQUENCES]


@cache
def remembered() -> Remembered:
    """What this process knows of days."""
    from shared.remembered import Remembered

    return Remembered()


@cache
def failures() -> Failures:
    """What failed."""
    from shared import connect
    from shared.failures import Failures

    return Failures(connect.tables(environment.storage()))


def noting(queue: str, came: func.QueueMessage | func.InputStream) -> Noting:
    """Within this, what an attempt raises is noted."""
    from functions.failing import Noting

    return Noting(queue, came, failures=failures, now=now)


@cache
def poison() -> dict[str, QueueClient]:
    """Where the host puts what it gave up on, by the queue that failed; not decoded."""
    from shared import connect
    from shared.message import POISON

    return {name: connect.plain(environment.storage(), there) for name, there in POISON.items()}


@cache  # asked for every minute, and seldom used
def redrive() -> Callable[[Failure], object]:
    """How a failure is sent again."""
    from functions import redrive
    from shared import connect

    plain = {name: connect.plain(environment.storage(), name) for name in queues()}
    return partial(redrive.run, failures=failures(), queues=plain, images=images(), now=now)


@cache
def outbox() -> Outbox:
    """The alerts, and the queues that they are put on."""
    from shared import connect
    from shared.outbox import Outbox

    others = connect.outlet(environment.storage(), connect.ALERTS)
    return Outbox(connect.tables(environment.storage()), queues()[NOTIFY], others)


@cache
def webhook() -> Webhook | None:
    """Who is told of alerts at once, if anybody; raises UnciaError for an address that is none."""
    from shared.webhook import Webhook

    said = settings()
    return Webhook(said.alert_url, said.alert_secret) if said.alert_url else None


@cache
def rulebook() -> Rulebook:
    """The rules for alerts."""
    from shared import connect
    from shared.heads import CONTAINER
    from shared.rulebook import Rulebook

    return Rulebook(connect.blobs(environment.storage()).get_container_client(CONTAINER))


@cache
def heads() -> Heads:
    """The heads."""
    from shared import connect
    from shared.heads import CONTAINER, Heads

    return Heads(connect.blobs(environment.storage()).get_container_client(CONTAINER))


def see_to() -> Callable[[Ask], object]:
    """How finalize and judge ask for a day."""
    from functions import aggregate

    step = partial(aggregate.see_to, store=store(), sequences=sequences(), settle=settings().settle)
    return partial(step, now=now, remembered=remembered())


def bell() -> Alarm:
    """What finalize tells of the changes it makes: whoever a rule names hears of them."""
    from functions import alarm

    return partial(alarm.run, outbox=outbox(), rules=rulebook().current, clocks=clocks, now=now)


def clocks() -> Clocks:
    """What cameras' clocks mean, as it was known at most a minute ago."""
    return _clocks(int(time.monotonic() // 60))


@lru_cache(maxsize=1)
def _clocks(minute: int) -> Clocks:
    from shared.deployment import Clocks

    return Clocks(store().read_deployments(), settings().utc_offset)


def image(name: str, most: int) -> bytes | None:
    """An uploaded image's bytes by its name; None where it is gone or longer than this."""
    from azure.core.exceptions import ResourceNotFoundError

    if not stays(name):
        return None
    try:
        found = images().download_blob(name)
    except ResourceNotFoundError:
        return None
    return found.readall() if found.size <= most else None


@cache
def images() -> ContainerClient:
    """The container that uploads go to."""
    from shared import connect

    return connect.blobs(environment.storage()).get_container_client("images")


def featurizer() -> Featurizer:
    """The one backbone of this process, with the crop that is set."""
    with _one_at_a_time:
        return _featurizer()


@cache
def _featurizer() -> Featurizer:
    from shared.backbone import Backbone
    from shared.featurizer import Featurizer

    # Pillow warns of broken EXIF on stderr; the frame itself says what was not believed.
    warnings.filterwarnings("ignore", module=r"PIL\.")
    said = settings()
    backbone = Backbone.load(said.backbone or _PACKAGED, said.backbone_threads)
    return Featurizer(backbone, said.crop_top, said.crop_bottom, said.preview_pixels)


@cache
def recipe() -> Recipe:
    """How features are made here, from the backbone's file, which is not opened as a network."""
    from shared.recipe import Recipe

    said = settings()
    with (said.backbone or _PACKAGED).open("rb") as file:
        return Recipe(hashlib.file_digest(file, "sha256").hexdigest(), said.crop_top, said.crop_bottom)


@cache
def rate(kind: str) -> Rate:
    """How often each visitor may ask this process for what is dear: docs/review.md says where the numbers come from."""
    from shared.rate import Rate

    return Rate(*RATES[kind])


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)
