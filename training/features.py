"""What labelled images give, made exactly as `featurize` makes it, and kept."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import batched

import numpy as np
from PIL import Image, ImageOps

from shared.errors import UnciaError
from shared.featurizer import Featurizer, when
from shared.image import Corrupt, crop, preview
from training.cache import Cache, FileKey, Row
from training.looks import GREY
from training.manifest import Example, in_sequences

# Enough for both cores to stay busy, few enough for the bytes of large images to stay small.
AHEAD = 64


@dataclass(frozen=True, slots=True)
class Observed:
    """The examples that could be decoded, in their sequences, with the digests that the cache knows them by."""

    examples: tuple[Example, ...]
    digests: tuple[str, ...]
    n_corrupt: int


def observe(
    examples: Sequence[Example], featurizer: Callable[[], Featurizer], cache: Cache, progress: Callable[[], None]
) -> Observed:
    """Sees to it that the cache knows every example, and tells which could be decoded; times may come from the images.

    The featurizer is made only where an image is not known. Raises UnciaError where no image can be decoded.
    """
    try:
        digests = list(_digests(examples, featurizer, cache, progress))
    finally:
        cache.flush()
    good = [place for place, digest in enumerate(digests) if not cache.reasons[digest]]
    if not good:
        raise UnciaError("none of the images can be decoded")
    dated = in_sequences(_dated(examples[place], cache.captured[digests[place]]) for place in good)
    return Observed(tuple(dated), tuple(digests[place] for place in good), len(examples) - len(good))


def _digests(
    examples: Sequence[Example], featurizer: Callable[[], Featurizer], cache: Cache, progress: Callable[[], None]
) -> Iterator[str]:
    """The digest of each example, whose image the cache knows from then on."""
    keys = [_key(example) for example in examples]
    made: list[Featurizer] = []
    pool = ThreadPoolExecutor(os.process_cpu_count())
    try:
        for lot in batched(zip(examples, keys, strict=True), AHEAD, strict=False):
            new = {key: example for example, key in lot if cache.digests.get(key) not in cache.reasons}
            if new and not made:
                made.append(featurizer())
            looks = pool.map(lambda example: look(example, made[0], cache), new.values())
            for key, (digest, row) in zip(new, looks, strict=True):
                cache.keep(key, digest, row)
            for _, key in lot:
                progress()
                yield cache.digests[key]
    finally:
        pool.shutdown(cancel_futures=True)  # Ctrl-C waits for the images under way, not for all that were handed out


def look(example: Example, featurizer: Featurizer, cache: Cache) -> tuple[str, Row | None]:
    """An image's digest, and what it gives where the cache does not know it."""
    data = example.path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if digest in cache.reasons:
        return digest, None
    picture, exif = featurizer.decode(data)
    at = when(example.path.name, {}, exif, datetime.now(UTC).replace(tzinfo=None)).at
    row: dict[str, object] = {"digest": digest, "reason": "", "captured_at": at.isoformat() if at else ""}
    if isinstance(picture, Corrupt):
        return digest, row | {"reason": picture.reason}
    return digest, row | given(picture.pixels, featurizer)


def given(pixels: Image.Image, featurizer: Featurizer) -> dict[str, bytes]:
    """What every rung sees of an upright picture: without its strips, squeezed to a square, and mirrored."""
    cropped = crop(pixels, featurizer.crop_top, featurizer.crop_bottom)
    features, logits = featurizer.backbone.run(cropped)
    mirrored, _ = featurizer.backbone.run(ImageOps.mirror(cropped))
    return {
        "features": features.astype("<f2").tobytes(),
        "mirrored": mirrored.astype("<f2").tobytes(),
        "logits": logits.astype("<f4").tobytes(),
        "grey": np.asarray(cropped.convert("L").resize(GREY, Image.Resampling.BILINEAR), "u1").tobytes(),
        "preview": preview(pixels, featurizer.preview_pixels),
    }


def _key(example: Example) -> FileKey:
    said = example.path.stat()
    return os.fsencode(example.path.resolve()), said.st_size, said.st_mtime_ns


def _dated(example: Example, captured_at: str) -> Example:
    if example.captured_at or not captured_at:
        return example
    return replace(example, captured_at=datetime.fromisoformat(captured_at))
