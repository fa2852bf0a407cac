"""Events that Event Grid could not deliver: the images that they tell of are announced again."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cli import storage
from shared import connect
from shared.announcing import announce

CONTAINER = "dead-letters"
# Event Grid writes arrays of events as it would have delivered them (Event Grid message delivery and retry); the
# subject of a blob's event is this and its name (Azure Blob Storage as Event Grid source).
SUBJECT = "/blobServices/default/containers/images/blobs/"


@dataclass(frozen=True, slots=True)
class Announced:
    """What came of it."""

    images: int = 0
    gone: int = 0  #: images that were deleted since
    unread: int = 0  #: files that tell of no image: they stay


def announced(connection: Mapping[str, str], progress: Callable[[int, int], None]) -> Announced:
    """Announces what the files tell of and deletes each file that is done; safe to interrupt and to run again."""
    letters, images = connect.blobs(connection).get_container_client(CONTAINER), storage.images(connection)
    names = list(letters.list_blob_names())
    sent = gone = unread = 0
    for number, name in enumerate(names, 1):
        if told := images_in(letters.download_blob(name).readall()):
            there = sum(announce(images.get_blob_client(image)) for image in told)
            sent, gone = sent + there, gone + len(told) - there
            letters.delete_blob(name, delete_snapshots="include")
        else:
            unread += 1
        progress(number, len(names))
    return Announced(sent, gone, unread)


def images_in(content: bytes) -> list[str]:
    """The images that a file's events tell of, each once; none where it is no such file."""
    try:
        said = json.loads(content)
        subjects = [event["subject"] for event in said]
    except (ValueError, KeyError, TypeError, RecursionError):
        return []
    texts = [one for one in subjects if isinstance(one, str)]
    return [*dict.fromkeys(one.removeprefix(SUBJECT) for one in texts if one.startswith(SUBJECT))]
