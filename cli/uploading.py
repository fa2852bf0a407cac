"""Sending images to storage: several at once, and none that is there already."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from mimetypes import guess_type

from azure.storage.blob import ContainerClient, ContentSettings

from cli.pictures import LocalImage

CONTAINER = "images"
# Enough to hide the way to Azure; more only take turns on a field station's line.
WORKERS = 8

type Known = dict[str, tuple[bytes, dict[str, str]]]


def send(images: Sequence[LocalImage], container: ContainerClient, progress: Callable[[], None]) -> int:
    """Uploads what is not there with the same bytes and the same metadata; how many that were.

    Interrupted, it stops after the images under way; run again, it goes on where it was.
    """
    known = there(container, {image.name.partition("/")[0] for image in images})
    pool = ThreadPoolExecutor(WORKERS)
    try:
        sent = 0
        for new in pool.map(lambda image: _send(image, container, known), images):
            sent += new
            progress()
        return sent
    finally:
        pool.shutdown(cancel_futures=True)


def there(container: ContainerClient, folders: Iterable[str]) -> Known:
    """MD5 and metadata by name of the blobs in these first folders."""
    return {
        blob.name: (bytes(blob.content_settings.content_md5 or b""), dict(blob.metadata or {}))
        for folder in folders
        for blob in container.list_blobs(name_starts_with=folder, include=["metadata"])
    }


def _send(image: LocalImage, container: ContainerClient, known: Known) -> bool:
    content = image.file.read_bytes()
    md5 = hashlib.md5(content, usedforsecurity=False).digest()
    if known.get(image.name) == (md5, dict(image.metadata)):
        return False
    # Stated, because the service keeps none for uploads in blocks.
    settings = ContentSettings(content_type=guess_type(image.name)[0], content_md5=bytearray(md5))
    container.upload_blob(image.name, content, overwrite=True, metadata=dict(image.metadata), content_settings=settings)
    return True
