"""Where cameras stood, and which deployment a frame belongs to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.deployment import Deployment, Deployments, again, corrected, moment, offset_of, uncorrected
from shared.errors import UnciaError

from .making import deployment

NEPAL = timezone(timedelta(hours=5, minutes=45))
START, END = datetime(2026, 1, 1), datetime(2026, 3, 1)
MICROSECOND = timedelta(microseconds=1)


def slow(days: int = 1908) -> Deployment:
    """A deployment whose clock fell back so many days."""
    true = datetime(2026, 1, 31, 17, 58)
    return corrected(deployment(), true - timedelta(days=days), true)


def test_what_a_deployment_is_called_and_where_it_was() -> None:
    one = deployment()
    assert (one.deployment_id, one.place, one.latitude, one.longitude, one.offset) == ("d1", "d1", 28.21, 83.99, NEPAL)
    assert deployment(columns={"locationID": "l1", "locationName": "NA"}).place == "l1"
    assert deployment(columns={"locationID": "l1", "locationName": "Ridge"}).place == "Ridge"
    assert {one} == {deployment()}


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ({"camera": ""}, "a deployment has a camera"),
        ({"id": ""}, "a deployment has a deploymentID"),
        ({"id": "NA"}, "a deployment has a deploymentID"),
        ({"end": "2026-01-01T00:00:00+05:45"}, "it ends at 2026-01-01T00:00:00\\+05:45, and starts only at"),
        ({"end": "2026-01-01T00:00:00+06:00"}, "it ends at 2026-01-01T00:00:00\\+06:00"),
        ({"end": "2026-03-01T00:00:00"}, "the end needs a fixed UTC offset"),
        ({"start": "2026-01-01T00:00:00"}, "the start needs a fixed UTC offset"),
        ({"start": "2026-01-01T00:00:00+14:01"}, "the start needs a fixed UTC offset from -14:00"),
        ({"end": "9999-12-31T23:59:59+00:00"}, "the end is in the year 9999"),
        ({"correction": timedelta(days=40_000)}, "a clock is corrected by a century at most"),
        *(
            ({"columns": {name: said}}, f"{name} is '{said}': it must be a number from -{limit} to {limit}")
            for name, limit, bad in (
                ("latitude", 90, ("", "90.1", "51,5", "nan", "1e1", "1_0", "N 51", "٣")), ("longitude", 180, ("-181",)),
            )
            for said in bad
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(said: dict[str, Any], complaint: str) -> None:
    with pytest.raises(UnciaError, match=f"^{complaint}"):
        deployment(**said)


@pytest.mark.parametrize(
    ("text", "minutes"), [("+05:45", 345), ("-0300", -180), ("Z", 0), ("z", 0), ("+14:00", 840), ("-14:00", -840)]
)
def test_an_offset_is_read(text: str, minutes: int) -> None:
    assert offset_of(text) == timezone(timedelta(minutes=minutes))


@pytest.mark.parametrize("text", ["", "+5", "5:45", "+05:60", "+14:01", "-99:00", "Asia/Kathmandu", " Z"])
def test_what_is_no_offset_is_refused(text: str) -> None:
    with pytest.raises(UnciaError, match="is no UTC offset: it is written"):
        offset_of(text)


@pytest.mark.parametrize(
    ("at", "within"),
    [
        (START, True),
        (START - MICROSECOND, False),
        (END, True),
        (END + MICROSECOND, False),
        (datetime(9999, 12, 31), False),
    ],
)
def test_start_and_end_are_included(at: datetime, within: bool) -> None:
    assert (Deployments([deployment()]).at("cam", at) is not None) is within
    assert Deployments([deployment()]).at("other", at) is None


def test_the_corrected_time_decides_and_the_clock_may_show_years_before_the_start() -> None:
    one = slow()
    assert one.clock_note == "showed 2020-11-10T17:58:00 when it was 2026-01-31T17:58:00"
    found = Deployments([one])
    assert found.at("cam", datetime(2020, 11, 10)) == one
    assert found.at("cam", datetime(2026, 1, 31)) is None
    assert moment(one, datetime(2020, 11, 10, 17, 58), UTC) == datetime(2026, 1, 31, 17, 58, tzinfo=NEPAL)


def test_without_a_deployment_a_time_is_as_the_clock_said() -> None:
    assert moment(None, START, NEPAL) == datetime(2026, 1, 1, tzinfo=NEPAL)


def test_a_deployment_over_the_end_of_summer_time_keeps_the_offset_of_its_start() -> None:
    one = deployment("2026-10-01T00:00:00+02:00", "2026-11-01T00:00:00+01:00")
    assert one.shown == (datetime(2026, 10, 1), datetime(2026, 11, 1, 1))


def test_of_two_at_once_the_one_that_started_last_is_believed_then_the_greater_identifier() -> None:
    long, short = deployment(id="z"), deployment("2026-02-01T00:00:00+05:45", "2026-02-10T00:00:00+05:45", id="a")
    twin = deployment("2026-02-01T00:00:00+05:45", "2026-02-05T00:00:00+05:45", id="b")
    found = Deployments([twin, short, long])
    days = [datetime(2026, 1, 31), datetime(2026, 2, 2), datetime(2026, 2, 7), datetime(2026, 2, 20)]
    assert [found.at("cam", day) for day in days] == [long, twin, short, long]
    assert found.overlaps() == [(long, short), (long, twin), (short, twin)]


def test_a_camera_that_moves_on_at_once_is_at_no_two_places() -> None:
    moved = [deployment(), deployment("2026-03-01T00:00:00+05:45", "2026-04-01T00:00:00+05:45", id="d2")]
    assert Deployments(moved).overlaps() == []
    assert Deployments([*moved, deployment(camera="b", id="d3")]).overlaps() == []


def test_deployments_come_by_camera_and_start() -> None:
    b, later, first = deployment(camera="b"), deployment("2026-02-01T00:00:00Z"), deployment(id="d2")
    found = Deployments([b, later, first])
    assert [*found] == [b, first, later]
    assert (len(found), bool(found), bool(Deployments()), found.of("cam"), found.of("x")) == (
        3, True, False, (first, later), (),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "issues"),
    [({}, False), ({"columns": {"timestampIssues": "TRUE"}}, True), ({"columns": {"timestampIssues": "false"}}, False),
     ({"correction": MICROSECOND}, True)],
)  # fmt: skip
def test_times_have_issues_where_somebody_said_so_or_the_clock_is_corrected(said: Any, issues: bool) -> None:
    assert deployment(**said).timestamp_issues is issues


def test_a_clock_is_not_compared_when_the_camera_was_elsewhere() -> None:
    with pytest.raises(UnciaError, match="deployment d1 does not hold 2026-03-01T00:00:01"):
        corrected(deployment(), START, END + timedelta(seconds=1))


def test_a_correction_can_be_taken_back() -> None:
    assert uncorrected(slow()) == deployment()


def test_a_deployment_that_comes_again_keeps_its_correction_where_that_still_holds() -> None:
    one = deployment("2026-01-31T00:00:00+05:45", columns={"habitat": "scree"})
    kept = again(one, slow())
    assert (kept.correction, kept.clock_note, kept.columns) == (slow().correction, slow().clock_note, one.columns)
    for gone in (deployment("2026-02-01T00:00:00+05:45"), deployment(camera="b")):
        assert again(gone, slow()) == gone
    assert again(one, deployment()) == one


@st.composite
def placed(draw: st.DrawFn) -> Deployment:
    start, hours, behind = draw(st.integers(0, 30)), draw(st.integers(1, 30)), draw(st.integers(-20, 20))
    zone = draw(st.sampled_from([UTC, NEPAL, timezone(-timedelta(hours=3))]))
    at = datetime(2026, 1, 1, tzinfo=zone) + timedelta(hours=start)
    when = {"start": at, "end": (at + timedelta(hours=hours)).astimezone(UTC)}
    columns = {"deploymentID": draw(st.sampled_from("abc")), "latitude": "0", "longitude": "0"}
    return Deployment(camera=draw(st.sampled_from("xy")), columns=columns, correction=timedelta(hours=behind), **when)


def naive(deployments: list[Deployment], camera: str, at: datetime) -> Deployment | None:
    there = [one for one in deployments if one.camera == camera and one.start <= moment(one, at, UTC) <= one.end]
    return max(there, key=lambda one: (one.start, one.deployment_id), default=None)


@given(st.lists(placed(), max_size=8), st.data())
def test_a_frame_is_where_a_look_at_every_deployment_would_put_it(some: list[Deployment], data: st.DataObject) -> None:
    found = Deployments(some)
    edges = [edge + step * MICROSECOND for one in some for edge in one.shown for step in (-1, 0, 1)]
    for at in [*edges, datetime(2026, 1, 1) + timedelta(minutes=data.draw(st.integers(-3000, 6000)))]:
        for camera in "xy":
            got, want = found.at(camera, at), naive(some, camera, at)
            # Two of one rank are of one identifier and one start: either will do.
            assert (got and (got.start, got.deployment_id)) == (want and (want.start, want.deployment_id))
