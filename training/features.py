"""Features of labelled images, made exactly as `featurize` makes them."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shared.errors import UnciaError
from shared.featurizer import Featurizer
from shared.image import Corrupt
from training.manifest import Example


@dataclass(frozen=True, slots=True)
class Observed:
    """The examples that could be decoded, with their features (N × n_features, float16)."""

    examples: tuple[Example, ...]
    features: NDArray[np.float16]
    n_corrupt: int


def observe(examples: Sequence[Example], featurizer: Featurizer, progress: Callable[[], None]) -> Observed:
    """Features of every example that can be decoded; raises UnciaError where none can."""
    with ThreadPoolExecutor(os.process_cpu_count()) as pool:
        try:
            found = []
            for made in pool.map(lambda example: _features(example, featurizer), examples):
                found.append(made)
                progress()
        except KeyboardInterrupt:
            pool.shutdown(cancel_futures=True)
            raise
    kept = [(example, made) for example, made in zip(examples, found, strict=True) if made is not None]
    if not kept:
        raise UnciaError("none of the images can be decoded")
    features = np.stack([made for _, made in kept])
    return Observed(tuple(example for example, _ in kept), features, len(examples) - len(kept))


def _features(example: Example, featurizer: Featurizer) -> NDArray[np.float16] | None:
    picture, _ = featurizer.decode(example.path.read_bytes())
    return None if isinstance(picture, Corrupt) else featurizer.features(picture.pixels)
