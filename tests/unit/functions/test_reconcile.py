"""Images whose event was lost are announced again, each night until they are frames, and no others."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from functions import announce, reconcile
from functions.aggregate import keep
from functions.reconcile import RECENT, compare, given_up, listed
from shared.day import Ask
from shared.failure import buried
from shared.missing import ON_ITS_WAY
from tests.memory import MemoryContainer, MemoryFailures, MemoryQueue, MemoryStore
from tests.unit.shared.making import note_due, seen

NESTED = "[" * 20_000 + "]" * 20_000
NAMES = ["cam/a.jpg", "cam/b.JPG", "other/c.jpg"]


class Place:
    """A container, tables and a queue; the container's clock counts seconds from `BEGAN`."""

    def __init__(self) -> None:
        self.container: Any = MemoryContainer()
        self.store: Any = MemoryStore()
        self.failures: Any = MemoryFailures()
        self.queue: Any = MemoryQueue()

    def upload(self, *names: str, **metadata: str) -> None:
        for name in names:
            self.container.metadata[name] = metadata
            self.container.upload_blob(name, b"x" * 7, overwrite=True)

    def featurize(self, *names: str) -> None:
        """What the functions do for uploads that they are told of; no two names have the same bytes."""
        for number, one in enumerate(listed(self.container)):
            if one.name in names:
                said = {"camera": one.camera, "path": one.name, "etag": one.etag, "size": one.size}
                keep(seen(number, **said, seed=one.name), self.store)

    def night(self, after: timedelta = ON_ITS_WAY, **said: Any) -> list[str]:
        """What is announced by a run so long after the last upload."""
        self.container.copied.clear()
        moment = max(one.changed for one in listed(self.container)) + after
        given = {"container": self.container, "store": self.store, "failures": self.failures, "sequences": self.queue}
        reconcile.run(**given, now=lambda: moment, **said)
        return sorted(self.container.copied)


@pytest.fixture
def place() -> Place:
    made = Place()
    made.upload(*NAMES)
    for day in ("20260131", "undated"):
        for camera in ("cam", "other", "elsewhere"):
            note_due(made.store, camera, day, moment_of(made))
    return made


def moment_of(place: Place) -> Any:
    return max(one.changed for one in listed(place.container))


def fail(place: Place, queue: str, body: Any) -> None:
    content = body if isinstance(body, str) else json.dumps(body)
    place.failures.bury(buried(queue, content, moment_of(place), None, None, moment_of(place)))


def test_only_images_that_became_no_frame_are_announced(place: Place) -> None:
    place.featurize("cam/a.jpg")
    place.upload("cam/notes.txt")
    assert place.night() == ["cam/b.JPG", "other/c.jpg"]


def test_what_is_announced_and_featurized_is_not_announced_the_next_night(place: Place) -> None:
    assert place.night() == NAMES
    place.featurize(*NAMES)
    assert place.night() == []


def test_what_is_announced_in_vain_is_announced_the_next_night(place: Place) -> None:
    assert [place.night(), place.night()] == [NAMES, NAMES]


def test_an_image_on_its_way_is_not_announced(place: Place) -> None:
    assert place.night(ON_ITS_WAY - timedelta(seconds=10)) == []


def test_an_image_of_last_week_is_not_looked_at(place: Place) -> None:
    assert place.night(RECENT + timedelta(seconds=10)) == []


@pytest.mark.parametrize(
    ("queue", "body"),
    [
        ("images", {"Type": "BlobTrigger", "ContainerName": "images", "BlobName": "cam/b.JPG"}),
        ("frames", seen(camera="cam", path="cam/b.JPG").encode()),
    ],
)
def test_an_image_that_failed_is_not_announced_for_ever(place: Place, queue: str, body: Any) -> None:
    fail(place, queue, body)
    assert place.night() == ["cam/a.jpg", "other/c.jpg"]


@pytest.mark.parametrize("body", ["no message", {"frame": 3}, [1], {"BlobName": 7}, {"BlobName": None}, NESTED])
def test_a_failure_that_is_no_message_of_ours_is_passed_by(place: Place, body: Any) -> None:
    fail(place, "images", body)
    fail(place, "frames", body)
    assert place.night() == NAMES


def test_one_night_announces_so_many_and_the_next_goes_on(place: Place) -> None:
    nights = []
    for _ in range(3):
        nights += place.night(most=2)
        place.featurize(*nights)
    assert nights == NAMES


def test_an_image_belongs_to_the_camera_that_its_uploader_named(place: Place) -> None:
    place.upload("cam/a.jpg", camera="Ridge%201")
    place.featurize("cam/a.jpg")
    assert [one.camera for one in listed(place.container)] == ["Ridge 1", "cam", "other"]
    assert place.night() == NAMES[1:]


def test_an_image_that_was_overwritten_since_it_was_listed_is_left_to_its_own_event(place: Place) -> None:
    found = [*listed(place.container)]
    place.upload("cam/b.JPG")
    del place.container.blobs["other/c.jpg"]
    assert [one.name for one in announce.all_of(found, place.container)] == ["cam/a.jpg"]


def test_an_announced_image_is_known_by_its_new_etag(place: Place) -> None:
    announced = announce.all_of(listed(place.container), place.container)
    assert [one.etag for one in announced] == [f'"{one.etag}"' for one in listed(place.container)]
    place.featurize(*NAMES)
    wanted = compare(place.container, place.store, set(), border=moment_of(place))
    assert (wanted.answered, wanted.missing) == (3, [])


def test_a_day_that_has_frames_and_no_row_is_asked_for(place: Place) -> None:
    place.featurize(*NAMES)
    place.store.forget("other")
    place.featurize("other/c.jpg")
    place.night()
    assert place.queue.sent == [(Ask("other", "20260131").encode(), 0)]
    assert place.store.read_day("other", "20260131").due


def test_frames_whose_image_is_gone_are_counted_and_left(place: Place) -> None:
    place.featurize(*NAMES)
    keep(seen(camera="elsewhere", path="elsewhere/d.jpg"), place.store)
    del place.container.blobs["cam/a.jpg"]
    found = compare(place.container, place.store, given_up(place.failures), border=moment_of(place))
    assert (found.unmet, found.answered, found.lost, found.unasked) == (2, 2, 0, [])


def test_of_what_is_missing_only_so_many_are_named_and_all_are_counted(place: Place) -> None:
    found = compare(place.container, place.store, set(), border=moment_of(place), most=1)
    assert ([one.name for one in found.missing], found.lost) == (["cam/a.jpg"], 3)


def test_copies_of_the_same_bytes_are_each_answered(place: Place) -> None:
    place.upload("cam/copy.jpg")
    for one in [one for one in listed(place.container) if one.camera == "cam"]:
        keep(seen(path=one.name, etag=one.etag, size=one.size), place.store)
    assert place.night() == ["other/c.jpg"]
    assert len([*place.store.answers("cam")]) == 1
