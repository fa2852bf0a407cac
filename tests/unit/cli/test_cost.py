"""`uncia cost`: each line adds up as it is shown, and what cannot be is said in one sentence."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from cli.bill import Choice
from cli.cost_said import duration
from cli.estimate import Asked
from cli.limits import DEPLOYED
from cli.per_image import Measured
from cli.stages import REMEDIES, Arrival, platform, remedied, shortest, stages

from .conftest import Answer

MEASURED = Measured.load()
IMAGE = MEASURED.per_image(2.0, "int8")


def test_lines_are_shown_as_quantity_times_price(uncia: Callable[..., Answer]) -> None:
    said = uncia("cost", "--images", "1000").out
    line = re.search(r"requests to queues +([\d,]+) +operations +0\.004 +10,000 operations +([\d.]+)", said)
    assert line
    assert float(line[2]) == pytest.approx(float(line[1].replace(",", "")) * 0.004 / 10_000, abs=0.01)
    assert "reach: at most $5.00" in said
    assert "until the last label" in said


def test_a_year_tells_of_a_day(uncia: Callable[..., Answer]) -> None:
    said = json.loads(uncia("cost", "--images", "1e7", "--days", "365", "--burst", "0.5", "--json").out)
    assert 30 <= said["longest_wait_seconds"] < said["seconds"]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (["--instance", "1024"], "1024 is none of 512, 2048, 4096"),
        (["--network", "int4"], "int4 is none of int8, float"),
        (["--replication", "GRS"], "GRS is none of ZRS, LRS"),
        (["--burst", "0.5"], "--burst goes with --days"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(uncia: Callable[..., Answer], asked: list[str], sentence: str) -> None:
    answer = uncia("cost", *asked)
    assert answer.code == 1
    assert sentence in answer.err


def test_no_remedy_makes_what_is_possible_slower() -> None:
    choice = Choice()
    least = [
        shortest(stages(IMAGE, choice, limits), platform(choice, limits, 100), 1e6) for limits in remedied().values()
    ]
    assert len(least) == len(REMEDIES)
    assert least == sorted(least, reverse=True)


def test_the_simulation_comes_near_to_what_the_tightest_limit_allows() -> None:
    # With all instances at once: what is left is the first look, the pause before the labels, and limits taking turns.
    limits = replace(DEPLOYED, new_instances=1e6)
    asked = Asked(choice=Choice(images=1e6), mb=2.0, network="int8", cameras=100, limits=limits)
    least = shortest(stages(IMAGE, asked.choice, limits), asked.platform, 1e6)
    assert least <= asked.run(MEASURED).seconds <= 1.1 * least + 60


def test_a_single_camera_is_a_partition_that_a_million_do_not_get_through_fast() -> None:
    one = platform(Choice(), DEPLOYED, 1).limits["rows of cameras"]
    assert one == 2_000
    used = shortest(stages(IMAGE, Choice(), DEPLOYED), platform(Choice(), DEPLOYED, 1), 1e6)
    assert used >= 1e6 * IMAGE.rows / one


def test_a_days_images_come_evenly_but_for_the_burst() -> None:
    asked = Asked(choice=Choice(images=730, days=365), mb=2.0, network="int8", cameras=1, burst=0.5)
    assert asked.arrival == Arrival(2, 86_400, 0.5)


@pytest.mark.parametrize(
    ("seconds", "said"), [(12, "12 s"), (600, "10 minutes"), (7_100, "118 minutes"), (9_000, "2.5 hours")]
)
def test_durations_are_said_as_people_say_them(seconds: float, said: str) -> None:
    assert duration(seconds) == said
