"""The ONNX network that turns a picture into features."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shared.described import NotOurs, read
from shared.errors import BackboneUnusable
from shared.network import open_network

# A worker of 4,096 MB holds a network twice while it opens it.
LARGEST = 1024 * 1024 * 1024


class Backbone:
    """A prepared backbone: features of one picture at a time, from any number of threads."""

    def __init__(self, content: bytes, threads: int) -> None:
        """Opens a file that `uncia backbone` prepared; raises NotOurs or KeyError for another."""
        self._session, said = open_network(content, "backbone", threads)
        self.sha256 = hashlib.sha256(content).hexdigest()
        self.name: str = said["name"]
        self.version = f"{self.name}-{self.sha256[:8]}"
        self.size: int = said["size"]
        self.n_features: int = said["n_features"]
        self._input: str = said["input"]
        self._channels_first = said["layout"] == "NCHW"
        self._order = slice(None) if said["channels"] == "RGB" else slice(None, None, -1)
        mean, std = np.array(said["mean"], np.float32), np.array(said["std"], np.float32)
        # (pixel / 255 * range - mean) / std, as one multiplication and one addition
        self._scale = (said["range"] / 255 / std).astype(np.float32)
        self._shift = (-mean / std).astype(np.float32)

    @classmethod
    def load(cls, path: Path, threads: int) -> Self:
        """The backbone in a file; raises BackboneUnusable in one sentence."""
        try:
            return cls(read(path, LARGEST), threads)
        except OSError as error:
            raise BackboneUnusable(
                f"the backbone {path} cannot be read ({error.strerror}): run `make setup`"
            ) from error
        except (NotOurs, KeyError) as error:
            raise BackboneUnusable(f"{path} is no backbone: {error}; make one with `uncia backbone build`") from error

    def run(self, picture: Image.Image) -> tuple[NDArray[np.float16], NDArray[np.float32]]:
        """Features (float16, n_features) and logits (float32) of a picture, which is squeezed to the network's square.

        The whole picture, not its centre: animals stand at the edges. float16 is what frames keep.
        """
        features, logits = self._session.run(["features", "logits"], {self._input: self.tensor(picture)})
        limit = float(np.finfo(np.float16).max)
        return np.clip(features[0].ravel(), -limit, limit).astype(np.float16), logits[0].ravel()

    def tensor(self, picture: Image.Image) -> NDArray[np.float32]:
        """A picture as the network takes it: 1 × 3 × size × size, or with the channels last."""
        square = picture.resize((self.size, self.size), Image.Resampling.BILINEAR)
        # Band by band: all three at once, numpy multiplies by three numbers in turn, which takes four times as long.
        planes = np.empty((3, self.size, self.size), np.float32)
        bands = square.split()[self._order]
        for plane, band, scale, shift in zip(planes, bands, self._scale, self._shift, strict=True):
            np.multiply(np.asarray(band), scale, out=plane)
            plane += shift
        return np.ascontiguousarray(planes if self._channels_first else planes.transpose(1, 2, 0))[np.newaxis]
