"""Deployments as people save them, and their mistakes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from shared import spreadsheet
from shared.deployment import COLUMNS, Deployment, nowhere
from shared.deployment_table import LONGEST, REQUIRED, read, wall_time
from shared.errors import BadTable, UnciaError

NEPAL = timezone(timedelta(hours=5, minutes=45))
GOOD = {
    "deploymentID": "d1", "latitude": "28.21", "longitude": "83.99", "deploymentStart": "2026-01-01T09:30:00+05:45",
    "deploymentEnd": "2026-03-01T16:00:00+05:45", "cameraID": "Ridge 1",
}  # fmt: skip


def table(*rows: dict[str, str], comma: str = ",", offset: timezone | None = None) -> list[Deployment]:
    """What is read from rows, each given as what differs from a good one."""
    columns = [*dict.fromkeys(name for row in [GOOD, *rows] for name in row)]
    lines = [columns, *([({**GOOD, **row}).get(name, "") for name in columns] for row in rows)]
    text = "\n".join(comma.join(f'"{cell}"' for cell in line) for line in lines)
    return read(spreadsheet.parse(text, "d.csv"), offset)


def test_a_row_with_what_is_required_is_a_deployment() -> None:
    (one,) = table({})
    assert one.start == datetime(2026, 1, 1, 9, 30, tzinfo=NEPAL)
    assert (one.camera, one.deployment_id, one.latitude, one.end.hour) == ("Ridge 1", "d1", 28.21, 16)
    assert one.columns == dict.fromkeys(COLUMNS, "") | GOOD


def test_every_column_is_kept_as_it_was_written_in_whatever_order() -> None:
    more = {
        "habitat": 'scree; ""steep""', "cameraHeight": "1.30", "baitUse": "TRUE", "cameraTilt": "-15",
        "coordinateUncertainty": "NA", "featureType": "trailGame", "deploymentStart": "2026-01-01T03:45:00Z",
    }  # fmt: skip
    (one,) = table(dict(reversed(more.items())))
    assert {name: one.columns[name] for name in more} == more | {"habitat": 'scree; "steep"'}


@pytest.mark.parametrize("comma", [",", ";"])
def test_decimal_commas_become_points(comma: str) -> None:
    (one,) = table({"latitude": "-28,21", "longitude": "83,99", "cameraHeight": "1,3"}, comma=comma)
    assert (one.latitude, one.columns["latitude"], one.longitude, one.columns["cameraHeight"]) == (
        -28.21, "-28.21", 83.99, "1.3",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "moment", "written"),
    [
        ("2026-01-01T09:30:00Z", datetime(2026, 1, 1, 9, 30, tzinfo=UTC), "2026-01-01T09:30:00Z"),
        ("2026-01-01T09:30:00.999+0545", datetime(2026, 1, 1, 9, 30, tzinfo=NEPAL), "2026-01-01T09:30:00+05:45"),
        ("2026/1/1 9:30", datetime(2026, 1, 1, 9, 30, tzinfo=NEPAL), "2026-01-01T09:30:00+05:45"),
        ("2026-01-01 09:30 -03:00", datetime(2026, 1, 1, 12, 30, tzinfo=UTC), "2026-01-01T09:30:00-03:00"),
    ],
)
def test_a_time_is_read_with_its_offset_or_with_that_of_all_and_written_as_the_standard_does(
    text: str, moment: datetime, written: str
) -> None:
    (one,) = table({"deploymentStart": text}, offset=NEPAL)
    assert (one.start, one.columns["deploymentStart"]) == (moment, written)


def test_rows_that_were_cleared_are_none() -> None:
    blank = dict.fromkeys(GOOD, " ")
    assert len(table({}, blank, {"deploymentID": "d2"}, blank)) == 2


MISTAKES = [
    ({"deploymentID": ""}, "deploymentID is empty"),
    ({"latitude": "NA"}, "latitude is empty"),
    ({"cameraID": " "}, "cameraID is empty: write what the camera is called where its images are"),
    ({"latitude": "91"}, "latitude is '91': it must be a number from -90 to 90"),
    ({"longitude": "1.234,5"}, "longitude is '1.234,5': it must be a number from -180 to 180"),
    ({"cameraHeading": "361"}, "cameraHeading is '361': it must be a number from 0 to 360"),
    ({"cameraDelay": "1.5"}, "cameraDelay is '1.5': it must be a whole number"),
    ({"cameraDelay": "1,5"}, "cameraDelay is '1,5': it must be a number"),
    ({"baitUse": "yes"}, "baitUse is 'yes': it must be true or false"),
    ({"featureType": "path"}, "featureType is 'path': it must be roadPaved, .* or fruitingTree"),
    ({"deploymentStart": "01/02/2026 09:30"}, "deploymentStart is '01/02/2026 09:30': it must be year, month, day"),
    ({"deploymentEnd": "2026-03-01"}, "deploymentEnd is '2026-03-01': .* time of day, as in 2026-01-31T17:05:00.05:45"),
    ({"deploymentEnd": "2026-02-30T10:00:00Z"}, "deploymentEnd is '2026-02-30T10:00:00Z': there is no such time"),
    (
        {"deploymentEnd": "2026-03-01T10:00:00"},
        "deploymentEnd is '2026-03-01T10:00:00', without a UTC offset: write it",
    ),
    ({"deploymentEnd": "2026-03-01T10:00:00+15:00"}, "'.15:00' is no UTC offset"),
    ({"deploymentEnd": "2025-03-01T10:00:00Z"}, "it ends at 2025-03-01T10:00:00.00:00, and starts only at"),
    ({"deploymentEnd": "9999-03-01T10:00:00Z"}, "the end is in the year 9999"),
    ({"deploymentID": "d0"}, "its deploymentID is that of row 2 too"),
    ({"habitat": "x" * LONGEST}, "it has more than 15,000 letters"),
]


@pytest.mark.parametrize(("row", "complaint"), MISTAKES, ids=lambda value: str(value)[:40])
def test_a_mistake_is_told_with_its_row(row: dict[str, str], complaint: str) -> None:
    with pytest.raises(BadTable, match=rf"^d\.csv, row 3: {complaint}"):
        table({"deploymentID": "d0"}, row)


def test_ten_mistakes_are_told_at_once_and_the_rest_counted() -> None:
    with pytest.raises(BadTable) as told:
        table(*({"latitude": "x", "longitude": "y"} for _ in range(6)))
    lines = str(told.value).splitlines()
    assert lines[0] == "d.csv has 12 mistakes:"
    assert lines[1].startswith("  row 2: latitude is 'x'")
    assert lines[10].startswith("  row 6: longitude is 'y'")
    assert lines[11:] == ["  and 2 more"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("deploymentID,latitude,cameraID\n", "d.csv has no column `longitude`, `deploymentStart`, `deploymentEnd`; "),
        (",".join([*REQUIRED, "camera", "lat"]), "d.csv has the column `camera`, `lat`, which Camtrap DP has not"),
        (",".join([*REQUIRED, "cameraID"]), "d.csv has the column `cameraID` twice"),
        (",".join(REQUIRED), "d.csv has no deployment"),
    ],
)  # fmt: skip
def test_a_table_with_other_columns_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(BadTable, match=f"^{complaint}"):
        read(spreadsheet.parse(text, "d.csv"), None)


def test_a_wall_time_has_no_offset() -> None:
    assert wall_time("--true", "2017-03-23T17:58") == datetime(2017, 3, 23, 17, 58)
    for text in ("2017-03-23T17:58:00Z", "2017", "17:58"):
        with pytest.raises(UnciaError, match=f"^--true is '{text}': it"):
            wall_time("--true", text)


@pytest.mark.lab
def test_the_standards_own_example_is_read_whole(lab: Path) -> None:
    told = spreadsheet.read(lab / "camtrap_dp/deployments.csv")
    found = read(told, None)
    assert told.columns == COLUMNS
    assert [one.columns for one in found] == [*told.rows]
    assert [one.camera for one in found] == ["320", "250", "303", "315"]


def test_what_an_export_says_of_images_in_no_deployment_is_no_deployment() -> None:
    stands_in = {"deploymentID": nowhere("Ridge 2"), "cameraID": "Ridge 2", "coordinateUncertainty": "20037508"}
    assert [one.deployment_id for one in table(stands_in, {})] == ["d1"]
    with pytest.raises(BadTable, match=r"d\.csv has no deployment"):
        table(stands_in)
