"""The same cameras stay out of every training; where no fair trial is possible, the outcome says why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.head import Head
from shared.recipe import Recipe
from tests.memory import MemoryStore
from tests.unit.shared.making import frame, head, say
from tests.unit.training.judging import RECIPE, judged, verdict
from training.challenge import FEWEST, Challenger, challenger, decided, held_out, known_cameras
from training.lessons import Lessons, gathered
from training.manifest import Classes

CAMERAS = st.sets(st.text(max_size=5))
OLD = Head(head("sha"))


def learnt(store: MemoryStore, rules: str = "") -> Lessons:
    return gathered(store.lessons(), RECIPE, Classes.parse(rules) if rules else Classes(), store.sequence_ids)


def made(cameras: str = "abcdefgh", bursts: int = 12, **said: Any) -> Challenger:
    store = MemoryStore()
    judged(store, cameras, bursts, **said)
    return challenger(learnt(store), "", "")


@given(CAMERAS)
def test_a_quarter_of_the_cameras_is_held_out_and_at_least_one_of_two(cameras: set[str]) -> None:
    out = held_out(cameras)
    assert out <= cameras
    assert len(out) == (max(1, len(cameras) // 4) if len(cameras) > 1 else 0)
    assert held_out(sorted(cameras, reverse=True)) == out


@given(CAMERAS, st.text(max_size=5))
def test_one_more_camera_changes_at_most_one_that_is_held_out(cameras: set[str], more: str) -> None:
    before, after = held_out(cameras), held_out(cameras | {more})
    assert len(before - after) <= 1
    assert len(after - before) <= 1


def test_which_cameras_are_held_out_is_for_ever() -> None:
    assert held_out(f"camera {number}" for number in range(8)) == {"camera 0", "camera 6"}


def test_the_challenger_never_saw_the_cameras_it_is_tried_on() -> None:
    new = made()
    tried, known = set(new.tried_on.cameras), known_cameras(new.head)
    assert tried == held_out("abcdefgh")
    assert tried | known == set("abcdefgh")
    assert not tried & known


def test_a_head_that_looks_at_the_wrong_thing_is_beaten() -> None:
    outcome = decided(made(), OLD, None)
    assert outcome.becomes_current
    assert outcome.champion == OLD.version
    assert outcome.contest is not None
    assert outcome.contest.low > 0


def test_what_is_only_as_good_is_kept_as_a_candidate() -> None:
    new = made(blur=0.01)
    rival = Head(made(blur=0.02).content)
    outcome = decided(new, rival, None)
    assert outcome.contest is not None
    assert (outcome.contest.lead, outcome.becomes_current) == (0, False)


def test_cameras_that_the_champion_knows_are_named_as_its_advantage() -> None:
    new = made()
    knowing = Head(head("sha", trained_on={"camera_names": ["a", *sorted(new.tried_on.cameras)[:1], "z"]}))
    assert decided(new, knowing, None).advantage == tuple(sorted(new.tried_on.cameras)[:1])
    assert decided(new, OLD, None).advantage == ()


@pytest.mark.parametrize("said", [None, [], {"camera_names": 3}, {"camera_names": None}, "x"])
def test_a_head_that_does_not_say_its_cameras_knows_none(said: Any) -> None:
    assert known_cameras(Head(head("sha", trained_on=said))) == frozenset()


UNFAIR = [
    (made("a"), OLD, "all verdicts are from one camera"),
    (made("ab", bursts=FEWEST // 2), OLD, f"have {FEWEST // 2} judged sequences, and {FEWEST} are needed"),
    (made(), Head(head("sha", classes=["a", "b"], thresholds={"a": 0.5, "b": 0.5})), "other classes (a, b)"),
    (made(), Head(head("other")), "features of another backbone or crop"),
]


@pytest.mark.parametrize(("new", "champion", "why"), UNFAIR, ids=[why for _, _, why in UNFAIR])
def test_without_a_fair_trial_the_new_head_is_a_candidate_that_says_why(
    new: Challenger, champion: Head, why: str
) -> None:
    outcome = decided(new, champion, None)
    assert (outcome.becomes_current, outcome.contest) == (False, None)
    assert outcome.reason.startswith("A fair trial was not possible: ")
    assert why in outcome.reason
    assert decided(new, None, None).becomes_current


def test_a_class_that_only_one_camera_shows_is_learnt_all_the_same() -> None:
    store = MemoryStore()
    judged(store, "abcd")
    (only,) = held_out("abcd")
    one = frame(-100, camera=only, recipe=str(RECIPE), backbone="tiny-sha", features=b"abcdefgh")
    store.write_frame(one, "")
    say(store, [verdict(one, "ibex")])
    new = challenger(learnt(store), "", "")
    assert new.head.classes == ("blank", "ibex", "leopard")
    assert "only the cameras to be held out show ibex" in decided(new, OLD, None).reason


def test_held_out_cameras_that_show_one_class_try_nothing() -> None:
    store = MemoryStore()
    frames = judged(store, bursts=12)
    out = held_out("abcdefgh")
    say(store, [verdict(one, "leopard") for one in frames if one.camera in out])
    assert "show nothing but leopard" in decided(challenger(learnt(store), "", ""), OLD, None).reason


def test_a_head_that_is_current_already_keeps_what_was_decided() -> None:
    new = made()
    first = decided(new, OLD, None)
    assert decided(new, new.head, first) == first
    candidate = decided(new, new.head, replace(first, becomes_current=False))
    assert (candidate.becomes_current, candidate.contest) == (False, first.contest)
    assert decided(new, new.head, None).reason == "These verdicts gave the head that is current already."


def test_a_recipe_is_that_of_the_lessons() -> None:
    assert made().head.recipe == RECIPE != Recipe("other")
