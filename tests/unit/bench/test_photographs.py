"""Images to upload differ in their bytes, and have the times and names that the benchmark counts on."""

from __future__ import annotations

from bench import photographs
from bench.photographs import VIEWS
from bench.photographs import photographs as images
from shared.image import Picture, decode

PIXELS, BYTES = (640, 480), 60_000


def picture() -> bytes:
    return photographs._photograph(VIEWS[0], PIXELS, BYTES)


def test_a_picture_has_nearly_the_bytes_that_are_wanted() -> None:
    assert 0.8 * BYTES < len(picture()) <= BYTES


def test_no_two_images_have_the_same_bytes_or_the_same_name() -> None:
    made = [*images([picture()], 45)]
    assert len({one.content for one in made}) == len({one.name for one in made}) == 45
    assert len({one.name.partition("/")[0] for one in made}) == 9


def test_an_image_is_a_photograph_of_its_time() -> None:
    *_, last = images([picture()], 100)
    found, exif = decode(last.content, 224)
    assert isinstance(found, Picture)
    assert (last.name, exif.times[0].text) == ("Camera 10/IMG_00010.JPG", "2026:02:01 06:30:00")


def test_the_same_images_are_made_again() -> None:
    assert [*images([b"2000:01:01 00:00:00"], 5)] == [*images([b"2000:01:01 00:00:00"], 5)]
