"""How a feature vector was made: features of different recipes never meet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Recipe:
    """The backbone (sha256 of its file) and the fractions of the height cropped above and below."""

    backbone: str
    crop_top: float = 0.0
    crop_bottom: float = 0.0

    def __post_init__(self) -> None:
        if not isinstance(self.backbone, str):  # metadata from a stranger may say anything
            raise ValueError(f"a backbone of {self.backbone!r}")
        for crop in (self.crop_top, self.crop_bottom):
            if not (isinstance(crop, int | float) and 0 <= crop <= 0.5):
                raise ValueError(f"a crop of {crop!r}: it is a fraction from 0 to 0.5")

    def __str__(self) -> str:
        return f"{self.backbone}~{float(self.crop_top)!r}~{float(self.crop_bottom)!r}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The recipe that `str` wrote; raises ValueError for anything else."""
        backbone, top, bottom = text.split("~")
        return cls(backbone, float(top), float(bottom))
