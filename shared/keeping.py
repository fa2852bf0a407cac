"""A frame is merged into what is stored of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.frame import Frame, merged

if TYPE_CHECKING:
    from shared.store import Store


def keep(frame: Frame, store: Store) -> bool:
    """Merges a frame into what is stored of it; whether there was nothing. Verdicts stay as they are.

    Another instance that was faster is read again: the row is then what both say, in either order.
    """
    # Most frames are new: a look before would be a request more for each image.
    stored, etag = None, ""
    while not store.write_frame(merged(stored, frame), etag):
        stored, etag = store.read_frame(frame.camera, frame.row_key)
    return stored is None
