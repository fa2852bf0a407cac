"""The small network and its head are real enough to be right and unsure."""

from __future__ import annotations

from datetime import datetime

import pytest

from bench import small
from shared.backbone import Backbone
from shared.featurizer import Featurizer, Upload
from shared.head import Head

FEATURIZER = Featurizer(Backbone(small.backbone(), 1))


@pytest.mark.parametrize("colour", small.COLOURS)
def test_the_head_tells_colours_apart_and_is_never_sure(colour: str) -> None:
    at = datetime(2026, 1, 31, 8)
    upload = Upload("cam/a.jpg", small.photograph(small.COLOURS[colour], at, seed=77), {})
    frame = FEATURIZER.frame(upload, Head(small.head(FEATURIZER)), datetime(2026, 2, 1))
    assert frame.captured_at == at
    assert frame.scores is not None
    assert 0.6 < frame.scores[colour] < 0.99


def test_the_same_network_and_head_are_made_each_time() -> None:
    assert small.backbone() == small.backbone()
    assert small.head(FEATURIZER) == small.head(FEATURIZER)
