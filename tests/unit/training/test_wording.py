from __future__ import annotations

from datetime import datetime

import pytest

from training import wording


@pytest.mark.parametrize(
    ("value", "written"),
    [(None, "–"), (0, "0 %"), (0.004, "0.4 %"), (0.125, "13 %"), (0.5, "50 %"), (0.996, "99.6 %"), (1, "100 %")],
)
def test_a_share_never_looks_like_none_or_all_when_it_is_neither(value: float | None, written: str) -> None:
    assert wording.share(value) == written


def test_parts_of_nothing_have_no_share() -> None:
    assert wording.of(0, 0) == "0 of 0"
    assert wording.of(1_200, 2_400) == "1,200 of 2,400 (50 %)"


@pytest.mark.parametrize(
    ("by", "words"),
    [
        ("camera", "cameras of which training saw no image"),
        ("date:2016-01-10", "everything since 10 January 2016; training saw only what came before"),
        ("column", "the images that the manifest sets aside; training saw none of their sequences"),
    ],
)
def test_a_split_is_told_in_words(by: str, words: str) -> None:
    assert wording.split(by) == words


def test_a_time_that_is_not_known_is_said_so() -> None:
    assert wording.moment(None) == "undated"
    assert wording.moment(datetime(2016, 1, 10, 4, 5, 6)) == "2016-01-10 04:05:06"


def test_an_interval_that_was_not_made_is_empty() -> None:
    assert wording.interval({"intervals": None}, "accuracy") == ""
    assert wording.shares({"intervals": {"accuracy": [0.5, 0.75]}}, "accuracy") == "50 % to 75 %"
