"""Every line of the bill against a sum done by hand from the table of prices."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from cli.bill import BLOB_LOOKS, TIMERS, TRACES_A_SECOND, Choice, Line, Part, a_million, bill, busy, total
from cli.limits import SIZES
from cli.per_image import Measured, PerImage, Step
from cli.prices import Prices
from shared.errors import UnciaError

IMAGE = PerImage(
    mb=2.0,
    featurize=Step(runs=1, processor=0.05, requests=2),
    aggregate=Step(runs=1, processor=0.006, requests=4),
    finalize=Step(runs=0.1, processor=0.02, requests=10),
    queue=6.0,
    table=5.0,
    blob=1.0,
    rows=8.0,
    row_bytes=2**14,
    log_bytes=1_500,
    span_bytes=2_000,
)
CHOICE = Choice(slower=2.0, wait=0.01, log_cap=1e9)


def amounts(choice: Choice = CHOICE, of: PerImage = IMAGE) -> dict[str, float]:
    return {line.what: line.amount for line in bill(of, choice, Prices.load())}


@pytest.mark.parametrize(
    ("what", "by_hand"),
    [
        # One core, four at once: 2 x 0.05 s of the core are more than (0.1 + 2 x 0.01) / 4; 2 GB.
        ("memory while featurize runs", 1e6 * 2 * 0.1 * 0.000026),
        # Four at once: (0.012 + 4 x 0.01) / 4 = 0.013 s are more than 0.012 of the core.
        ("memory while aggregate runs", 1e6 * 2 * 0.013 * 0.000026),
        # 0.04 s of the core are more than (0.04 + 0.1) / 4.
        ("memory while finalize runs", 1e5 * 2 * 0.04 * 0.000026),
        ("functions run", 2.1 * 0.40),
        ("events", 30 * 0.06),
        ("requests to queues", 600 * 0.004),
        ("requests to tables", 500 * 0.00036),
        ("reads of blobs", 200 * 0.0044),
        ("frames, days and labels kept a month", 1e6 * 2**14 / 2**30 * 0.05625),
        # 0.1 s an image are ten a second, of which half a one keeps its trace, its lines and three records of each run.
        ("logs and traces", 0.05 * (1_500 + 2_000 + 2.1 * 3_000) / 1_000 * 2.30),
        ("writes of blobs", 100 * 0.06875),
        ("originals kept a month", 2e12 / 2**30 * 0.026),
        ("memory while timers run", TIMERS * 2 * 0.000026),
        ("timers run", TIMERS / 1e6 * 0.40),
    ],
)
def test_a_line_is_what_a_sum_by_hand_gives(what: str, by_hand: float) -> None:
    assert amounts()[what] == pytest.approx(by_hand, rel=1e-9)


def test_no_line_is_without_a_sum_by_hand() -> None:
    by_hand = {case[0] for mark in test_a_line_is_what_a_sum_by_hand_gives.pytestmark for case in mark.args[1]}  # type: ignore[attr-defined]
    assert by_hand == set(amounts())


def test_a_line_is_its_quantity_times_its_price() -> None:
    for line in bill(IMAGE, CHOICE, Prices.load()):
        assert line.amount == pytest.approx(line.quantity * line.price.amount / line.price.per)


def test_what_is_free_is_taken_off_once_for_all_lines_of_a_meter() -> None:
    much = replace(CHOICE, host_sampled=False)  # more logs than what is free
    plain, granted = amounts(much), amounts(replace(much, granted=True))
    memory = [what for what in plain if what.startswith("memory while") and "timers" not in what]
    saved = sum(plain[what] - granted[what] for what in memory)
    assert saved == pytest.approx(100_000 * 0.000026)
    assert plain["functions run"] - granted["functions run"] == pytest.approx(0.25 * 0.40)
    assert plain["events"] - granted["events"] == pytest.approx(0.06)
    assert plain["logs and traces"] - granted["logs and traces"] == pytest.approx(5 * 2.30)


def test_what_is_free_for_more_than_there_is_costs_nothing_and_gives_nothing_back() -> None:
    few = amounts(replace(CHOICE, images=10, granted=True))
    assert few["memory while featurize runs"] == few["functions run"] == few["events"] == few["logs and traces"] == 0


def test_a_month_is_free_again_with_each_month_that_images_come() -> None:
    year = amounts(replace(CHOICE, images=1e8, days=360, granted=True))
    assert year["events"] == pytest.approx((3e8 - 12 * 100_000) / 1e5 * 0.06)


def test_a_host_that_notes_every_execution_is_paid_for_each() -> None:
    more = amounts(replace(CHOICE, host_sampled=False))["logs and traces"] - amounts()["logs and traces"]
    assert more == pytest.approx(0.95 * 2.1 * 3_000 / 1_000 * 2.30)


def test_as_many_traces_are_kept_as_infra_asks_for() -> None:
    for file in ("bicep/app.bicep", "terraform/app.tf"):
        text = Path(__file__).parents[3].joinpath("infra", file).read_text("utf-8")
        (kept,) = re.findall(r"OTEL_TRACES_SAMPLER_ARG\s*[:=] ['\"]([\d.]+)['\"]", text)
        assert float(kept) == TRACES_A_SECOND


def test_logs_stop_at_what_a_day_may_take_in() -> None:
    little = replace(CHOICE, host_sampled=False, log_cap=1.0)
    assert amounts(little)["logs and traces"] == pytest.approx(2.30)
    assert amounts(replace(little, days=3))["logs and traces"] == pytest.approx(3 * 2.30)


def test_small_instances_take_longer_for_the_same_gb_seconds_of_the_core() -> None:
    step = IMAGE.featurize
    seconds = {size: busy(step, SIZES[size].images, replace(CHOICE, instance=size)) for size in SIZES}
    assert seconds == pytest.approx({512: 0.42, 2048: 0.1, 4096: 0.05})


def test_the_reach_is_held_against_all_but_keeping_and_standing_by() -> None:
    choice = replace(CHOICE, images=2e6)
    lines = bill(IMAGE, choice, Prices.load())
    assert a_million(lines, choice) == pytest.approx(total(lines, Part.WORK, Part.UPLOAD) / 2)
    kept: list[Line] = [line for line in lines if line.part in (Part.KEEPING, Part.STANDING)]
    assert total(lines, *Part) - 2 * a_million(lines, choice) == pytest.approx(sum(line.amount for line in kept))


def measured(**steps: float) -> Measured:
    return Measured({"steps": steps}, {})


def test_seconds_lie_on_the_lines_between_the_sizes_that_were_measured() -> None:
    known = measured(
        small_mb=1, middle_mb=2, large_mb=4, small_int8_seconds=0.1, middle_int8_seconds=0.2, large_int8_seconds=0.3
    )
    found = [known.featurize_seconds(mb, "int8") for mb in (0.5, 1, 1.5, 2, 3, 4, 6)]
    assert found == pytest.approx([0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4])


def test_a_figure_that_nothing_measured_is_named() -> None:
    with pytest.raises(UnciaError, match="figures of steps do not say small_mb"):
        measured().featurize_seconds(1, "int8")
    with pytest.raises(UnciaError, match="int8 or float, not int4"):
        measured().featurize_seconds(1, "int4")


def test_blobs_are_looked_at_before_they_are_read() -> None:
    assert BLOB_LOOKS == 1
