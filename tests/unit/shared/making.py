"""Frames, pictures and networks to test with, all made here."""

from __future__ import annotations

import hashlib
import io
import json
import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from PIL import ExifTags, Image

from functions import record
from shared.averaging import Averaging
from shared.day import Day, Settled
from shared.deployment import Deployment
from shared.frame import Frame, Status
from shared.recipe import Recipe
from shared.verdict import Verdict

NOON = datetime(2026, 1, 31, 12)
CLASSES = ("blank", "leopard")
EXIF_TAGS = {"DateTimeOriginal": 0x9003, "DateTimeDigitized": 0x9004, "SubsecTimeOriginal": 0x9291, "MakerNote": 0x927C}
IMAGENET = {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}


def frame(at: datetime | float | None = 0, **said: Any) -> Frame:
    """A frame at a time, or so many seconds after noon; its digest follows from what it is."""
    when = NOON + timedelta(seconds=at) if isinstance(at, int | float) else at
    seed = said.pop("seed", "")
    digest = hashlib.sha256(f"{said.get('camera')}{when}{seed}".encode()).hexdigest()
    return Frame(**{"camera": "cam", "path": f"cam/{digest[:4]}.jpg", "digest": digest, "captured_at": when} | said)


def seen(at: datetime | float | None = 0, leopard: float = 0.9, head: str = "head 1", **said: Any) -> Frame:
    """A decoded frame, scored by a head; its features hold the score."""
    features = np.array([1 - leopard, leopard], "<f2").tobytes()
    scores = {"blank": round(1 - leopard, 6), "leopard": leopard}
    return frame(at, **{"features": features, "scores": scores, "head": head, "recipe": "sha~0.0~0.0"} | said)


def corrupt(at: datetime | float | None = 0, **said: Any) -> Frame:
    """A frame whose image could not be decoded."""
    return frame(at, status=Status.CORRUPT, reason="OSError: image file is truncated", **said)


class FakeHead:
    """A head whose scores are the features themselves, turned round by version 2."""

    classes = CLASSES
    thresholds: Mapping[str, float] = dict.fromkeys(CLASSES, 0.6)
    recipe = Recipe("sha")
    averaging = Averaging.PROBABILITIES

    def __init__(self, version: str = "head 1") -> None:
        self.version = version

    def scores_by_key(self, features: Mapping[str, bytes]) -> dict[str, dict[str, float]]:
        fit = {key: np.frombuffer(row, "<f2") for key, row in features.items() if len(row) == 2 * len(CLASSES)}
        return dict(zip(fit, self.scores(np.array([*fit.values()])), strict=True)) if fit else {}

    def scores(self, features: NDArray[np.float16]) -> list[dict[str, float]]:
        turned = features[:, ::-1] if self.version == "head 2" else features
        return [dict(zip(CLASSES, map(float, row), strict=True)) for row in turned.astype(np.float64).round(6)]


def noise(width: int = 64, height: int = 48, mode: str = "RGB") -> Image.Image:
    """A picture whose corners differ, so that no turn of it is another's."""
    ramp = np.linspace(0, 200, width * height).reshape(height, width)
    ramp[: height // 3, : width // 2] += 50
    return Image.fromarray(np.stack([ramp, ramp[::-1], ramp[:, ::-1]], axis=2).astype(np.uint8)).convert(mode)


def written(picture: Image.Image, form: str = "JPEG", **options: Any) -> bytes:
    """A picture as the bytes of a file."""
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def exif(orientation: int = 0, modified: str = "", **inner: Any) -> Image.Exif:
    """An EXIF block with these tags of its inner directory."""
    block = Image.Exif()
    if orientation:
        block[ExifTags.Base.Orientation] = orientation
    if modified:
        block[ExifTags.Base.DateTime] = modified
    block.get_ifd(ExifTags.IFD.Exif).update({EXIF_TAGS[name]: value for name, value in inner.items()})
    return block


def bomb(width: int, height: int) -> bytes:
    """A PNG that claims this size and holds nothing."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", 4) + b"IDATxxxx" + struct.pack(">I", zlib.crc32(b"IDATxxxx"))
    )


def backbone(**said: Any) -> bytes:
    """A prepared backbone of one 1×1 convolution over 8×8 pixels: four features, two logits."""
    weights = {"k": WEIGHTS, "w": np.ones((4, 2), np.float32)}
    nodes = [
        helper.make_node("Conv", ["picture", "k"], ["maps"]),
        helper.make_node("GlobalAveragePool", ["maps"], ["pool"]),
        helper.make_node("Flatten", ["pool"], ["features"]),
        helper.make_node("Gemm", ["features", "w"], ["logits"]),
    ]
    told = {
        "kind": "backbone", "name": "tiny", "size": 8, "n_features": 4, "input": "picture", "layout": "NCHW",
        "channels": "RGB", "range": 1.0,
    }  # fmt: skip
    return _network(nodes, weights, ("picture", ["N", 3, 8, 8]), ("features", "logits"), told | IMAGENET | said)


WEIGHTS = np.random.default_rng(0).normal(size=(4, 3, 1, 1)).astype(np.float32)


def head(backbone_sha: str = "sha", outputs: int = 2, **said: Any) -> bytes:
    """A head over four features: the softmax of the first ones."""
    weights = {"w": np.eye(4, outputs, dtype=np.float32)}
    nodes = [
        helper.make_node("Gemm", ["features", "w"], ["sums"]),
        helper.make_node("Softmax", ["sums"], ["scores"], axis=1),
    ]
    told = {
        "kind": "head", "classes": CLASSES, "thresholds": dict.fromkeys(CLASSES, 0.5), "n_features": 4,
        "recipe": {"backbone": backbone_sha}, "backbone_name": "tiny",
    }  # fmt: skip
    return _network(nodes, weights, ("features", ["N", 4]), ("scores",), told | said)


def _network(nodes: Any, weights: Any, feed: Any, outputs: Any, told: Mapping[str, Any] | None) -> bytes:
    graph = helper.make_graph(
        nodes, "g",
        [helper.make_tensor_value_info(feed[0], TensorProto.FLOAT, feed[1])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs],
        [numpy_helper.from_array(value, name) for name, value in weights.items()],
    )  # fmt: skip
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    if told is not None:
        helper.set_model_props(model, {"uncia": json.dumps(told)})
    return model.SerializeToString()


def deployment(
    start: str = "2026-01-01T00:00:00+05:45", end: str = "2026-03-01T00:00:00+05:45", **said: Any
) -> Deployment:
    """A deployment of camera `cam`; `columns` are added to those that it must have."""
    columns = {"deploymentID": said.pop("id", "d1"), "latitude": "28.21", "longitude": "83.99"} | said.pop(
        "columns", {}
    )
    when = {"start": datetime.fromisoformat(start), "end": datetime.fromisoformat(end)}
    return Deployment(**{"camera": "cam", "columns": columns} | when | said)


def say(store: Any, verdicts: Iterable[Verdict]) -> int:
    """Has people say something of frames; how many frames there were."""
    cameras: dict[str, dict[str, Verdict]] = {}
    for one in verdicts:
        cameras.setdefault(one.camera, {})[one.row_key] = one
    return sum(record.keep([*own.values()], store).recorded for own in cameras.values())


def note_due(store: Any, camera: str, day: str, due: datetime) -> None:
    """Makes a day due at this time and not settled, whatever is known of it."""
    row = store.read_day(camera, day) or Day(camera=camera, day=day, due=due)
    assert store.open_day(replace(row, due=due))


def settle(store: Any, camera: str, day: str, head: str = "head 1") -> None:
    """Settles a day of which nothing is told."""
    assert store.tell(store.read_day(camera, day), [], 0, Settled(head, 0, 0, datetime(2026, 2, 1, tzinfo=UTC)))
