"""CSV for people: every column, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from shared.export.cells import harmless, meant
from shared.export.tables import FRAMES, SEQUENCES

from .surveyed import ODD, RIDGE, exported

type Rows = list[dict[str, str]]


def read(text: str) -> Rows:
    return [*csv.DictReader(io.StringIO(text, newline=""), strict=True)]


def test_a_sequence_has_true_times_places_and_both_opinions() -> None:
    rows = read(exported(SEQUENCES)["sequences.csv"])
    row = next(row for row in rows if row["deployment"] == "dep 2")
    assert (row["camera"], row["place"], row["timestamp_issues"]) == (f"'{ODD}", "Place, 2", "true")
    assert (row["start"], row["camera_start"]) == ("2031-01-31T15:00:00+00:00", "2026-01-31T12:00:00")
    assert (row["frames"], row["scored"], row["label"], row["probability"]) == ("4", "3", "leopard", "0.9")
    assert (row["verdict"], row["by"], row["complete"]) == ("snow_leopard", "Ana", "true")
    assert (row["score_blank"], row["score_leopard"], row["more_scores"]) == ("0.1", "0.9", "")


def test_a_frame_has_its_own_scores_and_its_own_verdict() -> None:
    rows = {row["path"]: row for row in read(exported(FRAMES)["frames.csv"])}
    assert len(rows) == 36
    row = rows[f"{RIDGE}/3/1.jpg"]
    assert (row["time"], row["captured_at"]) == ("2026-01-31T12:40:01+05:45", "2026-01-31T12:40:01")
    assert (row["verdict"], row["by"], row["of"], row["score_leopard"]) == ("ibex", "'=Ana", "frame", "0.8")
    assert rows[f"{RIDGE}/1/20.JPG"]["status"] == "corrupt"
    assert rows[f"{RIDGE}/no time.jpg"]["time"] == ""


def test_scores_of_classes_that_nobody_knew_of_are_not_lost() -> None:
    for form, name in ((SEQUENCES, "sequences.csv"), (FRAMES, "frames.csv")):
        row = read(exported(form, classes=("blank",))[name])[0]
        assert (row["score_blank"], row["more_scores"]) == ("0.1", "leopard=0.9")


def test_no_cell_of_a_table_is_a_formula() -> None:
    for text in (*exported(SEQUENCES).values(), *exported(FRAMES).values()):
        cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
        assert [cell for cell in cells if cell[:1] and cell[0] in "=+-@\t\r"] == []


@given(st.text(st.sampled_from("'=+-@\t\ra"), max_size=5))
def test_a_name_made_harmless_can_be_read_back(name: str) -> None:
    assert harmless(name)[:1] not in {*"=+-@\t\r"}
    assert meant(harmless(name)) == name
