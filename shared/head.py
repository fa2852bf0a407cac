"""The small classifier on top: features to one score per class."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from shared.averaging import DECIMALS, Averaging
from shared.described import NotOurs, told
from shared.entity import text
from shared.errors import HeadRefused, UnciaError
from shared.recipe import Recipe
from shared.verdict import check

if TYPE_CHECKING:
    import onnxruntime as ort

# A head of 1,000 classes over 4,096 features has 16 MB; nothing larger is a head.
LARGEST = 32 * 1024 * 1024
# Two bytes each, in base64: a frame with more would not go into its message of 48 KiB.
MOST_FEATURES = 18_432
# Bytes of one frame's scores, of some 700 classes with scientific names. They share that message with the features, of
# 2,048 some 6 kB, and with what the image is called; a table's property has 64 KiB in UTF-16.
MOST_SCORES = 24_000


class Head:
    """A head as published: its classes, thresholds, recipe and version, and the scores it gives."""

    def __init__(self, content: bytes, *, later: bool = False) -> None:
        """Opens a head made by `uncia train`; raises HeadRefused in one sentence.

        `later`: its network is opened, and tried, for the first score. Who asks for none does without ONNX Runtime.
        """
        if len(content) > LARGEST:
            raise HeadRefused(f"this is no head: {len(content):,} bytes, and a head has at most {LARGEST:,}")
        try:
            self.metadata = told(content, "head")
            self._read(self.metadata)
        except NotOurs as error:
            raise HeadRefused(f"this is no head: {error}") from error
        except (KeyError, TypeError, ValueError, OverflowError, UnciaError) as error:
            raise HeadRefused(f"this is no head: its metadata lacks or garbles {error}") from error
        self.version = hashlib.sha256(content).hexdigest()[:12]
        self._content = content
        if not later:
            self._session  # noqa: B018 - opens it

    def _read(self, said: Mapping[str, Any]) -> None:
        self.classes: tuple[str, ...] = tuple(str(name) for name in said["classes"])
        if len(set(self.classes)) < len(self.classes):
            raise ValueError("a class twice")
        if len(self.classes) < 2:
            raise ValueError(f"classes: there are {len(self.classes)}")
        for name in self.classes:
            check("a class", name)
        if (most := len(text(dict.fromkeys(self.classes, 0.123456)).encode())) > MOST_SCORES:
            raise ValueError(f"classes: a frame's scores take {most:,} bytes, and have room for {MOST_SCORES:,}")
        self.thresholds: dict[str, float] = {name: _share(said["thresholds"][name]) for name in self.classes}
        self.averaging = Averaging(said.get("averaging", Averaging.PROBABILITIES))
        self.recipe = Recipe(**said["recipe"])
        self.backbone_name = str(said["backbone_name"])
        self.n_features = int(said["n_features"])
        if self.n_features > MOST_FEATURES:
            raise ValueError(f"{self.n_features:,} features, and a frame has at most {MOST_FEATURES:,}")

    @cached_property
    def _session(self) -> ort.InferenceSession:
        """The network; raises HeadRefused where it cannot be opened or gives no scores."""
        from shared.network import open_network

        try:
            session, _ = open_network(self._content, "head", threads=1)
        except NotOurs as error:
            raise HeadRefused(f"this is no head: {error}") from error
        self._check_shape(session)
        return session

    def _check_shape(self, session: ort.InferenceSession) -> None:
        from shared.network import UNUSABLE

        # Not zeros: they hide weights that are infinite. Not one row: a head may be fixed to one.
        try:
            scores = _run(session, np.random.default_rng(0).normal(size=(3, self.n_features)))
        except (*UNUSABLE, TypeError) as error:
            raise HeadRefused(f"this head does not run on {self.n_features} features") from error
        if scores.shape != (3, len(self.classes)):
            raise HeadRefused(f"this head gives scores of shape {scores.shape} for its {len(self.classes)} classes")
        if not ((scores >= 0) & (scores <= 1)).all():
            raise HeadRefused("this head gives scores that are no probabilities")

    def scores_by_key(self, features: Mapping[str, bytes]) -> dict[str, dict[str, float]]:
        """Scores of features as frames keep them (float16), by key; those that cannot be scored are left out.

        They have another length, or give no numbers: NaN equals nothing, so a label with it would be written for ever.
        """
        fit = {key: row for key, row in features.items() if len(row) == 2 * self.n_features}
        rows = np.frombuffer(b"".join(fit.values()), "<f2").reshape(len(fit), self.n_features)
        scored = zip(fit, self.scores(rows), strict=True)
        return {key: scores for key, scores in scored if not any(map(math.isnan, scores.values()))}

    def scores(self, features: NDArray[np.float16]) -> list[dict[str, float]]:
        """One score per class, from 0 to 1, for each row of features (N × n_features)."""
        rows = self.probabilities(features).round(DECIMALS).tolist() if len(features) else []
        return [dict(zip(self.classes, (round(score, DECIMALS) for score in row), strict=True)) for row in rows]

    def probabilities(self, features: NDArray[np.floating]) -> NDArray[np.float64]:
        """The scores as they come, N × classes in the order of `classes`, for N × n_features with N at least one."""
        return _run(self._session, features)


def _run(session: ort.InferenceSession, features: NDArray[np.floating]) -> NDArray[np.float64]:
    (scores,) = session.run(["scores"], {"features": features.astype(np.float32)})
    return np.asarray(scores, np.float64)


def _share(value: Any) -> float:
    """A number from 0 to 1; NaN, which JSON brings from strangers too, is none."""
    if not 0 <= float(value) <= 1:
        raise ValueError(f"a threshold of {value!r}")
    return float(value)
