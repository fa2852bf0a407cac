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


def copied(blob: BlobClient, etag: str) -> bool:
    """Whether a blob had this ETag and was copied onto itself, with its metadata and properties.

    Raises ResourceNotFoundError where it is gone.
    """
    quoted = f'"{etag.strip('"')}"'
    try:
        blob.start_copy_from_url(blob.url, source_etag=quoted, source_match_condition=MatchConditions.IfNotModified)
    except ResourceModifiedError:
        return False
    return True
