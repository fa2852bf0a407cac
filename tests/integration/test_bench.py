"""Each bench in its smallest form: that it runs, and says what it is to say."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.__main__ import BENCHES, Run, measured, summed
from bench.outcome import kept
from bench.scale import SMALL
from cli import screen


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bench") / "bench"


@pytest.fixture
def run(folder: Path, small_backbone: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("UNCIA_BACKBONE", str(small_backbone))
    return Run(SMALL, folder, screen.progress())


@pytest.mark.parametrize("name", BENCHES)
def test_a_bench_keeps_a_table_of_figures(name: str, run: Run) -> None:
    found = measured(name, run)
    assert kept(run.folder / "results")[name] == found
    assert all(len(row) == len(found.columns) for row in found.rows)
    assert found.rows


def test_no_group_but_featurize_imports_the_network_stack(run: Run) -> None:
    reaches = {one.what: one for one in kept(run.folder / "results")["start"].reaches}
    assert reaches["groups besides featurize that import the network stack"].verdict == "met"


def test_the_last_table_has_every_reach(run: Run) -> None:
    found = kept(run.folder / "results")
    reaches = [one for each in found.values() for one in each.reaches]
    assert [row[0] for row in summed({}, found).rows] == [one.what for one in reaches]
    assert len(reaches) >= 12
