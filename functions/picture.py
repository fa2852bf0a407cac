"""What a frame looks like: its preview, or the image itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from functions.web import Answer, Asked
from shared.errors import Refused, UnciaError
from shared.frame import check_key

if TYPE_CHECKING:
    from shared.store import Store

# A frame's key names its content: what it looks like never changes.
_FOR_GOOD = {"Cache-Control": "private, max-age=31536000, immutable"}
# A modern 48-megapixel camera writes 15 MB; the bytes are held whole.
MOST_BYTES = 40_000_000
# What every browser shows, by how a file begins; the type is ours to say, never the uploader's.
_BEGINNINGS = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF8": "image/gif",
    b"BM": "image/bmp",
}


def preview(asked: Asked, *, store: Store) -> Answer:
    """The small picture of a frame; raises Refused where there is none."""
    found = store.read_preview(*_named(asked))
    if not found:
        raise Refused("this frame has no preview", 404)
    return Answer(found, "image/jpeg", headers=_FOR_GOOD)


def image(asked: Asked, *, store: Store, read: Callable[[str, int], bytes | None]) -> Answer:
    """The image that a frame was made from; raises Refused where it is gone, or no browser shows its kind."""
    frame, _ = store.read_frame(*_named(asked))
    content = read(frame.path, MOST_BYTES) if frame else None
    if content is None:
        raise Refused("the image is gone, or larger than a page can show", 404)
    kind = next((kind for start, kind in _BEGINNINGS.items() if content.startswith(start)), "")
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        kind = "image/webp"
    if not kind:
        raise Refused("no browser shows images of this kind", 415)
    return Answer(content, kind, headers=_FOR_GOOD)


def _named(asked: Asked) -> tuple[str, str]:
    """Camera and key of the frame that is asked for; raises Refused for what no frame is called."""
    camera, key = asked.query.get("camera", ""), asked.query.get("frame", "")
    try:
        check_key(key)
    except UnciaError as error:
        raise Refused("there is no such frame", 404) from error
    return camera, key
