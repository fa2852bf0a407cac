"""A frame's image is announced again where it is still there."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from azure.core.exceptions import ResourceExistsError, ResourceModifiedError, ResourceNotFoundError

from cli.reconcile import announce, announced
from tests.unit.shared.making import seen


@dataclass
class Blob:
    """A blob that a copy gives another ETag."""

    etag: str = '"1"'
    size: int = 7
    url: str = "https://storage/images/a.jpg"
    copies: list[str] = field(default_factory=list)
    busy: bool = False

    def start_copy_from_url(self, url: str, *, source_etag: str, source_match_condition: object) -> dict[str, str]:
        if source_etag != self.etag or self.busy:
            raise ResourceModifiedError("412")
        self.etag = f'"{len(self.copies) + 2}"'
        self.copies.append(url)
        return {"etag": self.etag}

    def get_blob_properties(self) -> SimpleNamespace:
        return SimpleNamespace(etag=self.etag, size=self.size)


class Gone(Blob):
    """A blob that was deleted."""

    def start_copy_from_url(self, *_: Any, **__: Any) -> None:
        raise ResourceNotFoundError("404")


class Archived(Blob):
    """A blob in the archive tier."""

    def start_copy_from_url(self, *_: Any, **__: Any) -> None:
        raise ResourceExistsError("409 BlobArchived")


@pytest.mark.parametrize("etag", ['"1"', "1"])
def test_an_image_that_is_there_is_copied_onto_itself(etag: str) -> None:
    blob: Any = Blob()
    assert announce(seen(etag=etag, size=7), blob)
    assert blob.copies == [blob.url]


def test_an_image_that_was_copied_before_is_copied_again() -> None:
    blob: Any = Blob()
    one = seen(etag='"1"', size=7)
    assert announce(one, blob)
    assert announce(one, blob)
    assert len(blob.copies) == 2


def test_an_image_that_changes_at_this_moment_is_announced_by_whoever_changes_it() -> None:
    blob: Any = Blob(busy=True)
    assert announce(seen(etag='"1"', size=7), blob)
    assert blob.copies == []


@pytest.mark.parametrize("blob", [Blob(etag='"9"', size=8), Gone(), Archived()])
def test_an_image_that_was_overwritten_deleted_or_archived_is_not_announced(blob: Any) -> None:
    assert not announce(seen(etag='"1"', size=7), blob)
    assert blob.copies == []


def test_frames_whose_image_is_there_are_told_from_the_others() -> None:
    blobs = {"here": Blob(), "gone": Gone()}
    container: Any = SimpleNamespace(get_blob_client=blobs.get)
    here, gone = seen(0, path="here", etag="1"), seen(1, path="gone", etag="1")
    told: list[None] = []
    assert announced([here, gone], container, lambda: told.append(None)) == {("cam", here.row_key)}
    assert len(told) == 2
