"""From an image's bytes to its frame, the same way wherever features are made."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from PIL.Image import Image

from shared import captured
from shared.backbone import Backbone
from shared.camera import camera_of, metadata_value
from shared.captured import Captured, Said
from shared.errors import BadMessage
from shared.exif import Exif
from shared.frame import Frame, Status
from shared.head import Head
from shared.image import Corrupt, Picture, crop, decode, preview
from shared.recipe import Recipe

# Previews are of the same decode; UNCIA_PREVIEW_PIXELS can ask for smaller ones only.
LARGEST_PREVIEW = 320
CONTAINER = "images"
# A date is 19 characters; what else stands in its tag is kept for people to see, not whole.
_SAID = 64


@dataclass(frozen=True, slots=True)
class Upload:
    """An image as storage hands it over."""

    path: str  #: blob name within the container
    data: bytes
    metadata: Mapping[str, str]
    etag: str = ""


@dataclass(frozen=True, slots=True)
class Featurizer:
    """A backbone with a crop: makes the frames, and the features of training, from the same pixels."""

    backbone: Backbone
    crop_top: float = 0.0
    crop_bottom: float = 0.0
    preview_pixels: int = 320

    @property
    def recipe(self) -> Recipe:
        """How these features are made."""
        return Recipe(self.backbone.sha256, self.crop_top, self.crop_bottom)

    def decode(self, data: bytes) -> tuple[Picture | Corrupt, Exif]:
        """The picture, at a size that follows from the backbone alone: it decides about the features."""
        return decode(data, max(self.backbone.size, LARGEST_PREVIEW))

    def features(self, pixels: Image) -> NDArray[np.float16]:
        """The features of an upright picture, cropped by the recipe."""
        return self.backbone.run(crop(pixels, self.crop_top, self.crop_bottom))[0]

    def frame(self, upload: Upload, head: Head | None, now: datetime) -> Frame:
        """The frame of an image, scored where a head of this recipe can; one that cannot be decoded is `corrupt`."""
        picture, exif = self.decode(upload.data)
        time = when(upload.path, upload.metadata, exif, now)
        identity = Frame(
            camera=camera_of(upload.path, upload.metadata),
            path=upload.path,
            digest=hashlib.sha256(upload.data).hexdigest(),
            etag=upload.etag,
            size=len(upload.data),
            captured_at=time.at,
            time_source=time.source,
            time_said=time.said[:_SAID],
            suspect=time.suspect,
        )
        return self._seen(identity, picture, head)

    def _seen(self, frame: Frame, picture: Picture | Corrupt, head: Head | None) -> Frame:
        if isinstance(picture, Corrupt):
            return replace(frame, status=Status.CORRUPT, reason=picture.reason)
        features = self.features(picture.pixels).astype("<f2").tobytes()
        judge = head if head and head.recipe == self.recipe else None
        scores = judge.scores_by_key({frame.digest: features}).get(frame.digest) if judge else None
        return replace(
            frame,
            width=picture.width,
            height=picture.height,
            recipe=str(self.recipe),
            backbone=self.backbone.version,
            features=features,
            scores=scores,
            head=judge.version if judge and scores else "",
            preview=preview(picture.pixels, self.preview_pixels),
        )


def path_of(blob: str) -> str:
    """The path of a blob named with its container; raises BadMessage for another container than `images`."""
    container, _, path = blob.partition("/")
    # An Event Grid subscription can send any container's blobs: the host does not compare them with the trigger's path.
    if container != CONTAINER or not path:
        raise BadMessage(f"{blob!r} is not in the container {CONTAINER}")
    return path


def when(path: str, metadata: Mapping[str, str], exif: Exif, now: datetime) -> Captured:
    """When an image was taken: the uploader's word, then EXIF, then its maker's note, then its name."""
    said = (
        Said("metadata", metadata_value(metadata, "captured_at")),
        *exif.times,
        Said("name", captured.from_name(path)),
    )
    return captured.believe(said, now)
