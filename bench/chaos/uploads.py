"""What is uploaded: bursts of small pictures, some of them undated or corrupt, in any order and some of them twice."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from bench.small import COLOURS, photograph
from shared.featurizer import Upload

BEGIN = datetime(2024, 4, 30, 20)  # noqa: DTZ001 - local wall time
# Bursts within the gap of 60 s, equal to it included; pauses above it, so that a camera's hundred images take days.
BETWEEN, PAUSE = (1, 5, 20, 45, 60), (61, 3_600, 14_400, 50_000)
# The first burst of a camera with many images is longer than the cap of 15 minutes: 23 pauses of 45 s.
LONG = 24
STRANGE = 0.3
# Where the time of an image stands, if it has one, and how many in a hundred are so.
KINDS = {"exif": 89, "metadata": 3, "name": 3, "undated": 2, "corrupt": 3}
NAMES = ("Ridge {}", "Cam №{} #a", "Овраг {}", "Quebrada Ñandú {}!", "site-{}/100RECNX")


def cameras(number: int) -> list[str]:
    """Folders of so many cameras, named as people name them."""
    return [NAMES[one % len(NAMES)].format(one + 1) for one in range(number)]


def images(number: int, folders: list[str], chance: random.Random) -> list[Upload]:
    """So many different images, as many from each camera as from the next."""
    each = [number // len(folders) + (one < number % len(folders)) for one in range(len(folders))]
    return [image for folder, own in zip(folders, each, strict=True) for image in _camera(folder, own, chance)]


def shuffled(unique: list[Upload], twice: float, chance: random.Random) -> list[Upload]:
    """These uploads in any order, and a share of them twice: under another name, in another folder, or as it was."""
    again = [_again(image, unique, chance) for image in chance.sample(unique, round(twice * len(unique)))]
    mixed = [*unique, *again]
    chance.shuffle(mixed)
    return mixed


def _again(image: Upload, among: list[Upload], chance: random.Random) -> Upload:
    folder, _, file = image.path.rpartition("/")
    names = (image.path, f"{folder}/a copy of {file}", f"{folder}/zz {file}")
    # Named by where it is from: two images that overwrite one another are only seen if a host looks in between.
    elsewhere = f"{chance.choice(among).path.rpartition('/')[0]}/from {folder.replace('/', ' ')} {file}"
    path = chance.choice((*names, elsewhere))
    return Upload(path, image.data, image.metadata)


def _camera(folder: str, number: int, chance: random.Random) -> Iterator[Upload]:
    at, shot = BEGIN + timedelta(minutes=chance.randrange(300)), 0
    while shot < number:
        long = shot == 0 and number > 2 * LONG
        between, size = ((45,), LONG) if long else (BETWEEN, chance.randint(1, 6))
        at, colour = at + timedelta(seconds=chance.choice(PAUSE)), chance.choice([*COLOURS])
        for place in range(min(size, number - shot)):
            at += timedelta(seconds=chance.choice(between) if place else 0)
            # Not all of a burst look alike: an average tells which frames went into it.
            seen = chance.choice([*COLOURS]) if chance.random() < STRANGE else colour
            yield _image(folder, shot, at, seen, chance)
            shot += 1


def _image(folder: str, shot: int, at: datetime, colour: str, chance: random.Random) -> Upload:
    """An image, dated as chance says."""
    (kind,) = chance.choices([*KINDS], [*KINDS.values()])
    name = f"{at:%Y%m%dT%H%M%S}_{shot:04}.JPG" if kind == "name" else f"IMG_{shot:04}.JPG"
    metadata = {"captured_at": at.isoformat()} if kind == "metadata" else {}
    data = photograph(COLOURS[colour], at if kind in ("exif", "corrupt") else None, seed=chance.getrandbits(32))
    return Upload(f"{folder}/{name}", data[:-300] if kind == "corrupt" else data, metadata)
