"""Which images the files of undelivered events tell of."""

from __future__ import annotations

import json

import pytest

from cli.undelivered import SUBJECT, images_in


def event(subject: object) -> dict[str, object]:
    return {"eventType": "Microsoft.Storage.BlobCreated", "subject": subject, "deadLetterReason": "MaxDeliveryAttempts"}


def test_each_image_is_found_once() -> None:
    names = ["Ridge 1/Ñ #1.jpg", "b.jpg", "Ridge 1/Ñ #1.jpg"]
    assert images_in(json.dumps([event(SUBJECT + name) for name in names]).encode()) == names[:2]


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff", b"{}", b"7", b"[7]", b'[{"data": 1}]', b"[" * 60_000,
     json.dumps([event(7), event("/blobServices/default/containers/models/blobs/a"), event("a.jpg")]).encode()],
)  # fmt: skip
def test_what_tells_of_no_image_is_no_file_of_events(content: bytes) -> None:
    assert images_in(content) == []
