"""ResNet50 v1.5 in PyTorch as its users write it: drawn weights, batch normalisation folded into the convolutions."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

STAGES = ((64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2))  # width, blocks, first stride: He et al. 2015, table 1
EXPANSION = 4
SIZE = 224


class Bottleneck(nn.Module):  # type: ignore[misc]  # PyTorch is in an environment of its own
    """1×1, 3×3, 1×1 around a shortcut."""

    def __init__(self, before: int, width: int, stride: int) -> None:
        super().__init__()
        after = width * EXPANSION
        self.inner = nn.Sequential(
            nn.Conv2d(before, width, 1),
            nn.ReLU(inplace=True),
            nn.Conv2d(width, width, 3, stride, 1),
            nn.ReLU(inplace=True),
            nn.Conv2d(width, after, 1),
        )
        self.shortcut = nn.Conv2d(before, after, 1, stride) if before != after else nn.Identity()

    def forward(self, pixels: Any) -> Any:
        """The block's output."""
        return nn.functional.relu(self.inner(pixels) + self.shortcut(pixels))


def network() -> Any:
    """The network up to its pooled 2048 numbers, compiled for inference on one thread."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    layers: list[nn.Module] = [nn.Conv2d(3, 64, 7, 2, 3), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1)]
    channels = 64
    for width, blocks, first_stride in STAGES:
        for block in range(blocks):
            layers.append(Bottleneck(channels, width, 1 if block else first_stride))
            channels = width * EXPANSION
    whole = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten()).eval()
    whole = whole.to(memory_format=torch.channels_last)
    with torch.inference_mode():
        traced = torch.jit.trace(whole, torch.zeros(1, 3, SIZE, SIZE).to(memory_format=torch.channels_last))
        return torch.jit.optimize_for_inference(torch.jit.freeze(traced))
