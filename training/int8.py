"""A backbone in whole numbers: a quarter of the size and a third of the time, for features a little less exact."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from shared.described import METADATA_KEY
from shared.network import UNUSABLE
from training import graph as find
from training.backbone import of_ours
from training.feeding import BackboneRefused
from training.folding import fold
from training.rounding import even_out, give_biases

# Fewer do not show what range the numbers inside the network have.
FEWEST = 100

type Fed = NDArray[np.float32]


def quantised(backbone: bytes, pictures: Sequence[Fed]) -> bytes:
    """The same backbone with weights and sums of 8 bits (QDQ, per channel); the same pictures give the same bytes.

    `pictures` are calibrated on: each is one as `Backbone.tensor` gives it. Raises BackboneRefused.
    """
    if len(pictures) < FEWEST:
        raise BackboneRefused(f"int8 is calibrated on at least {FEWEST} pictures, here there are {len(pictures)}")
    said = of_ours(onnx.ModelProto.FromString(backbone))
    with TemporaryDirectory() as folder:
        given, plain, whole = (Path(folder, name) for name in ("given.onnx", "plain.onnx", "int8.onnx"))
        given.write_bytes(backbone)
        try:
            # Unpacks weights that the graph computes, and puts each batch normalisation into its convolution.
            quant_pre_process(given, plain, skip_symbolic_shape=True)
            model = onnx.load(plain)
            check(model.graph)
            give_biases(model)
            onnx.save(model, plain)
            quantize_static(
                plain,
                whole,
                _Pictures(said["input"], pictures),
                quant_format=QuantFormat.QDQ,
                per_channel=True,
                activation_type=QuantType.QUInt8,
                weight_type=QuantType.QInt8,
                # Weights of 7 bits: processors without VNNI add two products of 8 bits in 16 and cut off what is over
                # (onnxruntime.ai, Quantize ONNX models, "When and why do I need to try U8U8"). docs/decisions/0011.
                reduce_range=True,
            )
        except UNUSABLE as error:
            raise BackboneRefused(f"ONNX Runtime cannot make int8 of this network: {error}") from error
        smaller = onnx.load(whole)
    even_out(smaller, model, pictures)
    if said["layout"] == "NCHW":
        fold(smaller, said["size"])
    said |= {"name": f"{said['name']}-int8", "calibrated_on": len(pictures)}
    said |= {"float_sha256": hashlib.sha256(backbone).hexdigest()}
    smaller.ClearField("metadata_props")
    helper.set_model_props(smaller, {METADATA_KEY: json.dumps(said, sort_keys=True)})
    return bytes(smaller.SerializeToString(deterministic=True))


def check(graph: onnx.GraphProto) -> None:
    """Raises BackboneRefused for a network with nothing to gain, or with 8 bits already."""
    kinds = {node.op_type for node in graph.node}
    if any("QuantizeLinear" in kind or kind.startswith("QLinear") for kind in kinds):
        raise BackboneRefused("the network has 8 bits already")
    if not any(find.stored(graph, node.input[1]) for node in graph.node if node.op_type == "Conv"):
        raise BackboneRefused("int8 is for networks of convolutions, and this one has none with weights of its own")


class _Pictures(CalibrationDataReader):  # type: ignore[misc]
    """The pictures as the library asks for them."""

    def __init__(self, name: str, pictures: Sequence[Fed]) -> None:
        self._left: Iterator[dict[str, Any]] = ({name: picture} for picture in pictures)

    def get_next(self) -> dict[str, Any] | None:
        return next(self._left, None)
