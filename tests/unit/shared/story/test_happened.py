"""What is counted is what a plain count of the same sequences gives."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import survey
from shared.brief import Brief
from shared.deployment import Deployment, Deployments
from shared.story.asked import Asked
from shared.story.happened import happened
from shared.story.told import told

NOON = datetime(2026, 1, 31, 12)
ZONE = timezone(timedelta(hours=8))
TODAY = date(2026, 2, 20)
NONE = Deployments()


def brief(at: datetime | float | None = 0, label: str = "fox", **said: Any) -> Brief:
    """A sequence at a time, or so many minutes after noon."""
    when = NOON + timedelta(minutes=at) if isinstance(at, int | float) else at
    key = f"{when:%Y%m%dT%H%M%S%f}~a" if when else "undated~a"
    scores = {"fox": 0.9, "cat": 0.1} if label != "corrupt" else {}
    return Brief(**{
        "camera": "a", "sequence_id": key, "label": label, "scores": scores, "n_frames": 1, "seconds": 0.0,
    } | said)  # fmt: skip


def count(briefs: Iterable[Brief], deployments: Deployments = NONE, **asked: Any) -> dict[str, Any]:
    """What the page would read."""
    return told(happened(briefs, deployments, ZONE, Asked(**asked), today=TODAY))


def named(said: dict[str, Any]) -> dict[tuple[str, str, str], tuple[int, int]]:
    """Detections by names."""
    cameras, words = ([one["name"] for one in said[kind]] for kind in ("cameras", "words"))
    return {(cameras[at], day, words[what]): (many, few) for at, day, what, many, few in said["detections"]}


def events(said: dict[str, Any]) -> dict[str, int]:
    return {word["name"]: word["events"] for word in said["words"]}


WORDS = st.sampled_from(["fox", "cat", "blank", "unknown"])
BRIEFS = st.lists(
    st.builds(
        brief,
        at=st.one_of(st.none(), st.integers(0, 6_000)),
        label=WORDS,
        camera=st.sampled_from("ab"),
        said=st.lists(st.sampled_from(["fox", "cat", "empty"]), max_size=2, unique=True).map(tuple),
        complete=st.booleans(),
        seconds=st.integers(0, 3_000).map(float),
    ),
    max_size=40,
).map(lambda made: sorted(made, key=lambda one: (one.camera, one.sequence_id)))


def naive_words(one: Brief) -> list[str]:
    said = ["blank" if word == "empty" else word for word in one.said]
    return said if said and (said != ["blank"] or one.complete) else [one.label]


@given(BRIEFS, st.sampled_from([0, 10, 30, 200]))
def test_sequences_and_independent_events_are_those_of_a_plain_count(briefs: list[Brief], gap: int) -> None:
    want: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for camera in "ab":
        for word in ("fox", "cat", "blank", "unknown"):
            own = [one for one in briefs if one.camera == camera and one.start and word in naive_words(one)]
            for number, one in enumerate(own):
                assert one.start
                before = [other.start + timedelta(seconds=other.seconds) for other in own[:number] if other.start]
                want[camera, one.start.date().isoformat(), word][0] += 1
                if all(one.start - end > timedelta(minutes=gap) for end in before):
                    want[camera, one.start.date().isoformat(), word][1] += 1
    assert named(count(briefs, gap=timedelta(minutes=gap))) == {key: tuple(n) for key, n in want.items()}


@given(BRIEFS)
def test_every_chart_adds_up_to_the_same_sequences(briefs: list[Brief]) -> None:
    said = count(briefs)
    assert said["sequences"] == len(briefs) == sum(row["sequences"] for row in said["reviewed"])
    whole = sum(one.complete for one in briefs)
    assert sum(map(sum, said["confusion"]["counts"])) == whole == sum(one["n"] for one in said["by_probability"])
    by_hour = [[sum(pair[which] for pair in hours) for which in (0, 1)] for hours in said["hours"]]
    dated = [[word["sequences"], word["events"]] for word in said["words"]]
    assert [total or [0, 0] for total in by_hour] == dated
    undated = Counter(word for one in briefs if not one.start for word in naive_words(one))
    assert {word["name"]: word["undated"] for word in said["words"] if word["undated"]} == undated


@given(BRIEFS, st.integers(0, 100))
def test_a_threshold_does_what_labelling_again_would(briefs: list[Brief], step: int) -> None:
    of = count(briefs)["thresholds"].get("fox")
    likeliest = [one for one in briefs if one.label == "fox" or one.label in ("blank", "unknown")]
    given_it = [one for one in likeliest if step <= 90]
    if of is None:
        assert not likeliest
        return
    right = [one for one in given_it if one.complete and "fox" in one.said]
    wrong = [one for one in given_it if one.complete and "fox" not in one.said]
    assert (of["all"][step], of["right"][step], of["wrong"][step]) == (len(given_it), len(right), len(wrong))


def test_people_come_before_the_machine_unless_it_alone_is_asked() -> None:
    both = brief(said=("cat", "dog"))
    assert {word for _, _, word in named(count([both]))} == {"cat", "dog"}
    assert {word for _, _, word in named(count([both], machine=True))} == {"fox"}


def test_blank_said_of_some_frames_says_nothing_of_the_others() -> None:
    assert events(count([brief(said=("empty",))])) == {"fox": 1}
    assert events(count([brief(said=("Empty",), complete=True)])) == {"blank": 1}


def test_an_event_is_measured_from_the_end_of_the_last_sequence_and_equal_is_the_same() -> None:
    lasting = [brief(0, seconds=600.0), brief(40), brief(70)]
    assert events(count(lasting)) == {"fox": 1}
    assert events(count([*lasting, brief(100.1)])) == {"fox": 2}


def test_deployments_put_the_clock_right_and_another_one_begins_another_event() -> None:
    def stay(begin: datetime, end: datetime, place: str, hours: int) -> Deployment:
        where = {"deploymentID": place, "locationName": place, "latitude": "43", "longitude": "100"}
        begin, end = begin.replace(tzinfo=ZONE), end.replace(tzinfo=ZONE)
        return Deployment(camera="a", start=begin, end=end, columns=where, correction=timedelta(hours=hours))

    midnight = datetime(2026, 1, 31)
    stays = Deployments(
        [
            stay(midnight, NOON + timedelta(minutes=5), "ridge", 0),
            stay(NOON + timedelta(minutes=6), NOON + timedelta(days=3), "saddle", 0),
        ]
    )
    said = count([brief(0), brief(10)], stays)
    assert events(said) == {"fox": 2}
    assert [(place["name"], place["numbers"]) for place in said["places"]] == [
        ("ridge", [[0, 1, 1]]), ("saddle", [[0, 1, 1]]),
    ]  # fmt: skip
    assert said["cameras"][0] == {
        "name": "a", "nights": 4, "with_images": 1, "deployed": True, "spans": [["2026-01-31", "2026-02-03"]],
    }  # fmt: skip
    late = count([brief(0)], Deployments([stay(midnight, NOON + timedelta(days=9), "ridge", 13)]))
    assert [*named(late)] == [("a", "2026-02-01", "fox")]
    assert late["hours"][0][1] == [1, 1]


def test_a_camera_that_still_stands_has_stood_until_today() -> None:
    where = {"deploymentID": "d", "latitude": "43", "longitude": "100"}
    planned = datetime(2190, 1, 1, tzinfo=ZONE)
    stay = Deployment(camera="a", start=datetime(2026, 2, 18, tzinfo=ZONE), end=planned, columns=where)
    assert count([], Deployments([stay]))["cameras"][0]["spans"] == [["2026-02-18", "2026-02-20"]]


def test_without_deployments_a_camera_stood_from_its_first_image_to_its_last() -> None:
    briefs = [brief(0), brief(NOON + timedelta(days=9), "blank"), brief(NOON, camera="b")]
    said = count(briefs)
    assert [(one["nights"], one["with_images"], one["deployed"]) for one in said["cameras"]] == [
        (10, 2, False), (1, 1, False),
    ]  # fmt: skip
    assert said["nowhere"] == 3
    assert said["places"] == []


def test_a_period_cuts_numbers_and_effort_alike_and_leaves_out_what_has_no_date() -> None:
    briefs = [brief(NOON + timedelta(days=day)) for day in range(10)] + [brief(None)]
    said = count(briefs, first=date(2026, 2, 2), last=date(2026, 2, 4))
    assert (said["sequences"], said["cameras"][0]["nights"], said["words"][0]["undated"]) == (3, 3, 0)


def test_species_accumulate_and_what_is_no_species_does_not() -> None:
    days = ["fox", "blank", "Human", "cat", "unknown", "cat"]
    said = count([brief(NOON + timedelta(days=day), word) for day, word in enumerate(days)])
    words = [word["name"] for word in said["words"]]
    assert [(words[which], day, nights) for which, day, nights in said["accumulation"]["found"]] == [
        ("fox", "2026-01-31", 1), ("cat", "2026-02-03", 4),
    ]  # fmt: skip
    nights, last = said["accumulation"]["expected"][-1]
    assert (nights, last) == (6, 2)


def test_agreement_knows_several_species_and_who_was_likelier() -> None:
    briefs = [
        brief(0, said=("cat", "fox"), complete=True),
        brief(1, said=("cat", "dog"), complete=True),
        brief(2, "unknown", said=("cat",), complete=True),
        brief(3, "corrupt", said=("cat",), complete=True),
        brief(4, said=("cat",)),
    ]
    said = count(briefs)
    table = said["confusion"]
    assert table["labels"] == ["fox", "corrupt", "unknown"]
    assert table["people"] == ["fox", "cat", "several species"]
    assert table["counts"] == [[1, 0, 1], [0, 1, 0], [0, 1, 0]]
    assert said["thresholds"]["fox"]["right"][90] == 1
    assert said["by_probability"] == [
        {"low": 0.9, "high": 1.0, "n": 3, "right": 1, "interval": pytest.approx((0.0615, 0.7923), abs=1e-4)}
    ]


def test_a_class_that_is_never_likeliest_is_left_or_missed() -> None:
    cats = [brief(0, "unknown", said=("cat",), complete=True), brief(1, said=("cat",), complete=True)]
    likely = brief(2, "cat", scores={"fox": 0.2, "cat": 0.57})
    of = count([*cats, likely])["thresholds"]["cat"]
    assert (of["left"], of["missed"], of["all"][57], of["all"][58]) == (1, 1, 1, 0)


def test_of_nothing_there_is_nothing() -> None:
    said = count([])
    assert (said["sequences"], said["words"], said["cameras"], said["accumulation"]["expected"]) == (0, [], [], [])
    assert count([brief(None)])["words"][0]["undated"] == 1


def test_an_imagined_survey_is_the_same_each_time_and_is_json() -> None:
    said = count(survey.briefs(300), survey.deployments())
    assert said == count(survey.briefs(300), survey.deployments())
    assert json.loads(json.dumps(said))["sequences"] == 300
    assert said["nowhere"] == 0
