"""The benchmark of re-scoring measures what it says, on labels that are right."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner

from bench import archive, plain, rescore, settling
from shared.errors import UnciaError

EVEN = dict.fromkeys(archive.CLASSES, 0.25)


def settled(folder: Path, rows: int = 50) -> Path:
    archive.write(folder, 0, rows)
    settling.settle(folder, 0)
    return folder


def test_it_labels_every_row_and_says_what_that_took(tmp_path: Path) -> None:
    app, out, rows = Typer(), tmp_path / "out.json", archive.ROWS + 500
    app.command()(rescore.rescore)
    told = CliRunner().invoke(app, ["--rows", str(rows), "--json", str(out), "--folder", str(tmp_path)])
    assert told.exit_code == 0, told.output
    found = json.loads(out.read_text())
    assert (found["rows"], found["labels"], found["naive_rows"]) == (rows, rows // archive.BURST, rows)
    assert found["peak_mb"] > 100
    assert f"{rows:,}" in told.output
    assert [*tmp_path.iterdir()] == [out]


def test_the_labels_are_those_of_the_plain_way_and_of_several_kinds(tmp_path: Path) -> None:
    rescore.check_labels(settled(tmp_path))
    assert len({one.label for one in settling.written(tmp_path, 0)}) > 1


def test_frame_after_frame_gives_the_same_rows(tmp_path: Path) -> None:
    before = settling.written(settled(tmp_path), 0)
    settling.settle(tmp_path, 0, settling.one_by_one)
    assert settling.written(tmp_path, 0) == before


@pytest.mark.parametrize(
    "change", [{"label": "yeti"}, {"scores": dict.fromkeys(archive.CLASSES, 0.25)}, {"scores": {}}]
)
def test_a_label_that_is_not_the_plain_ways_is_noticed(tmp_path: Path, change: dict[str, object]) -> None:
    found = plain.labelled(archive.read(settled(tmp_path), 0), settling.head())
    first, *others = settling.written(tmp_path, 0)
    assert plain.different([first, *others], found) == 0
    assert plain.different([replace(first, **change), *others], found) == 1  # type: ignore[arg-type]
    assert plain.different(others, found) == len(found)


def test_labels_that_differ_are_told(tmp_path: Path) -> None:
    settled(tmp_path)
    archive.write(tmp_path, 0, 45)
    with pytest.raises(UnciaError, match=r"^10 of 9 sequences"):
        rescore.check_labels(tmp_path)


def test_a_disk_that_is_too_small_is_told_before_the_work(tmp_path: Path) -> None:
    with pytest.raises(
        UnciaError, match=r"rows take [\d,.]+ GB, and .* GB free: say fewer --rows or another --folder$"
    ):
        rescore.check_space(tmp_path, 10**12)
