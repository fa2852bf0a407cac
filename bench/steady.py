"""What a long run kept of itself, and whether its memory stayed as it was: pure functions of the samples."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

# Up to here a process warms up: it loads the network, opens its connections, and meets the largest image at every turn.
WARM_UP = 1_000
# A leak of a whole kilobyte an image would be 1 MB in a thousand images; what is less than two is lost in the noise
# of a sawtooth of images of 3 to 12 megapixels.
GROWTH_MB = 2.0
PEAK_SHARE = 1.05
ENOUGH = 5 * WARM_UP


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One moment of a run. Memory is what is resident, in MB."""

    seconds: float
    uploaded: int
    frames: int
    host_mb: float
    azurite_mb: float
    disk_gb: float
    waiting: int  #: messages in all queues


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What became of a process's memory once it was warm."""

    first_mb: float  #: highest in the first thousand images after warming up
    last_mb: float  #: highest in the last thousand
    growth_mb: float  #: slope of the straight line nearest to the samples, in MB for 1,000 images

    @property
    def steady(self) -> bool:
        """Whether neither the slope nor the peaks say that it grows."""
        return self.growth_mb <= GROWTH_MB and self.last_mb <= PEAK_SHARE * self.first_mb


def judged(found: Memory, images: int) -> str:
    """`yes` where memory is steady, `no` where it is not; a run of less than ENOUGH images is too short to say."""
    return "too short to say" if images < ENOUGH else "yes" if found.steady else "no"


def memory(samples: Sequence[Sample], images: int, of: Callable[[Sample], float]) -> Memory:
    """What became of the memory that `of` picks, from the first thousand images on; a tenth of them in a short run."""
    portion = min(WARM_UP, images // 10)
    warm = [one for one in samples if one.frames >= portion]
    first = [of(one) for one in warm if one.frames <= 2 * portion] or [of(warm[0])]
    last = [of(one) for one in warm if one.frames >= images - portion]
    slope = _slope([one.frames for one in warm], [of(one) for one in warm])
    return Memory(first_mb=max(first), last_mb=max(last), growth_mb=1_000 * slope)


def _slope(across: Sequence[float], up: Sequence[float]) -> float:
    """Of the straight line with the least squares; 0 where all lie above one another."""
    middle, height = sum(across) / len(across), sum(up) / len(up)
    spread = sum((x - middle) ** 2 for x in across)
    return sum((x - middle) * (y - height) for x, y in zip(across, up, strict=True)) / spread if spread else 0.0
