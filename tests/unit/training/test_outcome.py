"""An outcome is read back as it was written, and its page shows names without obeying them."""

from __future__ import annotations

import re

import pytest

from training.contest import Contest
from training.outcome import Outcome, page, plain

TRIED = Outcome(
    head="0123456789ab", champion="ba9876543210", becomes_current=True, reason="It is better than the champion.",
    measure="balanced accuracy", contest=Contest(0.8, 0.9, 0.02, 0.2, 40), held_out=("Ridge 1", "Снежный"),
    advantage=("Ridge 1",), images_by_class={"leopard": 1200, "blank": 3}, rules="leopard=snow_leopard,blank=*",
    aim="", by="Ana", request="1",
)  # fmt: skip
UNTRIED = Outcome(
    head="1", champion="", becomes_current=False, reason="A fair trial was not possible.", measure="balanced accuracy",
    contest=None, held_out=(), advantage=(),
)  # fmt: skip


@pytest.mark.parametrize("outcome", [TRIED, UNTRIED])
def test_an_outcome_is_read_back_as_it_was_written(outcome: Outcome) -> None:
    assert Outcome.of_json(outcome.to_json()) == outcome
    assert Outcome.of_json(outcome.to_json().encode()) == outcome


def test_a_trial_is_told_in_one_line_and_on_a_page() -> None:
    assert TRIED.line == "It is better than the champion. Balanced accuracy: 0.800 before, 0.900 now"
    said = page(TRIED)
    for part in (
        "**It is current.**",
        "+0.100 (+0.020 to +0.200)",
        "On 40 sequences",
        "Ridge 1, Снежный",
        "1,200 images",
    ):
        assert part in said
    assert "trained on Ridge 1, which is its advantage" in said
    assert "may be chance" not in said


def test_without_a_trial_the_page_gives_the_reason_alone() -> None:
    assert UNTRIED.line == UNTRIED.reason
    assert "A fair trial was not possible" in page(UNTRIED)
    assert "## Trial" not in page(UNTRIED)


def test_an_interval_that_holds_nought_is_said_to() -> None:
    doubtful = Outcome(**{name: getattr(TRIED, name) for name in TRIED.__slots__} | {
        "contest": Contest(0.8, 0.81, -0.1, 0.12, 40)
    })  # fmt: skip
    assert "may be chance" in page(doubtful)


@pytest.mark.parametrize(
    "name", ["<script>", "[a](http://b)", "a|b", "`x`", "# a", "*b*", "a\nb", "a\x1b[2J", "www.a.b"]
)
def test_a_name_from_a_stranger_is_text_and_nothing_else(name: str) -> None:
    shown = plain(name)
    assert not re.search(r"(?<!\\)[<>\[\]()|`#*_.:!]|[\x00-\x1f]", shown)
    assert shown in page(Outcome(**{one: getattr(TRIED, one) for one in TRIED.__slots__} | {"held_out": (name,)}))
