"""What is uncertain is asked first, and no camera is asked twice before the others were asked."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.averaging import margin
from shared.label import Label
from shared.teaching import judged, most_telling, sequence_of
from tests.unit.shared.making import NOON


def label(camera: str = "a", leopard: float = 0.9, name: str = "leopard", at: int = 0) -> Label:
    return Label(
        camera=camera, sequence_id=f"{at:03}~x", start=NOON, end=NOON, frames=(), n_frames=1, n_scored=1, label=name,
        scores={"leopard": leopard, "blank": 1 - leopard}, probability=leopard, backbone="b", head="h",
    )  # fmt: skip


LABELS = st.lists(
    st.builds(label, st.sampled_from("abc"), st.sampled_from([0.5, 0.6, 0.9]), st.sampled_from(["unknown", "leopard"])),
    max_size=15,
).map(lambda made: [label(one.camera, one.scores["leopard"], one.label, at) for at, one in enumerate(made)])


def test_unknown_comes_first_and_then_the_smaller_margin() -> None:
    made = [label(leopard=0.9, at=1), label(leopard=0.55, at=2), label(leopard=0.3, name="unknown", at=3)]
    assert most_telling(made, (), 9) == [made[2], made[1], made[0]]


def test_cameras_take_turns_in_order_of_their_most_uncertain() -> None:
    made = [label("a", share, at=at) for at, share in enumerate((0.55, 0.56, 0.57))] + [label("b", 0.8, at=9)]
    assert most_telling(made, (), 3) == [made[0], made[3], made[1]]


def test_what_a_person_judged_is_not_asked_again() -> None:
    made = [label("a", at=1), label("b", at=1)]
    assert most_telling(made, {("a", made[0].sequence_id)}, 9) == [made[1]]


def test_what_has_no_scores_is_not_asked() -> None:
    bare = Label(
        camera="a", sequence_id="1~x", start=None, end=None, frames=(), n_frames=1, n_scored=0, scores={},
        label="corrupt", probability=None, backbone="", head="",
    )  # fmt: skip
    assert most_telling([bare], (), 9) == []


@given(LABELS, st.randoms(), st.integers(0, 16))
def test_no_camera_has_two_more_than_another_that_has_any_left(made: list[Label], chance: object, n: int) -> None:
    chosen = most_telling(made, (), n)
    had, has = Counter(one.camera for one in made), Counter(one.camera for one in chosen)
    left = [has[camera] for camera in had if has[camera] < had[camera]]
    assert max(has.values(), default=0) <= min(left, default=16) + 1
    assert len(chosen) == min(n, len(made))
    chance.shuffle(made)  # type: ignore[attr-defined]
    assert most_telling(made, (), n) == chosen


@given(LABELS)
def test_more_asked_for_only_adds_to_the_end(made: list[Label]) -> None:
    everything = most_telling(made, (), 99)
    assert all(most_telling(made, (), n) == everything[:n] for n in range(len(made)))


def test_of_one_class_alone_nothing_is_uncertain() -> None:
    assert margin(label(leopard=1.0).scores) == 1.0


IDS = ["20260131T1~a", "20260131T2~b", "20260201T1~c", "undated~x", "undated~z"]


@pytest.mark.parametrize(
    ("row_key", "sequence"),
    [
        ("20260131T1~a", "20260131T1~a"), ("20260131T1~b", "20260131T1~a"), ("20260131T3~a", "20260131T2~b"),
        ("20270101T1~a", "20260201T1~c"), ("undated~x", "undated~x"), ("undated~y", "undated~y"),
        ("20260130T1~a", "20260130T1~a"),
    ],
)  # fmt: skip
def test_a_frame_belongs_to_the_sequence_that_began_last(row_key: str, sequence: str) -> None:
    assert sequence_of(row_key, IDS) == sequence
    assert judged([("cam", row_key)], lambda camera: IDS) == {("cam", sequence)}
