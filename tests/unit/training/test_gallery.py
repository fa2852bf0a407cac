from __future__ import annotations

import pytest

from tests.unit.training.evaluated import evaluation
from training.gallery import PREVIEW_BYTES, spread
from training.report import html

FIVE = ("blank", "chamois", "fox", "lynx", "boar")


def test_previews_are_embedded_until_they_would_be_too_much() -> None:
    of = evaluation(FIVE, sequences=1_500)
    asked: list[int] = []

    def previews(images: object) -> list[bytes]:
        asked.extend(images)  # type: ignore[call-overload]
        return [bytes(30_000) for _ in asked]

    shown = html(of, previews, "A title")
    assert len(asked) > PREVIEW_BYTES // 30_000
    assert shown.count("data:image/jpeg;base64,") == PREVIEW_BYTES // 30_000
    assert len(shown) < 2_000_000


@pytest.mark.parametrize(
    ("images", "chosen"),
    [([7], [7]), ([1, 2, 3, 4], [1, 2, 3, 4]), (range(10), [0, 3, 6, 9])],
)
def test_a_strip_runs_from_the_first_image_to_the_last(images: list[int], chosen: list[int]) -> None:
    assert spread(images) == chosen
