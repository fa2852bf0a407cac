"""The bench of Spark: what its figures are, without Spark."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from bench.batch import Run, draw, numbers, told
from bench.camera_group import grouped


def test_an_image_costs_what_all_executors_do_meanwhile() -> None:
    one = Run(images=100, executors=2, start=9.0, featurize=4.0, label=1.0)
    assert (one.a_second, one.core_ms) == (20, 100)


def test_several_executors_are_compared_with_the_fewest_of_the_same_size() -> None:
    runs = [Run(100, 1, 0, 8, 2), Run(100, 2, 0, 4, 1), Run(400, 1, 0, 20, 5)]
    said = told(runs)
    assert said["100_images_on_2_executors:_times_as_fast_as_on_1"] == 2
    assert said["400_images_on_1_executor:_core_milliseconds_an_image"] == 62.5
    assert len(said) == 7


def test_every_picture_has_its_own_bytes_and_time(tmp_path: Path) -> None:
    draw(tmp_path, 120)
    files = [*tmp_path.rglob("*.jpg")]
    assert len({file.read_bytes() for file in files}) == len({file.name[:15] for file in files}) == 120
    assert {file.parent.name for file in files} == {"camera 0", "camera 1"}


def test_a_camera_is_grouped_and_measured() -> None:
    found = grouped(500)
    assert found.ms_a_frame > 0


def test_what_is_no_list_of_numbers_is_refused() -> None:
    assert numbers("1000,16") == [1000, 16]
    with pytest.raises(typer.BadParameter, match="no list of whole numbers"):
        numbers("many")
