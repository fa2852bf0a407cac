"""Sending images to storage: several at once, and none that is there already."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from mimetypes import guess_type
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from azure.core.exceptions import HttpResponseError
from azure.storage.blob import ContainerClient, ContentSettings

from cli.pictures import LocalImage
from shared.errors import UnciaError

CONTAINER = "images"
# Enough to hide the way to Azure; more only take turns on a field station's line.
WORKERS = 8

# What storage says to who may not list, and, where it may create images only, to writing over one.
MAY_NOT = "AuthorizationPermissionMismatch"
IS_THERE = ("BlobAlreadyExists", "UnauthorizedBlobOverwrite")
# And to a pass that is good no more: Azure itself, then Azurite, which is also what Azure says from outside a network.
NO_GOOD = ("AuthenticationFailed", "AuthorizationFailure")
RUN_OUT = "this pass has run out, was not copied whole, or is not taken from here: ask for another one (`uncia invite`)"
REFUSED = "storage took none of these images: this login may not send any, or all are there already"

type Known = dict[str, tuple[bytes, dict[str, str]]]


class Came(Enum):
    """What came of sending an image."""

    NEW = "uploaded"
    THERE = "was there already"
    REFUSED = "refused"  #: as it is where one of that name is there and may not be replaced


class Sent(NamedTuple):
    """How many images were uploaded, and whether those that were there already are known to be the same."""

    new: int
    compared: bool


def send(images: Sequence[LocalImage], container: ContainerClient, progress: Callable[[], None]) -> Sent:
    """Uploads what is not there with the same bytes and metadata; raises UnciaError for a pass that has run out.

    With a pass that may only create, it uploads what is not there under its name, and leaves what is. Interrupted, it
    stops after the images under way; run again, it goes on where it was.
    """
    known = there(container, {image.name.partition("/")[0] for image in images})
    pool = ThreadPoolExecutor(WORKERS)
    try:
        came = Counter[Came]()
        for one in pool.map(lambda image: _send(image, container, known), images):
            came[one] += 1
            progress()
        # Refused is taken for there only from who is seen to be let in: a card may be wiped on this word.
        if came[Came.REFUSED] and not came[Came.NEW] and "c" not in _rights(container):
            raise UnciaError(REFUSED)
        return Sent(came[Came.NEW], known is not None)
    finally:
        pool.shutdown(cancel_futures=True)


def there(container: ContainerClient, folders: Iterable[str]) -> Known | None:
    """MD5 and metadata by name of the blobs in these first folders; None for who may not list them."""
    try:
        return {
            blob.name: (bytes(blob.content_settings.content_md5 or b""), dict(blob.metadata or {}))
            for folder in folders
            for blob in container.list_blobs(name_starts_with=folder, include=["metadata"])
        }
    except HttpResponseError as error:
        if _code(error) in NO_GOOD and _rights(container):
            raise UnciaError(RUN_OUT) from error
        if _code(error) != MAY_NOT:
            raise
        return None


def _send(image: LocalImage, container: ContainerClient, known: Known | None) -> Came:
    content = image.file.read_bytes()
    md5 = hashlib.md5(content, usedforsecurity=False).digest()
    if known is not None and known.get(image.name) == (md5, dict(image.metadata)):
        return Came.THERE
    # Stated, because the service keeps none for uploads in blocks.
    settings = ContentSettings(content_type=guess_type(image.name)[0], content_md5=bytearray(md5))
    said: dict[str, Any] = {"metadata": dict(image.metadata), "content_settings": settings}
    try:
        container.upload_blob(image.name, content, overwrite=known is not None, **said)
    except HttpResponseError as error:
        if known is not None or _code(error) not in (*IS_THERE, MAY_NOT):
            raise
        return Came.THERE if _code(error) in IS_THERE else Came.REFUSED
    return Came.NEW


def _rights(container: ContainerClient) -> str:
    """What an address that is a pass says of itself, a letter for each right; nothing for a login or a key."""
    return "".join(parse_qs(urlsplit(container.url).query).get("sp", []))


def _code(error: HttpResponseError) -> str:
    # One of the library's own is an enumeration that is text as well; str() would name its class.
    code = getattr(error, "error_code", "")
    return str(getattr(code, "value", code))
