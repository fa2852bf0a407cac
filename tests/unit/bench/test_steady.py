"""A run says whether memory grew, however it rises and falls on the way."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from pathlib import Path

import pytest
from PIL import Image

from bench import steady, timeline
from bench.steady import Sample, judged, memory

IMAGES = 10_000


def run(host: Callable[[int], float], images: int = IMAGES) -> list[Sample]:
    return [
        Sample(
            seconds=frames, uploaded=frames, frames=frames, host_mb=host(frames), azurite_mb=1, disk_gb=1, waiting=3
        )
        for frames in range(0, images + 1, 50)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("host", "grows"),
    [
        (lambda frames: 600, False),
        (lambda frames: 600 * min(1, frames / 1_000), False),
        (lambda frames: 600 + frames % 350 / 20, False),
        (lambda frames: 600 + 3 * frames / 1_000, True),
        (lambda frames: 600 if frames < 9_500 else 700, True),
        (lambda frames: 700 - frames / 100, False),
    ],
    ids=["level", "warms up", "sawtooth", "leaks", "leaps at the end", "falls"],
)
def test_memory_is_steady_unless_it_grows_after_the_first_thousand(host: Callable[[int], float], grows: bool) -> None:
    found = memory(run(host), IMAGES, attrgetter("host_mb"))
    assert judged(found, IMAGES) == ("no" if grows else "yes")


def test_the_slope_is_in_megabytes_for_a_thousand_images() -> None:
    found = memory(run(lambda frames: 500 + frames / 100), IMAGES, attrgetter("host_mb"))
    assert (round(found.growth_mb, 6), found.first_mb, found.last_mb) == (10, 520, 600)


def test_a_short_run_is_measured_but_not_judged() -> None:
    found = memory(run(lambda frames: 500 + frames, 300), 300, attrgetter("host_mb"))
    assert (found.last_mb, judged(found, 300)) == (800, "too short to say")
    assert judged(found, steady.ENOUGH) == "no"


@pytest.mark.parametrize(
    ("most", "ticks"),
    [(10_500, [0, 2_000, 4_000, 6_000, 8_000, 10_000]), (0.55, [0, 0.1, 0.2, 0.3, 0.4, 0.5]), (3, [0, 1, 2, 3])],
)
def test_axes_have_round_numbers(most: float, ticks: list[float]) -> None:
    assert timeline.ticks(most) == pytest.approx(ticks)


def test_a_run_becomes_a_picture(tmp_path: Path) -> None:
    timeline.draw(run(lambda frames: 600), IMAGES, tmp_path / "load.png")
    with Image.open(tmp_path / "load.png") as picture:
        assert picture.width == timeline.WIDTH
        assert len(picture.convert("RGB").getcolors(1_000) or ()) > 10
