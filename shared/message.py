"""The messages of all queues: what each is about, in words, and what names it when it fails."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import MappingProxyType

from shared.alert import Errand
from shared.day import Ask
from shared.errors import BadMessage
from shared.frame import Frame, check_path, date_of, time_of_key
from shared.retraining import Retraining

IMAGES = "images"  # no queue: the container whose blobs the host announces
# Where the host puts what it gave up on (azure-sdk-for-net QueueListenerFactory.cs, SharedBlobQueueListenerFactory.cs).
POISON: Mapping[str, str] = MappingProxyType({
    IMAGES: "webjobs-blobtrigger-poison",
    "frames": "frames-poison",
    "sequences": "sequences-poison",
    "retrain": "retrain-poison",
    "notify": "notify-poison",
})  # fmt: skip
# Of a name, which may be a stranger's and as long as a message. A blob's has 1,024 characters at most.
LONGEST = 1_100


def key_of(name: bytes) -> str:
    """What names a failure: the same for the same message or image, however often it fails."""
    return hashlib.sha256(name).hexdigest()[:32]


def key_of_image(name: str) -> str:
    """What names the failure of an image, from `container/name`, as the blob trigger calls it."""
    return key_of(name.encode("utf-8", "surrogatepass"))


def key_of_body(queue: str, body: bytes) -> str:
    """What names the failure of a message from a queue's poison queue."""
    if queue == IMAGES:
        with suppress(BadMessage):
            return key_of_image(f"{IMAGES}/{image_of(body)}")
    return key_of(body)


def image_of(body: bytes) -> str:
    """The name of the image in a message of the blob trigger; raises BadMessage for anything else."""
    try:
        said = json.loads(body)
        container, name = said["ContainerName"], said["BlobName"]
        check_path(name)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadMessage(f"the message names no image: {error}") from error
    if container != IMAGES:
        raise BadMessage("the message names no image")
    return str(name)


def path_of(queue: str, body: bytes) -> str:
    """The name of the image that a message is about; nothing where it is about none."""
    try:
        return image_of(body) if queue == IMAGES else Frame.decode(body).path if queue == "frames" else ""
    except BadMessage:
        return ""


def about(queue: str, body: bytes) -> str:
    """What a message is about, in words that can be shown; nothing where this version sends no such message."""
    try:
        return printable(_WORDS[queue](body), LONGEST)
    except BadMessage:
        return ""


def printable(text: str, longest: int) -> str:
    """A text as a terminal and a table take it: strangers may have sent it."""
    return "".join(letter if letter.isprintable() else "�" for letter in text[:longest])


def body_of(content: str) -> tuple[bytes, bool]:
    """The body behind what is on a queue, and whether it is plain there: anyone may send without base64."""
    try:
        body = base64.b64decode(content, validate=True)
    except ValueError:
        body = b""
    same = base64.b64encode(body).decode() == content
    return (body, False) if same else (content.encode("utf-8", "surrogatepass"), True)


def content_of(body: bytes, *, plain: bool) -> str:
    """What was on the queue."""
    return body.decode("utf-8", "surrogatepass") if plain else base64.b64encode(body).decode()


def _image(body: bytes) -> str:
    return f'image "{image_of(body)}"'


def _frame(body: bytes) -> str:
    return f'frame of image "{Frame.decode(body).path}"'


def _day(body: bytes) -> str:
    ask = Ask.decode(body)
    day = date_of(ask.day)
    return f'camera-day "{ask.camera}", {day.day} {day:%B %Y}' if day else f'undated frames of camera "{ask.camera}"'


def _retraining(body: bytes) -> str:
    by = Retraining.decode(body).by
    return f"retraining asked for by {by}" if by else "retraining"


def _alert(body: bytes) -> str:
    errand = Errand.decode(body)
    try:
        at = time_of_key(errand.key)
    except ValueError as error:
        raise BadMessage(f"the message names no alert: {error}") from error
    return f'alert about camera "{errand.camera}"' + (f", {at.day} {at:%B %Y, %H:%M}" if at else "")


_WORDS: Mapping[str, Callable[[bytes], str]] = MappingProxyType({
    IMAGES: _image, "frames": _frame, "sequences": _day, "retrain": _retraining, "notify": _alert,
})  # fmt: skip
