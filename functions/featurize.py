"""An uploaded image becomes a frame."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import azure.functions as func

    from shared.featurizer import Featurizer
    from shared.head import Head


def run(blob: func.InputStream, *, featurizer: Featurizer, head: Head | None, now: datetime) -> str:
    """The message for queue `frames`. `now` is UTC."""
    from shared.featurizer import Upload, path_of

    # The library's public type lacks both attributes; its objects have them (azure.functions.blob.InputStream).
    metadata, properties = blob.metadata or {}, blob.blob_properties or {}  # type: ignore[attr-defined]
    upload = Upload(path_of(blob.name or ""), blob.read(), metadata, str(properties.get("ETag", "")))
    return featurizer.frame(upload, head, now.replace(tzinfo=None)).encode()
