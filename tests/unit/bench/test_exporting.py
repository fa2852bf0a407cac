"""Exports are quick, and need no more memory for more labels."""

from __future__ import annotations

import re
import time
import tracemalloc
from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner

from bench import exporting
from cli.export import PARQUET
from shared.export.forms import FORMS


def test_it_says_what_each_format_took() -> None:
    app = Typer()
    app.command()(exporting.exporting)
    told = CliRunner().invoke(app, ["--labels", "300"])
    assert told.exit_code == 0, told.output
    assert re.findall(r"^ (\S+) +\d", told.output, re.MULTILINE) == [*FORMS, PARQUET]


def test_made_up_labels_come_in_the_order_of_the_store() -> None:
    for number in (7, 99, 1000):
        keys = [(one.camera, one.sequence_id) for one in exporting.MadeUp(number).labels_after()]
        assert len({*keys}) == len(keys) == number
        assert number < exporting.CAMERAS or keys == sorted(keys)


@pytest.mark.parametrize("form", ["camtrap-dp", "coco", "frames-csv"])
def test_four_times_the_labels_take_no_more_memory(tmp_path: Path, form: str) -> None:
    peaks = [peak(form, tmp_path / "out", labels) for labels in (500, 2_000)]
    # The texts alone of 1,500 labels more are one megabyte in the smallest of these formats.
    assert peaks[1] - peaks[0] < 500_000


def peak(form: str, out: Path, labels: int) -> int:
    """The most bytes that Python held at once."""
    exporting.seconds(form, out, 500)  # what is kept once, by libraries too, is kept by then
    tracemalloc.start()
    try:
        exporting.seconds(form, out, labels)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_four_times_as_many_sequences_take_about_four_times_as_long(tmp_path: Path) -> None:
    exporting.seconds(PARQUET, tmp_path / PARQUET, 1)  # loads pyarrow

    def taken(labels: int) -> float:
        begin = time.process_time()
        for form in (*FORMS, PARQUET):
            exporting.seconds(form, tmp_path / f"{form}-{labels}", labels)
        return time.process_time() - begin

    few, many = taken(250), taken(1_000)
    assert many < 8 * few  # looking through all for each would be 16
