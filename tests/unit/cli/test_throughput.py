"""A fluid keeps what comes, never goes beyond a limit, and is never slower for more of what it may have."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli.stages import Arrival
from cli.throughput import ARRIVAL, INSTANCES, Platform, Run, Stage, simulate

# Each example is a run of up to thousands of ticks.
few = settings(max_examples=25, deadline=None)
rates = st.floats(1, 1_000)
stage = st.builds(
    Stage,
    name=st.just("a stage"),
    runs=st.floats(0.05, 2),
    seconds=st.sampled_from([0.0, 0.01, 0.1, 0.5]),
    at_once=st.integers(1, 8),
    delay=st.sampled_from([0.0, 1.0, 30.0]),
    uses=st.dictionaries(st.sampled_from(["a", "b"]), st.floats(0.1, 3), max_size=2),
)
platforms = st.builds(
    Platform,
    limits=st.fixed_dictionaries({"a": rates, "b": rates}),
    instances=st.floats(1, 100),
    each=st.floats(1, 50),
    new_instances=st.floats(0.1, 5),
)
arrivals = st.builds(Arrival, st.floats(1, 2_000), st.sampled_from([0.0, 60.0, 600.0]), st.sampled_from([0.0, 0.5]))


def ran(stages: list[Stage], platform: Platform, arrival: Arrival) -> Run:
    return simulate(stages, platform, arrival.until, most=5_000)


@few
@given(st.lists(stage, min_size=1, max_size=4), platforms, arrivals)
def test_every_image_that_came_waits_somewhere_or_is_done(
    stages: list[Stage], platform: Platform, arrival: Arrival
) -> None:
    for sample in ran(stages, platform, arrival).samples:
        assert sum(sample.waiting) + sample.done == pytest.approx(sample.arrived, rel=1e-6, abs=1e-6)


@few
@given(st.lists(stage, min_size=1, max_size=4), platforms, arrivals)
def test_nothing_goes_beyond_a_limit(stages: list[Stage], platform: Platform, arrival: Arrival) -> None:
    run = ran(stages, platform, arrival)
    assert all(share <= 1 + 1e-9 for share in run.busiest.values())
    assert all(sample.instances <= platform.instances + 1e-9 for sample in run.samples)
    assert all(later.done >= earlier.done for earlier, later in zip(run.samples, run.samples[1:], strict=False))


@few
@given(st.lists(stage, min_size=1, max_size=4), platforms, arrivals)
def test_no_run_is_shorter_than_any_one_limit_allows(stages: list[Stage], platform: Platform, arrival: Arrival) -> None:
    run = ran(stages, platform, arrival)
    for name, rate in platform.limits.items():
        used = sum(one.runs * one.uses.get(name, 0.0) for one in stages)
        assert run.seconds >= run.samples[-1].done * used / rate - 1
    working = sum(one.runs * one.seconds for one in stages)
    assert run.seconds >= run.samples[-1].done * working / platform.instances - 1


@few
@given(stage, platforms, arrivals, st.floats(1, 4))
def test_one_stage_is_never_slower_for_more_of_anything(
    one: Stage, platform: Platform, arrival: Arrival, more: float
) -> None:
    better = replace(
        platform,
        limits={name: rate * more for name, rate in platform.limits.items()},
        instances=platform.instances * more, each=platform.each * more, new_instances=platform.new_instances * more,
    )  # fmt: skip
    assert ran([one], better, arrival).seconds <= ran([one], platform, arrival).seconds


@few
@given(st.lists(stage, min_size=1, max_size=4), platforms, st.floats(1, 1_000), st.floats(1, 1_000))
def test_more_images_never_take_less_time(stages: list[Stage], platform: Platform, few: float, more: float) -> None:
    assert ran(stages, platform, Arrival(few)).seconds <= ran(stages, platform, Arrival(few + more)).seconds + 1


def test_a_single_limit_gives_the_time_that_a_division_gives() -> None:
    platform = Platform(limits={"a": 100}, instances=1, each=1, new_instances=1)
    run = ran([Stage(name="queue", uses={"a": 2})], platform, Arrival(1_000))
    assert run.seconds == 20
    assert run.bottleneck == "a"


def test_instances_come_some_at_a_time() -> None:
    # One a second up to ten: 1 + 2 + … + 10 = 55 images in ten seconds, then ten a second.
    platform = Platform(limits={}, instances=100, each=10, new_instances=1)
    run = ran([Stage(name="featurize", seconds=1)], platform, Arrival(155))
    assert [sample.instances for sample in run.samples[1:12]] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10]
    assert run.seconds == pytest.approx(20, abs=1)
    assert run.bottleneck == INSTANCES


def test_images_that_are_slow_to_come_are_what_holds_them_up() -> None:
    platform = Platform(limits={"a": 1_000}, instances=1, each=1, new_instances=1)
    run = ran([Stage(name="queue", uses={"a": 1})], platform, Arrival(600, 600))
    assert run.seconds == pytest.approx(600, abs=1)
    assert run.bottleneck == ARRIVAL
    assert run.longest_wait <= 1


def test_the_longest_wait_is_that_of_the_image_that_waits_longest() -> None:
    # All at once, ten a second: the last of a hundred waits ten seconds.
    platform = Platform(limits={"a": 10}, instances=1, each=1, new_instances=1)
    assert ran([Stage(name="queue", uses={"a": 1})], platform, Arrival(100)).longest_wait == pytest.approx(10, abs=1)


def test_a_delay_is_waited_out_once() -> None:
    platform = Platform(limits={"a": 10}, instances=1, each=1, new_instances=1)
    run = ran([Stage(name="finalize", delay=30, uses={"a": 1})], platform, Arrival(100))
    assert run.seconds == pytest.approx(40, abs=2)


def test_a_day_with_a_burst_brings_its_share_in_the_first_hour() -> None:
    day = Arrival(86_400, 86_400, burst=0.5)
    assert day.until(3_600) == pytest.approx(43_200 + 1_800)
    assert day.until(math.inf) == 86_400
