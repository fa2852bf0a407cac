"""`uncia reconcile` names what is missing and, where it is told to, waits until nothing is."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from cli import missing, screen, waiting
from functions.aggregate import keep
from functions.reconcile import listed
from shared.day import Ask
from shared.errors import UnciaError
from shared.failure import buried
from tests.memory import MemoryContainer
from tests.unit.shared.making import note_due, seen

from .conftest import Answer
from .stored import NOW, Site

type Uncia = Callable[..., Answer]
NAMES = ["cam/a.jpg", "cam/b\n.jpg", "cam/c.jpg"]
DAY = "20260131"


class Images(MemoryContainer):
    """A container whose host answers a copy at once: with a frame, or with a failure for names in `bad`."""

    def __init__(self, site: Site) -> None:
        super().__init__()
        self.site, self.bad, self.deaf = site, set[str](), False

    def get_blob_client(self, name: str) -> SimpleNamespace:
        client = super().get_blob_client(name)

        def copy(url: str, **said: Any) -> dict[str, str]:
            etag: dict[str, str] = client.start_copy_from_url(url, **said)
            self.answer(name)
            return etag

        return SimpleNamespace(url=client.url, start_copy_from_url=copy)

    def answer(self, name: str) -> None:
        if self.deaf:
            return
        if name in self.bad:
            body = json.dumps({"ContainerName": "images", "BlobName": name})
            self.site.failures.bury(buried("images", body, NOW, None, None, NOW))
            return
        (one,) = [one for one in listed(self) if one.name == name]  # type: ignore[arg-type]
        keep(seen(NAMES.index(name), path=name, etag=one.etag, size=one.size), self.site.tables)
        note_due(self.site.tables, "cam", DAY, NOW)


@pytest.fixture
def images(site: Site, monkeypatch: pytest.MonkeyPatch) -> Images:
    """Three images of one camera, of which the first is a frame."""
    made = Images(site)
    for name in NAMES:
        made.upload_blob(name, b"x", overwrite=True)
    made.answer(NAMES[0])
    monkeypatch.setattr("cli.storage.images", lambda connection: made)
    monkeypatch.setattr("cli.storage.clock", lambda connection: lambda: NOW)
    monkeypatch.setattr(waiting, "POLL_SECONDS", 0)
    return made


def test_what_is_missing_is_named_and_nothing_is_announced(images: Images, uncia: Uncia) -> None:
    said = "1 image with a frame, 2 missing, 0 failed, 0 on their way\n"
    assert uncia("reconcile") == (1, "cam/b�.jpg\ncam/c.jpg\n", said)
    assert images.copied == []


def test_what_is_missing_is_mended_once(images: Images, uncia: Uncia) -> None:
    done = uncia("reconcile", "--fix")
    assert done.code == 0
    assert done.err.endswith("2 images announced and featurized; labels follow as after an upload\n")
    assert sorted(images.copied) == NAMES[1:]
    assert uncia("reconcile", "--fix").err.startswith("3 images with a frame, 0 missing")
    assert uncia("reconcile") == (0, "", "3 images with a frame, 0 missing, 0 failed, 0 on their way\n")
    assert len(images.copied) == 2


def test_an_image_that_fails_again_is_named_and_ends_the_wait(images: Images, uncia: Uncia) -> None:
    images.bad = {NAMES[2]}
    done = uncia("reconcile", "--fix")
    assert done.code == 1
    assert "1 image announced and featurized" in done.err
    assert done.err.endswith("failed, as docs/runbook.md says what to do about: cam/c.jpg\n")
    assert uncia("reconcile")[0] == 0
    assert "0 missing, 1 failed" in uncia("reconcile", "--fix").err


def test_where_nobody_answers_the_wait_ends_with_one_sentence(
    images: Images, uncia: Uncia, monkeypatch: pytest.MonkeyPatch
) -> None:
    images.deaf = True
    monkeypatch.setattr(waiting, "PATIENCE_SECONDS", 0.05)
    done = uncia("reconcile", "--fix")
    assert done.code == 1
    assert "nothing was done, 2 are left: no host seems to run, or uploads are not announced to it" in done.err


def test_ctrl_c_leaves_a_word(images: Images, uncia: Uncia, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(missing, "mend", interrupted)
    done = uncia("reconcile", "--fix")
    assert done.code == 130
    assert done.err.endswith("goes on without this command; run again, it announces what is left.\n")


def test_an_image_that_was_deleted_meanwhile_is_not_waited_for(images: Images) -> None:
    found = missing.look({}, screen.progress(), now=NOW, since=None)
    del images.blobs[NAMES[2]]
    assert missing.mend({}, found, screen.progress()) == missing.Mended(1, [], 1, 0)


def test_only_what_was_uploaded_since_is_looked_at(images: Images, uncia: Uncia) -> None:
    assert uncia("reconcile", "--since", "1d").out.splitlines() == ["cam/b�.jpg", "cam/c.jpg"]
    assert uncia("reconcile", "--since", "2026-02-02") == (
        0, "", "0 images with a frame, 0 missing, 0 failed, 0 on their way\n",
    )  # fmt: skip


def test_all_that_was_found_is_there_as_json(images: Images, uncia: Uncia) -> None:
    del images.blobs[NAMES[0]]
    done = uncia("reconcile", "--json")
    assert done.code == 1
    assert json.loads(done.out) == {
        "answered": 0, "missing": NAMES[1:], "failed": [], "on_their_way": 0, "frames_without_image": 1,
        "days_not_asked_for": [],
    }  # fmt: skip
    assert json.loads(uncia("reconcile", "--json", "--since", "7d").out)["frames_without_image"] is None
    assert "1 frame whose image is gone; the labels stay\n" in done.err


def test_a_day_that_nobody_asked_for_is_asked_for(images: Images, uncia: Uncia, site: Site) -> None:
    for name in NAMES[1:]:
        images.answer(name)
    site.tables._days.kept.clear()
    assert "1 camera-day with frames, and nobody asked for the labels\n" in uncia("reconcile").err
    done = uncia("reconcile", "--fix")
    assert done.code == 0
    assert "1 camera-day asked for\n" in done.err
    assert site.sent == [(Ask("cam", DAY).encode(), 0)]
    assert uncia("reconcile")[0] == 0


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("", None),
        ("7d", NOW - timedelta(days=7)),
        ("2026-01-31", datetime(2026, 1, 31, tzinfo=UTC)),
        ("2026-01-31T12:00:00+05:45", datetime(2026, 1, 31, 6, 15, tzinfo=UTC)),
    ],
)
def test_since_is_a_day_or_a_number_of_days(said: str, wanted: datetime | None) -> None:
    assert missing.moment(said, NOW) == wanted


@pytest.mark.parametrize("said", ["yesterday", "d", "-7d", "99999999999d", "2026-02-30"])
def test_anything_else_is_no_time(said: str) -> None:
    with pytest.raises(UnciaError, match=r"is neither a day, as 2026-01-31, nor a number of days, as 7d$"):
        missing.moment(said, NOW)


def test_a_host_on_this_machine_is_waited_for_less(images: Images) -> None:
    first = next(iter(listed(images))).changed  # type: ignore[arg-type]
    now = first + timedelta(minutes=30)
    found = [missing.look(one, screen.progress(), now=now, since=None).lost for one in ({}, {"connection": "x"})]
    assert found == [0, 2]
