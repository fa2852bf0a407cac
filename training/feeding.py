"""How a picture becomes a network's input: read from the graph, corrected by what a person knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import onnx
from onnx import TensorProto

from shared.errors import UnciaError
from training import graph as find

IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # RGB, as torchvision trains


class BackboneRefused(UnciaError):
    """A network that cannot become a backbone."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a person knows better than the graph tells; None is found by the graph.

    `features`, `logits` and `input` name tensors of the source; `mean` and `std` are in the order of `channels`.
    """

    features: str | None = None
    logits: str | None = None
    input: str | None = None
    size: int | None = None
    layout: Literal["NCHW", "NHWC"] | None = None
    channels: Literal["RGB", "BGR"] | None = None
    range: float | None = None
    mean: tuple[float, float, float] | None = None
    std: tuple[float, float, float] | None = None


def feeding(graph: onnx.GraphProto, options: Options) -> dict[str, Any]:
    """How a picture becomes the network's input; the input's shape is set to it, its batch left as it is."""
    picture, layout = picture_input(graph, options)
    dims = picture.type.tensor_type.shape.dim
    sides = dims[2:] if layout == "NCHW" else dims[1:3]
    sizes = {side.dim_value for side in sides if side.dim_value > 0}
    if dims[0].dim_value > 1:
        raise BackboneRefused(f"the network takes exactly {dims[0].dim_value} pictures at once: export it for one or N")
    if len(sizes) > 1 and not options.size:
        raise BackboneRefused(f"the network takes pictures of {sides[0].dim_value} x {sides[1].dim_value}, not square")
    size = options.size or next(iter(sizes), 224)
    for side in sides:
        side.dim_value = size
    channels = options.channels or "RGB"
    return {"input": picture.name, "size": size, "layout": layout, "channels": channels} | scaling(
        options, channels, itself=find.normalises_itself(graph, picture.name)
    )


def picture_input(graph: onnx.GraphProto, options: Options) -> tuple[onnx.ValueInfoProto, str]:
    """The input that takes a picture, and its layout."""
    for value in graph.input:
        tensor = value.type.tensor_type
        dims = [dim.dim_value for dim in tensor.shape.dim]
        wanted = options.input in (None, value.name) and tensor.elem_type == TensorProto.FLOAT and len(dims) == 4
        if wanted and value.name not in {each.name for each in graph.initializer}:
            layout = options.layout or ("NCHW" if dims[1] == 3 else "NHWC")
            if dims[layout.index("C")] == 3 or (options.layout and not dims[layout.index("C")]):
                return value, layout
    named = f" called `{options.input}`" if options.input else ""
    raise BackboneRefused(f"the network has no picture input{named}: float32 with 4 dimensions, one of them 3 channels")


def scaling(options: Options, channels: str, *, itself: bool) -> dict[str, Any]:
    """Range, mean and std: pixels of 0 to 255 for a network that normalises itself, else ImageNet's."""
    mean, std = ((0.0,) * 3, (1.0,) * 3) if itself else (IMAGENET_MEAN, IMAGENET_STD)
    order = 1 if channels == "RGB" else -1
    return {
        "range": float(options.range or (255 if itself else 1)),
        "mean": list(options.mean or mean[::order]),
        "std": list(options.std or std[::order]),
    }
