"""Figures of runs, kept and shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import figures


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "FOLDER", tmp_path / "figures")


def test_the_last_run_of_a_name_counts() -> None:
    figures.keep("chaos", kills=50)
    figures.keep("chaos", kills=51, machine="two cores")
    figures.keep("load", images=10_000)
    assert figures.kept() == {"chaos": {"kills": 51, "machine": "two cores"}, "load": {"images": 10_000}}


def test_figures_of_former_runs_are_passed_by() -> None:
    figures.keep("chaos", kills=50)
    written = (figures.FOLDER / "chaos.json").stat().st_mtime
    assert figures.kept(since=written) == {"chaos": {"kills": 50}}
    assert figures.kept(since=written + 1) == {}


def test_figures_are_shown_as_people_read_them() -> None:
    said = figures.line("chaos", {"kills": 1_200, "seconds": 61.25, "share": 0.0512, "images_a_second": 1234.5})
    assert said == "chaos: 1,200 kills, 61.2 seconds, 0.0512 share, 1,234 images a second"
