"""Waiting for rest ends when nothing is left, or patience is."""

from __future__ import annotations

import pytest

from bench.chaos import rest


@pytest.mark.parametrize(
    ("patience", "whole", "said"), [(60.0, True, ["2 in frames", "1 in frames"]), (0.0, False, ["2 in frames"])]
)
def test_waiting_says_what_is_left_until_nothing_is(
    patience: float, whole: bool, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rest, "POLL_SECONDS", 0.0)
    heard: list[str] = []
    looks = iter([["2 in frames"], ["1 in frames"], []])
    assert rest.until_none(lambda: next(looks), patience, heard.append) is whole
    assert heard == said
