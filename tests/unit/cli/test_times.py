"""`uncia sequences`: the same rows in the same order, each with the id of its sequence."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path

import pytest

from cli.times import CAMERA, TIME, sequences
from shared.errors import BadTable
from shared.sequence import Limits

from .conftest import Answer

ROWS = ["b,12:00:00", "a,12:00:50", "a,12:00:00", "a,12:05:00", "b,12:00:59"]


def table(folder: Path, *rows: str, header: str = "camera,captured_at", encoding: str = "utf-8") -> Path:
    dated = [row.replace(",1", ",2026-01-31T1") for row in rows]
    folder.joinpath("times.csv").write_text("\n".join([header, *dated]) + "\n", encoding)
    return folder / "times.csv"


def ids(path: Path, limits: Limits = Limits()) -> list[str]:  # noqa: B008 - frozen
    return [row["sequence_id"] for row in sequences(path, limits)[1]]


def partition(names: Iterable[str], keys: Iterable[str]) -> set[frozenset[str]]:
    groups: dict[str, set[str]] = {}
    for name, key in zip(names, keys, strict=True):
        groups.setdefault(key, set()).add(name)
    return {frozenset(group) for group in groups.values()}


def test_rows_keep_their_order_and_get_the_id_of_their_sequence(tmp_path: Path) -> None:
    found = ids(table(tmp_path, *ROWS))
    assert partition("01234", found) == {frozenset("04"), frozenset("12"), frozenset("3")}
    assert [name.partition("~")[0] for name in found] == ["b", "a", "a", "a", "b"]


def test_extra_columns_stay_where_they_are_and_an_old_id_is_replaced(tmp_path: Path) -> None:
    path = table(tmp_path, "x,old,a,12:00:00,y", header="first,sequence_id,camera,captured_at,last")
    columns, (row,) = sequences(path, Limits())
    assert columns == ["first", "camera", "captured_at", "last", "sequence_id"]
    assert list(row) == columns
    assert [row["first"], row["last"], row["captured_at"]] == ["x", "y", "2026-01-31T12:00:00"]
    assert row["sequence_id"].startswith("a~")


@pytest.mark.parametrize("kept", [[0, 4], [1, 2], [3], [1, 2, 3], [4, 3, 2, 1, 0]])
def test_an_id_does_not_depend_on_other_sequences(tmp_path: Path, kept: list[int]) -> None:
    whole = ids(table(tmp_path, *ROWS))
    assert ids(table(tmp_path, *(ROWS[row] for row in kept))) == [whole[row] for row in kept]


@pytest.mark.parametrize(("second", "together"), [("12:01:00", True), ("12:01:00.001", False), ("12:01:01", False)])
def test_a_pause_longer_than_the_gap_starts_a_new_sequence(tmp_path: Path, second: str, together: bool) -> None:
    first, other = ids(table(tmp_path, "a,12:00:00", f"a,{second}"))
    assert (first == other) is together


def test_a_sequence_longer_than_the_cap_is_split(tmp_path: Path) -> None:
    path = table(tmp_path, "a,12:00:00", "a,12:00:20", "a,12:00:50")
    assert len(set(ids(path))) == 1
    assert partition("012", ids(path, Limits(cap=timedelta(seconds=40)))) == {frozenset("01"), frozenset("2")}


def test_times_with_offsets_are_compared_as_instants(tmp_path: Path) -> None:
    first, other, far = ids(table(tmp_path, "a,12:00:00+02:00", "a,10:00:30Z", "a,12:00:30Z"))
    assert first == other != far


def test_an_id_shows_the_time_as_the_table_writes_it(tmp_path: Path) -> None:
    assert ids(table(tmp_path, "a,12:00:00+02:00")) == [ids(table(tmp_path, "a,12:00:00"))[0] + "+0200"]


def test_the_hour_that_comes_twice_when_summer_time_ends_makes_two_ids(tmp_path: Path) -> None:
    first, second = ids(table(tmp_path, "a,2026-10-25T02:30:00+02:00", "a,2026-10-25T02:30:00+01:00"))
    assert first != second


@pytest.mark.parametrize(
    ("rows", "row"),
    [
        (["a,12:00:00", "b,12:00:00Z", "a,12:00:10Z"], 4),
        (["a,12:00:00Z", "a,12:00:10"], 2),
    ],
)
def test_times_with_and_without_offset_at_one_camera_are_refused(tmp_path: Path, rows: list[str], row: int) -> None:
    with pytest.raises(BadTable, match=rf"times\.csv, row {row}: this time has an offset"):
        ids(table(tmp_path, *rows))


def test_cameras_may_differ_in_whether_they_have_offsets(tmp_path: Path) -> None:
    assert len(set(ids(table(tmp_path, "a,12:00:00", "b,12:00:00Z")))) == 2


def test_undated_rows_each_stand_alone(tmp_path: Path) -> None:
    found = ids(table(tmp_path, "a,", "a,12:00:00", "a,", "a,12:00:01", "b,"))
    assert found[1] == found[3]
    assert len(set(found)) == 4


@pytest.mark.parametrize("camera", CAMERA)
@pytest.mark.parametrize("time", TIME)
def test_the_columns_may_have_the_names_of_others(tmp_path: Path, camera: str, time: str) -> None:
    assert ids(table(tmp_path, "a,12:00:00", header=f"{camera},{time}")) == ids(table(tmp_path, "a,12:00:00"))


def test_our_own_column_comes_before_those_of_others(tmp_path: Path) -> None:
    (found,) = ids(table(tmp_path, "x,a,12:00:00", header="deploymentID,camera,captured_at"))
    assert found.startswith("a~")


@pytest.mark.parametrize(("comma", "encoding"), [(";", "utf-8"), (",", "utf-8-sig"), (";", "utf-8-sig")])
def test_spreadsheets_may_write_semicolons_and_a_byte_order_mark(tmp_path: Path, comma: str, encoding: str) -> None:
    expected = ids(table(tmp_path, *ROWS))
    path = table(tmp_path, *ROWS)
    path.write_text(path.read_text("utf-8").replace(",", comma), encoding)
    assert ids(path) == expected


def test_a_time_that_cannot_be_read_is_refused_with_its_row(tmp_path: Path) -> None:
    with pytest.raises(BadTable, match=r"times\.csv, row 3: captured_at is 'dawn'"):
        ids(table(tmp_path, "a,12:00:00", "a,dawn"))


def test_the_command_writes_the_table_to_stdout(tmp_path: Path, uncia: Callable[..., Answer]) -> None:
    columns, rows = sequences(table(tmp_path, *ROWS), Limits(gap=timedelta(seconds=10)))
    answer = uncia("sequences", tmp_path / "times.csv", "--gap", 10)
    assert answer.out.splitlines()[0] == ",".join(columns)
    assert list(csv.DictReader(io.StringIO(answer.out))) == rows
    assert json.loads(uncia("sequences", tmp_path / "times.csv", "--gap", 10, "--json").out) == rows


@pytest.mark.lab
def test_camtrap_dp_gives_exactly_its_own_events(lab: Path) -> None:
    with lab.joinpath("camtrap_dp/observations.csv").open(encoding="utf-8", newline="") as file:
        seen = {row["mediaID"]: row["eventID"] for row in csv.DictReader(file) if row["observationLevel"] == "media"}
    rows = sequences(lab / "camtrap_dp/media.csv", Limits())[1]
    media = [row["mediaID"] for row in rows]
    ours = partition(media, [row["sequence_id"] for row in rows])
    assert ours == partition(media, [seen[name] for name in media])
    assert (len(media), len(ours)) == (423, 34)
