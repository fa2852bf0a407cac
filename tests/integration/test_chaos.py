"""The real stack under kills, outages and lost answers, in short; `make chaos` and `make outage` are the long forms."""

from __future__ import annotations

from pathlib import Path

from bench import figures
from bench.chaos.faster import faster
from bench.chaos.outage import Outage, endure
from bench.chaos.storm import Storm, blow


def quiet(text: str) -> None:
    """Says nothing of how far a run is."""


def test_kills_outages_and_faults_lose_nothing_and_mislabel_nothing(tmp_path: Path) -> None:
    storm = Storm(
        images=40,
        cameras=2,
        workers=2,
        kills=3,
        fault_share=0.07,
        between_kills=(2.0, 4.0),
        restarts=1,
        away=1.0,
        hang=2.0,
        lease=3.0,
        upload_seconds=4.0,
        patience=120.0,
        root=faster(tmp_path / "app"),
    )
    found, numbers = blow(storm, tmp_path, quiet)
    figures.keep("chaos_short", **numbers)
    assert found.good
    assert (numbers["kills"], numbers["azurite_restarts"], numbers["failures_left"]) == (3, 1, 0)
    assert float(numbers["fault_share"]) > 0.05


def test_what_failed_while_tables_were_away_comes_right_by_itself(tmp_path: Path) -> None:
    outage = Outage(services=("Table",), seconds=12.0, images=24, cameras=2, lease=3.0, root=faster(tmp_path / "app"))
    found, numbers = endure(outage, tmp_path, quiet)
    figures.keep("outage_short", **numbers)
    assert found.good
    assert (numbers["recovered"], numbers["failures_left"]) == ("all", 0)
    assert int(numbers["failures_on_the_way"]) > 0
