"""Rows become labels on an executor, as frames become labels in `finalize`."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest

from batch import table
from batch.label import check, scored, told_of
from shared.errors import UnciaError
from shared.frame import Frame
from shared.head import Head
from shared.label import labels
from shared.rows import label_json
from shared.sequence import Limits
from tests.unit.shared.making import corrupt, frame, head, seen

LIMITS = Limits()
HEAD = head()


def four(*scores: float) -> dict[str, Any]:
    """Features as the tiny head takes them, and the recipe that it is of."""
    return {
        "features": pd.Series(scores, dtype="float16").to_numpy().tobytes(),
        "recipe": "sha~0.0~0.0",
        "scores": None,
        "head": "",
    }


FRAMES = [
    seen(0, **four(1, 2, 0, 0), backbone="tiny-1"),
    seen(30, **four(3, 1, 0, 0), backbone="tiny-1"),
    corrupt(60),
    seen(900, **four(0, 0, 0, 0), backbone="tiny-1"),
    frame(None, **four(5, 1, 0, 0), backbone="tiny-1"),
]


def rows(*frames: Frame) -> pd.DataFrame:
    return pd.DataFrame([table.row_of(one) for one in frames])


def told(*frames: Frame) -> list[dict[str, Any]]:
    (batch,) = scored(iter([rows(*frames)]), HEAD)
    return [json.loads(one) for one in told_of(batch, HEAD, LIMITS)["label"]]


def test_a_row_is_its_frame_again() -> None:
    assert table.frames_of(rows(*FRAMES)) == FRAMES


def test_labels_are_those_of_the_core() -> None:
    judge = Head(HEAD)
    scores = judge.scores_by_key({one.row_key: one.features for one in FRAMES if one.features})
    from shared.label import rescored

    known = {(judge.version, key): value for key, value in scores.items()}
    wanted = [label_json(one) for one in labels(rescored(FRAMES, judge, known), LIMITS, judge)]
    assert [one["n_frames"] for one in wanted] == [3, 1, 1]
    assert told(*FRAMES) == wanted
    assert told(*reversed(FRAMES)) == wanted


def test_the_same_image_under_two_names_is_one_frame_under_the_smaller() -> None:
    twin = seen(0, **four(1, 2, 0, 0), backbone="tiny-1", path="cam/0.jpg")
    (one,) = told(FRAMES[0], twin)
    assert [shot["path"] for shot in one["frames"]] == ["cam/0.jpg"]


def test_no_features_reach_the_group() -> None:
    (batch,) = scored(iter([rows(*FRAMES)]), HEAD)
    assert list(batch.columns) == ["camera", "path", "digest", "captured_at", "status", "backbone", "scores"]


def test_a_head_of_another_recipe_is_refused() -> None:
    check(Head(HEAD), "sha~0.0~0.0")
    with pytest.raises(UnciaError, match="another backbone or crop"):
        check(Head(HEAD), "sha~0.1~0.0")
