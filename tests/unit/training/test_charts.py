from __future__ import annotations

from xml.etree import ElementTree as Tree

from tests.unit.training.evaluated import HOSTILE, evaluation
from training import charts
from training.curves import Bin


def test_a_name_in_a_chart_is_text() -> None:
    drawn = charts.curve("roc", [(name, [(0.0, 0.0), (1.0, 1.0)]) for name in HOSTILE], 0, HOSTILE[1])
    tree = Tree.fromstring(drawn)
    assert tree.get("aria-label") == HOSTILE[1]
    assert [title.text for title in tree.iter("title")] == list(HOSTILE)


def test_a_curve_runs_from_corner_to_corner_of_its_field() -> None:
    line = Tree.fromstring(charts.curve("roc", [("RN2", [(0.0, 0.0), (1.0, 1.0)])], 0, "ROC")).find("polyline")
    assert line is not None
    assert line.get("points") == "46,328 364,10"


def test_where_nothing_can_be_drawn_the_chart_says_so() -> None:
    assert "nothing to compare" in charts.curve("pr", [("RN2", [])], 0, "Precision")


def test_the_ladder_shows_each_rung_twice_and_leaves_out_what_is_not_known() -> None:
    rungs = evaluation().rungs
    assert charts.ladder(rungs, "accuracy", "accuracy").count("<circle") == 2 * len(rungs)
    assert charts.ladder(rungs, "average_precision", "AP").count("<circle") == 0


def test_no_dot_of_a_ladder_lies_outside_its_field() -> None:
    tree = Tree.fromstring(charts.ladder(evaluation(sequences=12).rungs, "accuracy", "accuracy"))
    assert all(76 <= float(dot.get("cx", 0)) <= 276 for dot in tree.iter("circle"))


def test_the_bars_of_reliability_are_as_high_as_their_numbers() -> None:
    bins = [Bin(0.5, 0.6, 10, 0.55, 0.5, (0.2, 0.8)), Bin(0.9, 1.0, 40, 0.95, 1.0, (0.9, 1.0))]
    tree = Tree.fromstring(charts.reliability(bins))
    assert [float(bar.get("height", 0)) for bar in tree.iter("rect")] == [10, 40]
