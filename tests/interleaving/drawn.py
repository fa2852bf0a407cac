"""Cases that Hypothesis draws: cameras, days across midnight, bursts, images twice, without a time, or broken."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain

from hypothesis import strategies as st

from shared.decision import Decision
from shared.frame import Frame
from tests.unit.shared.making import corrupt, seen

from .world import BEGIN, Case

CAMERAS = ("north", "south/2")
FIRST, SECOND = datetime(2026, 2, 1), datetime(2026, 2, 2)
NEAR_MIDNIGHT = st.builds(
    lambda midnight, seconds: midnight + timedelta(seconds=seconds),
    st.sampled_from([FIRST, SECOND]),
    st.integers(-200, 200) | st.integers(-20, 20).map(lambda half: 30 * half) | st.integers(-86_400, 86_399),
)
SEEN = st.builds(
    lambda at, score, camera, old: seen(at, score, "head 0" if old else "head 1", camera=camera),
    st.none() | NEAR_MIDNIGHT, st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0]), st.sampled_from(CAMERAS), st.booleans(),
)  # fmt: skip
CORRUPT = st.builds(lambda at, camera: corrupt(at, camera=camera), st.none() | NEAR_MIDNIGHT, st.sampled_from(CAMERAS))


def burst(first: Frame, step: int, count: int) -> list[Frame]:
    if first.captured_at is None:
        return [first]
    times = [first.captured_at + timedelta(seconds=step * n) for n in range(count)]
    return [seen(at, 0.9, camera=first.camera, seed="burst") for at in times]


BURSTS = st.builds(burst, SEEN, st.sampled_from([1, 20, 60, 61]), st.integers(1, 6))


@st.composite
def arriving(draw: st.DrawFn, single: int = 4, bursts: int = 1) -> list[Frame]:
    """Single frames and bursts of up to six, some of the same bytes under several paths: up to 12."""
    first = [*draw(st.lists(SEEN | CORRUPT, max_size=single)), *chain(*draw(st.lists(BURSTS, max_size=bursts)))]
    frames = list({one.digest: one for one in first}.values())
    again = draw(st.lists(st.sampled_from(frames), max_size=2)) if frames else []
    copies = [replace(one, path=path, etag=path) for one, path in zip(again, ("a", "z"), strict=False)]
    return draw(st.permutations(frames + copies))


@st.composite
def cases(draw: st.DrawFn, single: int = 4, bursts: int = 1) -> Case:
    """Frames, of which some are there before and some judged; three or four workers; and what goes wrong."""
    frames = draw(arriving(single, bursts))
    there = draw(st.integers(0, min(3, len(frames))))
    before = {one.digest: one for one in frames[:there]}.values()
    judged = [one for one in before if draw(st.booleans())]
    few = st.integers(0, 2)
    return Case(
        frames=tuple(frames[there:]),
        before=tuple(before),
        decisions=tuple(decision(one, name, second) for second, one in enumerate(judged) for name in ("Ana", "Ben")),
        publish=draw(st.booleans()),
        clocks=draw(st.sampled_from([(-2, 2, 0), (-2, 2, 1, -1), (2, 2, -2)])),
        crashes=draw(st.integers(0, 3)), twice=draw(few), losses=draw(few), sweeps=draw(st.integers(0, 1)),
        stalls=draw(st.sampled_from([0, 5, 100])),
    )  # fmt: skip


def decision(one: Frame, by: str = "Ana", second: int = 0) -> Decision:
    """What somebody says of a frame, not having seen what others say of it."""
    at = BEGIN + timedelta(seconds=second, milliseconds=ord(by[0]))
    keys = (one.row_key,)
    return Decision(camera=one.camera, sequence_id=keys[0], frames=keys, said=f"{by}'s cat", by=by, at=at)
