"""Camtrap DP, by the standard's own schemas."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.export.camtrap_dp import FORM, path
from shared.export.project import TEMPLATE, Project, read
from shared.export.survey import Survey
from shared.export.tally import Tally
from shared.label import Changes
from tests.memory import MemoryStore

from .standard import problems
from .surveyed import DEPLOYMENTS, LOST, MADE, ODD, RIDGE, exported, put, stored, survey

type Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    return exported(FORM)


def table(files: dict[str, str], name: str) -> Rows:
    return [*csv.DictReader(io.StringIO(files[f"{name}.csv"], newline=""))]


def of(rows: Rows, **cells: str) -> Rows:
    return [row for row in rows if all(row[name] == value for name, value in cells.items())]


@pytest.mark.lab
@pytest.mark.parametrize("project", [None, read(TEMPLATE)])
def test_a_package_is_valid(tmp_path: Path, lab: Path, project: Project | None) -> None:
    told = {} if project is None else {"project": project}
    assert problems(put(tmp_path, exported(FORM, **told)), lab / "camtrap_dp" / "schemas") == []


@pytest.mark.lab
def test_a_package_of_nothing_is_valid(tmp_path: Path, lab: Path) -> None:
    assert problems(put(tmp_path, exported(FORM, MemoryStore())), lab / "camtrap_dp" / "schemas") == []


def cell(name: str, row: int, column: str, value: str) -> Callable[[Path], None]:
    def spoil(package: Path) -> None:
        file = package / f"{name}.csv"
        header, *lines = csv.reader(io.StringIO(file.read_text("utf-8"), newline=""))
        lines[row][header.index(column)] = value
        text = io.StringIO()
        csv.writer(text).writerows([header, *lines])
        file.write_text(text.getvalue(), "utf-8", newline="")

    return spoil


def described(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    def spoil(package: Path) -> None:
        said = json.loads((package / "datapackage.json").read_text("utf-8"))
        change(said)
        (package / "datapackage.json").write_text(json.dumps(said), "utf-8")

    return spoil


OLDER = "https://raw.githubusercontent.com/tdwg/camtrap-dp/1.0/deployments-table-schema.json"
BREAKS = {
    "a space for T": cell("media", 0, "timestamp", "2026-01-31 12:00:00+00:00"),
    "no offset": cell("observations", 0, "eventStart", "2026-01-31T12:00:00"),
    "a probability above one": cell("observations", 0, "classificationProbability", "1.2"),
    "a type of our own": cell("observations", 0, "observationType", "leopard"),
    "a path from the root": cell("media", 0, "filePath", "/a.jpg"),
    "no place": cell("deployments", 0, "latitude", ""),
    "a medium of no deployment": cell("media", 0, "deploymentID", "x"),
    "an observation of no medium": cell("observations", 1, "mediaID", "x"),
    "an observation twice": cell("observations", 0, "observationID", "x~sequence~machine"),
    "no project": described(lambda said: said.pop("project")),
    "a design of our own": described(lambda said: said["project"].update(samplingDesign="by chance")),
    "no time of making": described(lambda said: said.pop("created")),
    "an older version": described(lambda said: said["resources"][0].update(schema=OLDER)),
}  # fmt: skip


@pytest.mark.lab
@pytest.mark.parametrize("name", BREAKS)
def test_the_standard_sees_what_is_broken(tmp_path: Path, lab: Path, files: dict[str, str], name: str) -> None:
    package = put(tmp_path, files)
    BREAKS[name](package)
    if name == "an observation twice":
        cell("observations", 1, "observationID", "x~sequence~machine")(package)
    assert problems(package, lab / "camtrap_dp" / "schemas") != []


def test_a_sequence_is_one_event_and_each_frame_a_medium(files: dict[str, str]) -> None:
    event = of(table(files, "observations"), deploymentID="dep 1", observationLevel="event")[0]
    assert (event["eventStart"], event["eventEnd"]) == ("2026-01-31T12:00:00+05:45", "2026-01-31T12:00:20+05:45")
    assert (event["observationType"], event["scientificName"]) == ("animal", "Panthera uncia")
    assert (event["classificationMethod"], event["classificationProbability"]) == ("machine", "0.9")
    assert (event["classifiedBy"], event["mediaID"]) == ("Uncia, head head 1", "")
    own = of(table(files, "observations"), eventID=event["eventID"], observationLevel="media")
    assert [row["observationType"] for row in own] == ["animal", "animal", "animal", "unclassified"]
    assert all(row["eventStart"] == row["eventEnd"] for row in own)


def test_people_stand_beside_the_machine(files: dict[str, str]) -> None:
    said = of(table(files, "observations"), classificationMethod="human", deploymentID="dep 1")
    told = [
        (row["observationLevel"], row["scientificName"] or row["observationType"], row["observationTags"])
        for row in said
    ]
    assert told == [
        ("event", "Panthera uncia", "said:snow_leopard"),
        ("event", "blank", ""),
        ("event", "person | dog, 100%", "of:frames"),
        ("media", "person | dog, 100%", ""),
        ("event", "Capra sibirica", "said:ibex | of:frames"),
        ("media", "Capra sibirica", "said:ibex"),
        ("media", "Capra sibirica", "said:ibex"),
    ]  # fmt: skip
    assert {row["classificationTimestamp"][:10] for row in said} == {"2026-02-01"}


def test_a_label_that_reaches_no_threshold_is_unknown_and_one_of_nothing_unclassified(files: dict[str, str]) -> None:
    events = of(table(files, "observations"), deploymentID=f"{LOST}~none", observationLevel="event")
    assert [row["observationType"] for row in events] == ["animal", "blank", "unknown", "unclassified", "animal"]
    assert [row["observationComments"] for row in events if row["observationComments"]] == [
        "likeliest: leopard", "no frame can be decoded",
    ]  # fmt: skip


def test_a_corrected_clock_is_told_with_what_it_said(files: dict[str, str]) -> None:
    media = of(table(files, "media"), deploymentID="dep 2")
    assert (media[0]["timestamp"], media[0]["mediaComments"]) == (
        "2031-01-31T15:00:00+00:00", "clock said 2026-01-31T12:00:00",
    )  # fmt: skip
    assert media[3]["mediaComments"] == "clock said 2026-01-31T12:00:20 | corrupt file: it cannot be decoded"
    assert [row["timestampIssues"] for row in table(files, "deployments")] == ["true", "false", ""]


def test_deployments_come_out_as_they_came_in(files: dict[str, str]) -> None:
    ((row,), (known,)) = of(table(files, "deployments"), deploymentID="dep 1"), DEPLOYMENTS[:1]
    assert {name: value for name, value in row.items() if value} == {**known.columns}


def test_a_camera_without_a_deployment_may_be_anywhere_on_earth(files: dict[str, str]) -> None:
    (row,) = of(table(files, "deployments"), deploymentID=f"{LOST}~none")
    assert (row["deploymentStart"], row["deploymentEnd"]) == ("2026-01-31T12:00:00+00:00", "2026-01-31T12:40:02+00:00")
    assert (row["latitude"], row["longitude"], row["coordinateUncertainty"]) == ("0", "0", "20037509")
    assert json.loads(files["datapackage.json"])["spatial"] == {"type": "MultiPoint", "coordinates": [[78.5, 42.1]]}


def test_pictures_of_people_are_not_public() -> None:
    project = read('[names]\n"person | dog, 100%" = "human"\n')
    media = table(exported(FORM, project=project), "media")
    assert {row["fileName"] for row in of(media, filePublic="false")} == {"unsure.jpg"}
    assert len(of(media, filePublic="false")) == 2


def test_undated_frames_are_left_out_and_counted() -> None:
    store = stored()
    told, tally = survey(store), Tally()
    for label in store.labels_after():
        FORM.pass_on(label, told, tally)
    assert tally.undated == 3
    assert "3 frames without a time that is believed" in tally.warnings(told, named=True)
    assert not any("no time" in row["filePath"] for row in table(exported(FORM), "media"))


def test_the_description_tells_the_project_the_taxa_and_the_time(files: dict[str, str]) -> None:
    said = json.loads(files["datapackage.json"])
    assert [one["scientificName"] for one in said["taxonomic"]] == [
        "Capra sibirica",
        "Panthera uncia",
        "person | dog, 100%",
    ]
    assert said["temporal"] == {"start": "2026-01-01", "end": "2031-04-01"}
    assert said["created"] == "2026-02-01T08:00:00Z"


def test_nothing_known_of_deployments_is_told_in_one_sentence() -> None:
    store = MemoryStore()
    store.apply(Changes(tuple(stored().labels_after()), (), ()), MADE)
    told, tally = Survey(created=MADE), Tally()
    for label in store.labels_after():
        FORM.pass_on(label, told, tally)
    first, *_ = tally.warnings(told, named=False)
    cameras = ", ".join(sorted((RIDGE, ODD, LOST)))
    assert first.startswith(f"33 frames in no deployment, of cameras {cameras}: no places")


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_a_path_is_what_the_standard_takes_and_can_be_read_back(name: str) -> None:
    assert re.search(r"^(?=^[^./~])(^((?!\.{2}).)*$).*$", path(name))
    assert unquote(path(name)) == name
