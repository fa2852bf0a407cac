"""An uploaded image becomes a frame."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from functions import telemetry
from shared.trace import Trace, moment

if TYPE_CHECKING:
    import azure.functions as func

    from shared.featurizer import Featurizer
    from shared.head import Head


def run(blob: func.InputStream, *, featurizer: Featurizer, head: Head | None, now: datetime) -> str:
    """The message for queue `frames`. `now` is UTC. A trace begins here, and is as old as the blob."""
    from shared.featurizer import Upload, path_of

    # The library's public type lacks both attributes; its objects have them (azure.functions.blob.InputStream).
    metadata, properties = blob.metadata or {}, blob.blob_properties or {}  # type: ignore[attr-defined]
    with telemetry.step("featurize", Trace(uploaded=moment(properties.get("LastModified")) or now)) as here:
        # The SDK's type for ETags has no public property, and the host's serializer may say {} of it: that is none.
        etag = said if isinstance(said := properties.get("ETag"), str) else ""
        upload = Upload(path_of(blob.name or ""), blob.read(), metadata, etag)
        frame = featurizer.frame(upload, head, now.replace(tzinfo=None))
        telemetry.tell("an image became a frame", frame=frame.row_key, status=frame.status, size=frame.size)
        return here.beside(frame.encode())
