"""Which uploads became no frame: a container's blobs, compared with what the frames of their cameras answer."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared import answer
from shared.day import day_of_key
from shared.message import IMAGES, key_of_image
from shared.suffix import is_announced

# A message that fails is given up on after 2.5 minutes, an instance starts within one; the rest is for a queue that is
# long because a whole card, or many, came at once. What is announced too early is featurized twice, to the same row.
ON_ITS_WAY = timedelta(hours=1)


class Fate(StrEnum):
    """What became of an upload."""

    ANSWERED = "answered"
    NO_IMAGE = "no image"  #: by its name: nobody announces it
    ON_ITS_WAY = "on its way"
    FAILED = "failed"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Listed:
    """A blob, as a container lists it."""

    camera: str
    name: str
    etag: str
    size: int  #: bytes
    changed: datetime  #: UTC


class Answers:
    """What the frames of one camera answer; some 12 bytes for each digest, and 80 while they are sorted."""

    def __init__(self, frames: Iterable[tuple[str, bytes]]) -> None:
        """Of each frame its row key and the digests in its row."""
        self.days: set[str] = set()  #: that the frames belong to
        self._met = bytearray()
        pairs: list[int] = []
        for number, (row_key, digests) in enumerate(frames):
            self.days.add(day_of_key(row_key))
            self._met.append(0)
            pairs += [int.from_bytes(one) << 32 | number for one in answer.split(digests)]
        pairs.sort()
        self._digests = array("Q", (pair >> 32 for pair in pairs))
        self._frames = array("I", (pair & 0xFFFFFFFF for pair in pairs))

    @property
    def unmet(self) -> int:
        """How many frames answer none of the blobs that were asked about."""
        return self._met.count(0)

    def meet(self, blob: Listed) -> bool:
        """Whether a frame answers this blob."""
        found = [place for one in answer.answering(blob.name, blob.etag, blob.size) for place in self._places(one)]
        for place in found:
            self._met[self._frames[place]] = 1
        return bool(found)

    def _places(self, digest: bytes) -> Iterable[int]:
        wanted = int.from_bytes(digest)
        first = last = bisect_left(self._digests, wanted)
        while last < len(self._digests) and self._digests[last] == wanted:
            last += 1
        return range(first, last)


def fate(blob: Listed, answers: Answers, failed: Collection[str], border: datetime) -> Fate:
    """What became of an upload; `failed` are keys of images that the host gave up on. Later than `border` is too early.

    An upload that is answered has not failed, whatever became of an earlier one under its name.
    """
    if answers.meet(blob):
        return Fate.ANSWERED
    if not is_announced(blob.name):
        return Fate.NO_IMAGE
    if key_of_image(f"{IMAGES}/{blob.name}") in failed:
        return Fate.FAILED
    return Fate.ON_ITS_WAY if blob.changed > border else Fate.MISSING
