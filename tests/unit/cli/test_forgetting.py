"""`uncia forget` asks before it deletes, and deletes nothing that it was not told to."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from azure.core.exceptions import ResourceNotFoundError

from cli import forgetting, screen
from cli.forgetting import NOT_LABELLED, Found
from shared.day import Ask
from shared.errors import UnciaError
from shared.failure import NOT_OURS, buried
from shared.message import content_of
from tests.unit.shared.making import seen
from tests.unit.shared.test_message import announced

from .conftest import Answer
from .stored import NOW, Site


class Images:
    """A container of blobs: their digests by name."""

    url = "images"

    def __init__(self, **digests: bytes) -> None:
        self.digests = dict(digests)

    def list_blobs(self) -> list[SimpleNamespace]:
        settings = {name: SimpleNamespace(content_md5=digest) for name, digest in self.digests.items()}
        return [SimpleNamespace(name=name, content_settings=one) for name, one in settings.items()]

    def delete_blob(self, name: str, *, delete_snapshots: str) -> None:
        if self.digests.pop(name, None) is None:
            raise ResourceNotFoundError("gone")


@pytest.fixture
def images(monkeypatch: pytest.MonkeyPatch) -> Images:
    found = Images(one=b"1", copy=b"1", other=b"2", unknown=b"", unknown2=b"")
    monkeypatch.setattr("cli.storage.images", lambda connection: found)
    return found


def test_copies_are_found_by_their_bytes_and_blobs_without_a_digest_are_no_copies(images: Any) -> None:
    assert forgetting.alike(images, {"one"}) == ["copy", "one"]
    assert forgetting.alike(images, {"unknown"}) == ["unknown"]
    assert forgetting.alike(images, {"none"}) == []


def test_frames_and_days_are_found_by_path(site: Site, images: Images) -> None:
    one, other = seen(0, camera="a", path="copy"), seen(1, camera="a", path="other")
    site.hold(one, other)
    found = forgetting.find({}, ["one"], screen.progress())
    assert found == Found(["copy", "one"], {("a", one.row_key)}, {Ask("a", one.day)})


def test_a_name_of_nothing_is_said_before_anything_is_deleted(site: Site, images: Images) -> None:
    with pytest.raises(UnciaError, match=r"^nothing is called 'here': `uncia labels --json` lists frames"):
        forgetting.find({}, ["one", "here"], screen.progress())


def test_who_says_no_keeps_all(
    uncia: Callable[..., Answer], site: Site, images: Images, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.hold(seen(0, camera="a", path="one"))
    monkeypatch.setattr("typer.confirm", lambda text, err: text == "Delete everything?")
    answer = uncia("forget", "one")
    assert (answer.code, answer.err.split()) == (1, ["copy", "one"])
    assert len(images.digests) == 5
    assert len([*site.tables.frame_paths()]) == 1


def test_who_says_yes_deletes_copies_frame_and_label(uncia: Callable[..., Answer], site: Site, images: Images) -> None:
    site.hold(seen(0, camera="a", path="one"), seen(900, camera="a", path="other"))
    answer = uncia("forget", "one", "--yes")
    assert (answer.code, answer.err.splitlines()[-1].split(";")[0]) == (0, "2 images and 1 frame deleted")
    assert sorted(images.digests) == ["other", "unknown", "unknown2"]
    assert [path for _, _, path in site.tables.frame_paths()] == ["other"]
    assert [shot.path for label in site.tables.all_labels() for shot in label.frames] == ["other"]


def test_where_no_host_runs_it_says_what_is_deleted_and_what_is_not(
    site: Site, images: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.hold(seen(0, camera="a", path="one"))
    monkeypatch.setattr(site, "answer", lambda ask: None)
    monkeypatch.setattr("cli.waiting.PATIENCE_SECONDS", 0.0)
    with pytest.raises(UnciaError, match=NOT_LABELLED):
        forgetting.remove({}, forgetting.find({}, ["one"], screen.progress()), screen.progress())
    assert [*site.tables.frame_paths()] == []


def test_what_failed_of_an_image_is_forgotten_too_and_not_sent_again(
    uncia: Callable[..., Answer], site: Site, images: Images
) -> None:
    about = ("images", announced(BlobName="one")), ("frames", seen(0, path="copy").encode().encode())
    for queue, body in (*about, ("frames", seen(0, path="other").encode().encode()), ("frames", b"hello")):
        site.failures.bury(buried(queue, content_of(body, plain=False), NOW, None, None, NOW))
    uncia("forget", "one", "--yes")
    assert sorted(one.what for one in site.failures.all()) == [NOT_OURS, 'frame of image "other"']
