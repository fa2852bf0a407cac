"""What is uploaded follows from a seed, and has a bit of everything."""

from __future__ import annotations

import random

from bench.chaos.uploads import NAMES, cameras, images, shuffled
from shared.featurizer import Upload


def drawn(seed: int, number: int = 60, twice: float = 0.2) -> list[Upload]:
    chance = random.Random(seed)
    return shuffled(images(number, cameras(5), chance), twice, chance)


def test_the_same_seed_uploads_the_same() -> None:
    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)


def test_a_fifth_comes_twice_under_another_name_or_as_it_was() -> None:
    uploads = drawn(1, 100)
    assert len(uploads) == 120
    assert len({one.data for one in uploads}) == 100
    assert 100 < len({one.path for one in uploads}) < 120


def test_a_name_always_has_the_same_bytes() -> None:
    uploads = drawn(3, 2_000)
    assert len({one.path for one in uploads}) == len({(one.path, one.data) for one in uploads})


def test_every_camera_takes_as_many_images_as_the_next() -> None:
    unique = images(52, cameras(5), random.Random(1))
    folders = [one.path.rpartition("/")[0] for one in unique]
    assert [folders.count(name) for name in cameras(5)] == [11, 11, 10, 10, 10]
    assert len({*cameras(5)}) == len(NAMES)
