"""A frame is named by its content and travels whole."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared import answer
from shared.errors import BadMessage
from shared.frame import MESSAGE_BYTES, OWN, Frame, Status, date_of, day_of, merged, stays, time_key
from shared.image import PREVIEW_BYTES
from tests.unit.shared.making import NOON, frame, seen

TEXT = st.text(max_size=20)
SCORES = st.none() | st.dictionaries(TEXT, st.floats(0, 1), max_size=3)
NUMBERS = st.integers(0, 2**31 - 1)
FRAMES = st.builds(
    Frame,
    camera=TEXT.filter(bool), path=TEXT, digest=st.text("0123456789abcdef", min_size=64, max_size=64), etag=TEXT,
    size=NUMBERS, width=NUMBERS, height=NUMBERS, status=st.sampled_from(Status), reason=TEXT,
    captured_at=st.none() | st.datetimes(datetime(1900, 1, 1), datetime(2999, 12, 31)),
    time_source=TEXT, time_said=TEXT, suspect=st.booleans(), recipe=TEXT,
    backbone=TEXT, features=st.binary(max_size=20), scores=SCORES, head=TEXT, preview=st.binary(max_size=20),
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
FIELDS = sorted(OWN)


def whole(one: Frame) -> Frame:
    """The frame as it can be: features where it is decoded, scores where a head gave them."""
    features = one.features + bytes(2 - len(one.features) % 2) if one.status is Status.OK else b""
    return replace(one, features=features, head=one.head if one.scores is not None else "")


def can_be(one: Frame) -> bool:
    return bool(one.path) and stays(one.path) and (one.scores is None or bool(one.head))


def message(**said: Any) -> bytes:
    whole = json.loads(seen().encode())
    return json.dumps(whole | {"frame": whole["frame"] | said}).encode()


@given(FRAMES.map(whole).filter(can_be))
def test_a_frame_travels_whole(one: Frame) -> None:
    assert Frame.decode(one.encode().encode("utf-8", "surrogatepass")) == one


def test_a_message_has_our_names_alone_on_top() -> None:
    assert sorted(json.loads(frame().encode())) == ["frame", "uncia"]


def test_the_largest_frame_of_two_hundred_classes_fits_a_message() -> None:
    scores = {f"a species of cat {number}": 0.123456 for number in range(200)}
    large = frame(camera="é" * 512, path="é" * 512, scores=scores, reason="x" * 200, time_said="\x01" * 64)
    large = replace(large, features=bytes(2 * 4_096), preview=bytes(PREVIEW_BYTES), recipe="f" * 80)
    assert len(large.encode().encode()) <= MESSAGE_BYTES


@given(st.binary() | JSON.map(lambda value: json.dumps(value).encode()))
@example(b"\xff\xfe")
@example(b"1" * 5_000)
@example(b'{"uncia": 1, "frame": null}')
def test_another_message_is_told_so(body: bytes) -> None:
    with pytest.raises(BadMessage):
        Frame.decode(body)


@given(st.sampled_from(FIELDS), JSON)
def test_a_wrong_field_is_told_or_harmless(name: str, value: Any) -> None:
    with suppress(BadMessage):
        assert Frame.decode(message(**{name: value})).row_key


def test_brackets_nested_too_deep_are_no_frame() -> None:
    depth = 20_000
    with pytest.raises(BadMessage):
        Frame.decode(b"[" * depth + b"]" * depth)


@pytest.mark.parametrize(
    "said",
    [
        {"camera": ""}, {"camera": 3}, {"digest": "ab"}, {"digest": "A" * 64}, {"size": "1"}, {"suspect": 0},
        {"status": "fine"}, {"features": "!"}, {"preview": None}, {"captured_at": "yesterday"},
        {"captured_at": "2026-01-31T12:00:00Z"}, {"scores": [1]}, {"scores": {"a": "b"}}, {"more": 1},
        {"path": "../models/current.json"}, {"path": "a/../../models/x"}, {"path": "./a.jpg"}, {"path": ".."},
        {"captured_at": 0}, {"captured_at": ""}, {"captured_at": "0001-01-01"}, {"captured_at": "9999-12-31"},
        {"camera": "a" * 1_025}, {"path": "a" * 1_025}, {"path": ""}, {"camera": "\ud800"}, {"reason": "a\udfff"},
        {"size": True}, {"size": 2**31}, {"size": 10**400}, {"width": -1}, {"height": 1.5}, {"scores": {"a": 10**400}},
        {"scores": {"a": True}}, {"scores": {"a": 1.000001}}, {"scores": {"a": -0.1}}, {"scores": {"\ud800": 1}},
        {"digest": "٣" * 64}, {"preview": "AB"}, {"status": ["ok"]},
    ],
)  # fmt: skip
def test_a_field_that_is_not_what_it_should_be_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises(BadMessage, match=r"^the message is no frame: "):
        Frame.decode(message(**said))


@pytest.mark.parametrize("name", ["verdict", "answers"])
def test_what_only_a_row_has_is_refused_in_a_message(name: str) -> None:
    with pytest.raises(BadMessage, match=f"^the message has {name}, "):
        Frame.decode(message(**{name: ""}))


@pytest.mark.parametrize("score", [float("nan"), float("inf")])
def test_a_score_that_is_not_finite_is_refused(score: float) -> None:
    with pytest.raises(BadMessage):
        Frame.decode(message(scores={"blank": score, "leopard": 0.5}))


def test_a_message_of_another_version_is_refused() -> None:
    with pytest.raises(BadMessage, match=r"^the message is of version 2, this program reads 1$"):
        Frame.decode(frame().encode().replace('"uncia":1', '"uncia":2').encode())


DATES = st.datetimes(min_value=datetime(1000, 1, 1))


@given(DATES, DATES)
def test_row_keys_sort_as_time_does(one: datetime, two: datetime) -> None:
    assert (time_key(one) < time_key(two)) == (one < two)


def test_a_row_key_is_time_and_digest() -> None:
    one = frame(datetime(2026, 1, 31, 17, 5, 9, 250_000))
    assert (one.row_key, one.day) == (f"20260131T170509250000~{one.digest[:16]}", "20260131")
    undated = frame(None)
    assert (undated.row_key, undated.day) == (f"undated~{undated.digest[:16]}", "undated")


@pytest.mark.parametrize(("day", "found"), [("20260131", date(2026, 1, 31)), ("undated", None)])
def test_a_day_is_a_date_or_undated(day: str, found: date | None) -> None:
    assert date_of(day) == found
    assert day_of(found and datetime(2026, 1, 31, 23, 59)) == day


@pytest.mark.parametrize("day", ["", "2026-01-31", "20260132", "undated ", "20260131T"])
def test_another_text_is_no_day(day: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        date_of(day)


def test_the_first_arrival_is_kept_as_it_is() -> None:
    assert merged(None, seen()) == seen()


def test_the_same_bytes_keep_the_smallest_of_their_paths_in_any_order() -> None:
    one, two = seen(path="a", etag="1"), seen(path="b", etag="2")
    assert merged(one, two) == merged(two, one) == one


def test_it_answers_every_upload_of_the_same_bytes_in_any_order() -> None:
    one, two = seen(path="a", etag='"1"', size=7), seen(path="b", etag="2", size=7)
    both = answer.united(answer.of("a", "1", 7), answer.of("b", "2", 7), 7)
    assert merged(merged(None, one), two).answers == merged(merged(None, two), one).answers == both
    assert merged(merged(merged(None, one), two), one).answers == both


def test_a_frame_from_before_goes_on_to_answer_what_it_was_made_of() -> None:
    later = merged(seen(path="a", etag="1", size=7), seen(path="b", etag="2", size=7))
    assert later.answers == answer.united(answer.old("a", "1", 7), answer.of("b", "2", 7), 7)


def test_what_arrives_later_has_the_newer_scores() -> None:
    newer = seen(path="b", head="head 2", leopard=0.1)
    assert merged(seen(path="a"), newer) == replace(newer, path="a")


def test_the_zone_of_a_time_is_refused_not_dropped() -> None:
    assert NOON.tzinfo is None
    with pytest.raises(BadMessage, match="without zone"):
        Frame.decode(frame(NOON.replace(tzinfo=UTC) + timedelta()).encode().encode())


@pytest.mark.parametrize(
    "said",
    [
        {"features": ""}, {"features": "AAAA"}, {"status": "corrupt"}, {"head": ""}, {"scores": None},
    ],
)  # fmt: skip
def test_a_frame_that_contradicts_itself_is_refused(said: dict[str, object]) -> None:
    with pytest.raises(BadMessage):
        Frame.decode(message(**said))


def test_of_two_names_the_smaller_is_kept_with_what_was_said_there() -> None:
    first, second = seen(path="a", time_source="name"), seen(path="b", time_source="exif:DateTime", preview=b"new")
    kept = merged(replace(first, preview=b"old"), second)
    assert (kept.path, kept.time_source, kept.preview) == ("a", "name", b"new")
    assert merged(second, first) == replace(kept, preview=b"new")


def test_other_bytes_whose_digest_begins_alike_are_not_written_over() -> None:
    one = seen()
    with pytest.raises(ValueError, match="begin with the same 64 bits"):
        merged(one, replace(one, digest=one.digest[:16] + "0" * 48))
