"""Uploads are announced until there is a receipt, whoever wrote it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from devhost.blob_watch import HOSTS, BlobWatch, receipts, version
from devhost.runtime import Function

BLOB: Any = SimpleNamespace(name="K1/a.jpg", etag='"0x1"')
RECEIPT = receipts("featurize") + version(BLOB)


class Storage:
    """An account with one image; what is in its containers, by name."""

    def __init__(self, *receipts: str) -> None:
        self.receipts = {*receipts}

    def container(self, name: str) -> Any:
        own = [BLOB.name] if name == "images" else self.receipts
        return SimpleNamespace(
            list_blobs=lambda name_starts_with, results_per_page: [BLOB] if BLOB.name in own else [],
            get_blob_client=lambda receipt: SimpleNamespace(
                exists=lambda: name == HOSTS and receipt in own,
                upload_blob=lambda data, overwrite: self.receipts.add(receipt),
            ),
        )


@pytest.fixture
def announced() -> list[bytes]:
    return []


def watch(storage: Any, announce: Any) -> BlobWatch:
    function = Function("featurize", "1", {"path": "images/{name}"}, [])
    return BlobWatch(storage, function, announce, look=0)


def test_an_upload_is_announced_once_and_has_a_receipt_then(announced: list[bytes]) -> None:
    storage = Storage()
    ours = watch(storage, announced.append)
    ours._look_once()
    ours._look_once()
    assert len(announced) == 1
    assert storage.receipts == {RECEIPT}


def test_what_another_host_has_announced_is_left_to_it(announced: list[bytes]) -> None:
    watch(Storage(RECEIPT), announced.append)._look_once()
    assert announced == []


def test_an_upload_that_could_not_be_announced_has_no_receipt() -> None:
    def unreachable(message: bytes) -> None:
        raise ConnectionResetError

    storage = Storage()
    with pytest.raises(ConnectionResetError):
        watch(storage, unreachable)._look_once()
    assert storage.receipts == set()
