"""A time is read as cameras write it, and believed only where it can be true."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.captured import AHEAD, EARLIEST, Captured, Said, believe, from_name, read

NOW = datetime(2026, 2, 1)
TIME = datetime(2021, 4, 11, 20, 43, 9)


@pytest.mark.parametrize(
    "text",
    [
        "2021:04:11 20:43:09", "2021-04-11T20:43:09", "2021-04-11 20:43:09", "2021/04/11 20:43:09",
        "2021.04.11 20:43:09", "2021:4:11 20:43:09", "2021:04:11  20:43:09\0", "  2021:04:11 20:43:09   \0\0",
        "2021-04-11T20:43:09+05:00", "2021-04-11T20:43:09Z", "2021:04:11 20:43:09 and more",
    ],
)  # fmt: skip
def test_a_time_is_read_without_its_offset(text: str) -> None:
    assert read(text) == TIME


@pytest.mark.parametrize(
    "text",
    [
        "", "    :  :     :  :  ", "0000:00:00 00:00:00", "2021:13:11 20:43:09", "2021:02:29 20:43:09",
        "2021:04:11 24:00:00", "2021:04:11", "2021:05:31 08h25\xe9mn", "\0" * 20, "now",
    ],
)  # fmt: skip
def test_what_is_no_time_is_none(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "subsecond", "microseconds"),
    [
        ("2021:04:11 20:43:09", "25", 250_000),
        ("2021:04:11 20:43:09", "025 \0", 25_000),
        ("2021:04:11 20:43:09", "1234567", 123_456),
        ("2021:04:11 20:43:09", "none", 0),
        ("2021-04-11T20:43:09.5", "25", 500_000),
        ("2021-04-11T20:43:09.1234567", "", 123_456),
    ],
)
def test_a_fraction_of_a_second_is_kept(text: str, subsecond: str, microseconds: int) -> None:
    assert read(text, subsecond) == TIME + timedelta(microseconds=microseconds)


DIGITS = st.text(st.sampled_from("0123456789:-/. T٣߀\0Z+") | st.characters(), max_size=40)


@given(DIGITS, DIGITS)
@example("٢٠٢١:٠٤:١١ ٢٠:٤٣:٠٩", "٥")
@example("9999:12:31 23:59:59", "999999")
def test_reading_never_raises(text: str, subsecond: str) -> None:
    assert read(text, subsecond) is None or isinstance(read(text, subsecond), datetime)
    assert from_name(text) == "" or datetime.fromisoformat(from_name(text))


@given(st.datetimes(min_value=datetime(1000, 1, 1)))
def test_what_python_writes_is_read_back(at: datetime) -> None:
    assert read(at.isoformat()) == at


@pytest.mark.parametrize(
    ("path", "time"),
    [
        ("cam/20210411T204309.jpg", "2021-04-11T20:43:09"),
        ("ST22_C1__20210411T204309_00.jpg", "2021-04-11T20:43:09"),
        ("S1__2021-04-11__20-43-09(1).JPG", "2021-04-11T20:43:09"),
        ("2021-04-11 20-43-09.JPG", "2021-04-11T20:43:09"),
        ("IMG_20210411_204309.jpg", "2021-04-11T20:43:09"),
        ("20210411-204309.jpg", "2021-04-11T20:43:09"),
        ("20210411T204309/IMG_0001.jpg", ""),
        ("20210531082538-RCNX0031.JPG", ""),
        ("20211331T204309.jpg", ""),
        ("120210411T2043091.jpg", ""),
        ("IMG_0001.jpg", ""),
    ],
)
def test_a_name_gives_a_time_where_its_pattern_is_known(path: str, time: str) -> None:
    assert from_name(path) == time


def test_the_first_time_that_can_be_read_is_believed() -> None:
    times = [Said("a", "nonsense"), Said("b", "2021:04:11 20:43:09", "5"), Said("c", "2022:01:01 00:00:00")]
    assert believe(times, NOW) == Captured(TIME + timedelta(seconds=0.5), "b", "2021:04:11 20:43:09")


@pytest.mark.parametrize(
    ("at", "suspect"),
    [
        (EARLIEST, False),
        (EARLIEST - timedelta(seconds=1), True),
        (NOW + AHEAD, False),
        (NOW + AHEAD + timedelta(seconds=1), True),
    ],
)
def test_a_time_that_cannot_be_true_is_suspect_and_dates_nothing(at: datetime, suspect: bool) -> None:
    said = believe([Said("a", at.isoformat()), Said("b", "2021:04:11 20:43:09")], NOW)
    assert said == Captured(None if suspect else at, "a", at.isoformat(), suspect)


def test_no_time_at_all_is_no_time() -> None:
    assert believe([Said("a", "")], NOW) == Captured(None, "none", "", suspect=False)
