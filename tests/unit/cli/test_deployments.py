"""`uncia deployments` on a stack that holds a few frames."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cli.whereabouts import ahead
from shared.deployment import COLUMNS
from tests.memory import MemoryStore
from tests.unit.shared.making import deployment, frame, note_due

from .conftest import Answer
from .stored import NOW, Site

HEADER = "deploymentID,cameraID,latitude,longitude,deploymentStart,deploymentEnd"
ROWS = (
    "d1,Ridge 1,28.2,83.9,2017-03-20T00:00:00,2017-06-01T00:00:00",
    "d2,Ridge 2,28.3,83.8,2017-03-20T00:00,2017-06-01T00:00",
)
CLOCK = ("deployments", "clock", "Ridge 1", "--shown", "2012-01-01T00:00:00", "--true", "2017-03-23T17:58:00")
WRONG = [datetime(2012, 1, 1, 0, 0, second) for second in (0, 30)]


@pytest.fixture
def store(site: Site) -> MemoryStore:
    """Frames of a camera whose clock fell back to 2012."""
    for at in WRONG:
        site.tables.write_frame(frame(at, camera="Ridge 1"), "")
        note_due(site.tables, "Ridge 1", "20120101", NOW)
    return site.tables


@pytest.fixture
def imported(store: MemoryStore, desk: Path, uncia: Callable[..., Answer]) -> MemoryStore:
    write(desk, *ROWS)
    assert uncia("deployments", "import", "d.csv", "--utc-offset", "+05:45").code == 0
    return store


def write(desk: Path, *rows: str) -> None:
    desk.joinpath("d.csv").write_text("\n".join([HEADER, *rows]), "utf-8-sig")


def test_a_table_goes_in_and_comes_out_again(imported: MemoryStore, uncia: Callable[..., Answer], desk: Path) -> None:
    listed = uncia("deployments", "list").out.splitlines()
    assert listed[0].split() == ["deployment", "camera", "place", "start", "end", "clock"]
    assert listed[1].split() == ["d1", "Ridge", "1", "d1", "2017-03-20T00:00:00+05:45", "2017-06-01T00:00:00+05:45"]
    (only,) = json.loads(uncia("deployments", "list", "--json", "--camera", "Ridge 2").out)
    assert (only["deployment_id"], only["latitude"], only["timestamp_issues"]) == ("d2", 28.3, False)
    text = uncia("deployments", "list", "--csv").out
    assert text.splitlines()[0] == ",".join(COLUMNS)
    before = [*imported.read_deployments()]
    desk.joinpath("again.csv").write_text(text, "utf-8")
    assert uncia("deployments", "import", "again.csv").code == 0
    assert [*imported.read_deployments()] == before


def test_cameras_without_images_are_a_warning(store: MemoryStore, desk: Path, uncia: Callable[..., Answer]) -> None:
    write(desk, *ROWS)
    answer = uncia("deployments", "import", "d.csv", "--utc-offset", "Z")
    assert answer == (0, "", "No image has come yet of: Ridge 2\n2 deployments of 2 cameras imported\n")


def test_the_offset_may_be_the_setting(
    store: MemoryStore, desk: Path, uncia: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(desk, *ROWS)
    assert "without a UTC offset" in uncia("deployments", "import", "d.csv").err
    monkeypatch.setenv("UNCIA_UTC_OFFSET", "-03:00")
    assert uncia("deployments", "import", "d.csv").code == 0
    assert next(iter(store.read_deployments())).offset.utcoffset(None) == timedelta(hours=-3)


def test_nothing_is_stored_by_a_check_or_unless_all_rows_are_good(
    store: MemoryStore, desk: Path, uncia: Callable[..., Answer]
) -> None:
    write(desk, ROWS[0])
    answer = uncia("deployments", "import", "d.csv", "--utc-offset", "Z", "--check")
    assert answer == (0, "", "1 deployment of 1 camera checked; nothing was stored\n")
    write(desk, ROWS[0], ROWS[1].replace("28.3", "283"))
    assert uncia("deployments", "import", "d.csv", "--utc-offset", "Z").err.startswith("uncia: d.csv, row 3: latitude")
    assert not store.read_deployments()


def test_each_mistake_of_a_table_stands_on_a_line(desk: Path, uncia: Callable[..., Answer]) -> None:
    write(desk, ROWS[0], ROWS[1].replace("28.3", "283").replace("2017-06-01", "01/06/2017"))
    lines = uncia("deployments", "import", "d.csv", "--utc-offset", "Z").err.splitlines()
    assert lines[:2] == [
        "uncia: d.csv has 2 mistakes:",
        "  row 3: latitude is '283': it must be a number from -90 to 90",
    ]
    assert lines[2].startswith("  row 3: deploymentEnd is '01/06/2017T00:00': it must be year, month, day")


def test_a_file_can_be_checked_without_a_stack(desk: Path, uncia: Callable[..., Answer]) -> None:
    write(desk, *ROWS)
    assert uncia("deployments", "import", "d.csv", "--utc-offset", "Z", "--check").code == 0
    assert uncia("deployments", "import", "d.csv", "--utc-offset", "Z").err.startswith("uncia: no storage")


def test_the_template_can_be_imported_as_it_is(store: MemoryStore, desk: Path, uncia: Callable[..., Answer]) -> None:
    assert uncia("deployments", "template", "new.csv").err.startswith("new.csv: only deploymentID, ")
    assert desk.joinpath("new.csv").read_text("utf-8") == uncia("deployments", "template").out
    assert uncia("deployments", "import", "new.csv").code == 0
    assert [one.place for one in store.read_deployments()] == ["EXAMPLE, replace this row by your own"]


def test_a_camtrap_dp_folder_is_taken(store: MemoryStore, desk: Path, uncia: Callable[..., Answer]) -> None:
    desk.joinpath("package").mkdir()
    uncia("deployments", "template", "package/deployments.csv")
    assert uncia("deployments", "import", "package").code == 0
    assert len(store.read_deployments()) == 1


@pytest.mark.lab
def test_the_standards_own_example_goes_in_and_comes_out_the_same(
    store: MemoryStore, lab: Path, uncia: Callable[..., Answer]
) -> None:
    assert uncia("deployments", "import", lab / "camtrap_dp").code == 0
    said = list(csv.DictReader(lab.joinpath("camtrap_dp/deployments.csv").open(encoding="utf-8", newline="")))
    out = list(csv.DictReader(io.StringIO(uncia("deployments", "list", "--csv").out)))
    assert sorted(out, key=lambda row: row["deploymentID"]) == said


def test_a_clock_is_corrected_and_taken_at_its_word_again(imported: MemoryStore, uncia: Callable[..., Answer]) -> None:
    answer = uncia(*CLOCK)
    assert answer.err.startswith("deployment d1 (2017-03-20T00:00:00+05:45 to ")
    assert answer.err.endswith("clock +1908 d 17:58:00\n")
    assert [line.split() for line in answer.out.splitlines()] == [
        ["2", "images", "before", "after"],
        ["first", "image", "2012-01-01T00:00:00+05:45", "2017-03-23T17:58:00+05:45"],
        ["last", "image", "2012-01-01T00:00:30+05:45", "2017-03-23T17:58:30+05:45"],
    ]
    (one,) = imported.read_deployments("Ridge 1")
    assert one.clock_note == "showed 2012-01-01T00:00:00 when it was 2017-03-23T17:58:00"
    undone = uncia("deployments", "clock", "Ridge 1", "--undo")
    assert undone.out.splitlines()[1].split()[2:] == ["2017-03-23T17:58:00+05:45", "2012-01-01T00:00:00+05:45"]
    (one,) = imported.read_deployments("Ridge 1")
    assert (one.correction, one.clock_note, one.clock_at) == (timedelta(), "", None)
    assert (
        uncia("deployments", "clock", "Ridge 1", "--undo").err == "uncia: no clock of camera 'Ridge 1' is corrected\n"
    )


def test_a_correction_stays_when_the_table_comes_again_and_is_dropped_aloud_where_it_cannot_hold(
    imported: MemoryStore, desk: Path, uncia: Callable[..., Answer]
) -> None:
    uncia(*CLOCK)
    write(desk, ROWS[0].replace("28.2", "28.4"), ROWS[1])
    uncia("deployments", "import", "d.csv", "--utc-offset", "+05:45")
    (one,) = imported.read_deployments("Ridge 1")
    assert (one.latitude, one.correction.days) == (28.4, 1908)
    write(desk, ROWS[0].replace("03-20", "03-24"))
    answer = uncia("deployments", "import", "d.csv", "--utc-offset", "+05:45")
    assert answer.err.startswith("deployment d1: its clock's correction by +1908 d 17:58:00 is dropped")
    (one,) = imported.read_deployments("Ridge 1")
    assert not one.correction


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nobody", *CLOCK[3:]], "camera 'nobody' has no deployment: `uncia deployments import`"),
        (["Ridge 1", *CLOCK[3:], "--deployment", "x"], "camera 'Ridge 1' has no deployment 'x'; it has d1, d3"),
        (["Ridge 1", "--shown", "2012-01-01 00:00", "--true", "2016-01-01 00:00"],
         "camera 'Ridge 1' was in no deployment at 2016-01-01T00:00:00 (d1: 2017-03-20T00:00:00+05:45 to "),
        (["Ridge 1", *CLOCK[3:]], "it may be any of 2 deployments: name one by --deployment (d1, d3)"),
        (["Ridge 1", "--shown", "2012-01-01T00:00Z", "--true", "2016"],
         "--shown is '2012-01-01T00:00Z': it is the local time at the camera"),
    ],
)  # fmt: skip
def test_a_clock_of_which_it_is_not_clear_is_left_alone(
    imported: MemoryStore, uncia: Callable[..., Answer], arguments: list[str], sentence: str
) -> None:
    imported.write_deployments([deployment("2017-03-21T00:00:00Z", "2017-04-01T00:00:00Z", id="d3", camera="Ridge 1")])
    answer = uncia("deployments", "clock", *arguments)
    assert answer.err.startswith(f"uncia: {sentence}")
    assert not any(one.correction for one in imported.read_deployments())


def test_of_several_deployments_the_named_ones_clock_is_corrected(
    imported: MemoryStore, uncia: Callable[..., Answer]
) -> None:
    imported.write_deployments([deployment("2017-03-21T00:00:00Z", "2017-04-01T00:00:00Z", id="d3", camera="Ridge 1")])
    assert uncia(*CLOCK, "--deployment", "d3").code == 0
    assert [one.deployment_id for one in imported.read_deployments() if one.correction] == ["d3"]


def test_what_does_not_fit_is_found_and_after_the_clock_is_corrected_it_fits(
    imported: MemoryStore, uncia: Callable[..., Answer]
) -> None:
    imported.write_frame(frame(None, camera="Ridge 1"), "")
    imported.write_frame(frame(datetime(2020, 1, 1), camera="Ridge 3"), "")
    answer = uncia("deployments", "check")
    assert answer.code == 1
    assert [" ".join(line.split()) for line in answer.out.splitlines()[1:]] == [
        "outside any deployment Ridge 1 2012-01-01T00:00:00 2012-01-01T00:00:30 2",
        "camera without deployment Ridge 3 2020-01-01T00:00:00 2020-01-01T00:00:00 1",
        "deployment without images Ridge 1 d1 2017-03-20T00:00:00+05:45 2017-06-01T00:00:00+05:45 0",
        "deployment without images Ridge 2 d2 2017-03-20T00:00:00+05:45 2017-06-01T00:00:00+05:45 0",
    ]
    assert "1 image without a time left out" in answer.err
    assert "`uncia deployments clock` corrects it" in answer.err
    uncia(*CLOCK)
    uncia("deployments", "remove", "d2")
    imported.forget("Ridge 3")
    assert uncia("deployments", "check")[:2] == (0, "")


def test_a_camera_at_two_places_is_found(imported: MemoryStore, uncia: Callable[..., Answer]) -> None:
    imported.write_deployments(
        [deployment("2017-05-01T00:00:00+05:45", "2017-07-01T00:00:00+05:45", id="d3", camera="Ridge 1")]
    )
    assert " ".join(uncia("deployments", "check").out.splitlines()[1].split()) == (
        "at two places at once Ridge 1 d1, d3 2017-05-01T00:00:00+05:45 2017-06-01T00:00:00+05:45"
    )


def test_a_deployment_is_removed_by_its_identifier(imported: MemoryStore, uncia: Callable[..., Answer]) -> None:
    assert uncia("deployments", "remove", "d1", "x").err.startswith("uncia: there is no deployment 'x'")
    assert uncia("deployments", "remove", "d1", "d1").err == "1 deployment removed\n"
    assert [one.deployment_id for one in imported.read_deployments()] == ["d2"]


@pytest.mark.parametrize(
    ("correction", "told"),
    [(timedelta(), ""), (timedelta(hours=-1), "-0 d 01:00:00"), (timedelta(days=1, seconds=1), "+1 d 00:00:01")],
)
def test_a_correction_is_told_as_days_and_a_time(correction: timedelta, told: str) -> None:
    assert ahead(correction) == told
