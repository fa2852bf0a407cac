"""A blob that is copied onto itself is announced to `featurize` as an upload is."""

from __future__ import annotations

from azure.core import MatchConditions
from azure.core.exceptions import ResourceModifiedError, ResourceNotFoundError
from azure.storage.blob import BlobClient


def announce(blob: BlobClient) -> bool:
    """Announces a blob, whatever bytes it has by now; False where it is gone."""
    try:
        copied(blob, blob.get_blob_properties().etag)  # where it changed meanwhile, whoever did that announced it
    except ResourceNotFoundError:
        return False
    return True


def copied(blob: BlobClient, etag: str) -> str:
    """The new ETag of a blob that had this one and is copied onto itself, with its metadata; nothing if it had another.

    On Azure a copy raises the event that an upload raises; the local host notices the ETag. Raises
    ResourceNotFoundError where the blob is gone, ResourceExistsError where its state forbids it.
    """
    quoted = f'"{etag.strip('"')}"'
    try:
        said = blob.start_copy_from_url(
            blob.url, source_etag=quoted, source_match_condition=MatchConditions.IfNotModified
        )
    except ResourceModifiedError:
        return ""
    return str(said["etag"])
