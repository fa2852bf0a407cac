"""The values of host.json that this host obeys, with the platform's defaults."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from devhost.delivery import LARGEST_BATCH, Policy, blob_batches
from shared.errors import UnciaError

TIME_SPAN = re.compile(r"(?:(\d+)\.)?([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,7}))?)?")
MANY = 2**31 - 1
WEEK = timedelta(days=7)  # the longest a queue keeps a message invisible


@dataclass(frozen=True, slots=True, kw_only=True)
class HostJson:
    """How queues and blobs are taken and retried, and where HTTP routes begin."""

    batch_size: int
    new_batch_threshold: int
    max_polling_interval: timedelta
    visibility_timeout: timedelta
    max_dequeue_count: int
    message_encoding: str
    blob_parallelism: int
    blob_poison_threshold: int
    route_prefix: str

    @classmethod
    def read(cls, path: Path, cores: int) -> HostJson:
        """The file's values on a machine with so many cores; raises UnciaError that names the value at fault."""
        try:
            root = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise UnciaError(f"{path} is missing: is {path.parent} the folder of function_app.py?") from None
        except ValueError as error:
            raise UnciaError(f"{path} is not JSON: {error}") from error
        return cls.parse(root, cores)

    @classmethod
    def parse(cls, root: Any, cores: int) -> HostJson:
        """The same from JSON already read."""
        queues, blobs, http = (_section(root, name) for name in ("queues", "blobs", "http"))
        batch = _whole(queues, "batchSize", 16, 1, LARGEST_BATCH)
        return cls(
            batch_size=batch,
            new_batch_threshold=_whole(queues, "newBatchThreshold", batch // 2 * cores, 0, MANY),
            max_polling_interval=_span(queues, "maxPollingInterval", "00:01:00", timedelta(milliseconds=100)),
            visibility_timeout=_span(queues, "visibilityTimeout", "00:00:00", timedelta(0)),
            max_dequeue_count=_whole(queues, "maxDequeueCount", 5, 1, MANY),
            message_encoding=_one_of(queues, "messageEncoding", "base64", ("base64", "none")),
            blob_parallelism=_whole(blobs, "maxDegreeOfParallelism", 8 * cores, 1, MANY),
            blob_poison_threshold=_whole(blobs, "poisonBlobThreshold", 5, 1, MANY),
            route_prefix=str(http.get("routePrefix", "api")).strip("/"),
        )

    def queue_policy(self, lease: float) -> Policy:
        """How queue functions take their messages."""
        return Policy(
            batch_size=self.batch_size,
            new_batch_threshold=self.new_batch_threshold,
            longest_pause=self.max_polling_interval.total_seconds(),
            retry_after=self.visibility_timeout.total_seconds(),
            max_dequeue_count=self.max_dequeue_count,
            lease=lease,
        )

    def blob_policy(self, lease: float) -> Policy:
        """How blob functions take theirs: failures are tried again at once, whatever `queues` says."""
        batch, threshold = blob_batches(self.blob_parallelism)
        return Policy(
            batch_size=batch,
            new_batch_threshold=threshold,
            longest_pause=self.max_polling_interval.total_seconds(),
            retry_after=0,
            max_dequeue_count=self.blob_poison_threshold,
            lease=lease,
        )


def time_span(text: str) -> timedelta:
    """A .NET TimeSpan such as 00:00:30 or 1.02:00:00; raises ValueError."""
    if not (match := TIME_SPAN.fullmatch(text)):
        raise ValueError(f"{text!r} is not a time span such as 00:00:30")
    days, hours, minutes, seconds, fraction = (part or "0" for part in match.groups())
    whole = timedelta(days=int(days), hours=int(hours), minutes=int(minutes), seconds=int(seconds))
    return whole + timedelta(microseconds=int(fraction.ljust(7, "0")) // 10)


def _section(root: Any, name: str) -> dict[str, Any]:
    section = root
    for key in ("extensions", name):
        section = section.get(key, {}) if isinstance(section, dict) else None
    if not isinstance(section, dict):
        raise UnciaError(f"host.json: extensions.{name} must be an object")
    return section


def _whole(section: dict[str, Any], name: str, default: int, low: int, high: int) -> int:
    value = section.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise UnciaError(f"host.json: {name} is {value!r}: it must be a whole number from {low} to {high}")
    return value


def _span(section: dict[str, Any], name: str, default: str, low: timedelta) -> timedelta:
    value = section.get(name, default)
    try:
        span = time_span(str(value))
    except ValueError as error:
        raise UnciaError(f"host.json: {name}: {error}") from error
    if not low <= span <= WEEK:
        raise UnciaError(f"host.json: {name} is {value!r}: it must lie between {low} and {WEEK}")
    return span


def _one_of(section: dict[str, Any], name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = section.get(name, default)
    if value not in allowed:
        raise UnciaError(f"host.json: {name} is {value!r}: it must be one of {', '.join(allowed)}")
    return str(value)
