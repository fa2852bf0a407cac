"""What is news, what is the same sequence, and what others are told."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared.alert import (
    ATTEMPT,
    OVERDUE,
    PLACE_TOLD,
    RULES_TOLD,
    Alert,
    Errand,
    State,
    Turn,
    due,
    message,
    noted,
    overdue,
    overlap,
    turn,
)  # fmt: skip
from shared.deployment import Clocks, Deployment, Deployments
from shared.errors import BadMessage
from shared.frame import Frame
from shared.label import Stored, changes, labels
from shared.rule import Rule
from shared.sequence import Limits
from tests.unit.shared.making import NOON, FakeHead, seen

NOW = datetime(2026, 1, 31, 13, tzinfo=UTC)
EVERY = [Rule(name="any animal"), Rule(name="sure", at_least=0.95)]
FIRST, SECOND = FakeHead("head 1"), FakeHead("head 2")


def told(before: list[Frame], after: list[Frame], head: FakeHead = FIRST, limits: Limits | None = None) -> list[Alert]:
    """The alerts when a camera's frames, labelled by the first head, become others, labelled by a head."""
    stored = [Stored(one, "etag") for one in labels(before, Limits(), FIRST)]
    return due(EVERY, changes(labels(after, limits or Limits(), head), stored), stored, NOW, Clocks())


def test_a_new_sequence_is_told_with_what_a_ranger_asks() -> None:
    (alert,) = told([], [seen(0), seen(10)])
    assert json.loads(alert.message) == {
        "uncia": 1, "id": alert.id, "rules": ["any animal"], "camera": "cam", "sequence_id": seen(0).row_key,
        "place": None, "latitude": None, "longitude": None,
        "start": "2026-01-31T12:00:00+00:00", "end": "2026-01-31T12:00:10+00:00",
        "label": "leopard", "probability": 0.9,
        "n_frames": 2, "head": "head 1", "noticed_at": "2026-01-31T13:00:00+00:00",
    }  # fmt: skip
    assert (alert.state, alert.first) == (State.PENDING, seen(0).row_key)
    assert alert.last > seen(10).row_key


def test_the_page_shows_all_that_a_message_has() -> None:
    page = (Path(__file__).parents[3] / "docs" / "alerts.md").read_text("utf-8")
    (alert,) = told([], [seen(0)])
    assert json.loads(page.partition("```json\n")[2].partition("```")[0]).keys() == json.loads(alert.message).keys()


def test_every_rule_that_asks_is_named_in_one_message() -> None:
    (alert,) = told([], [seen(0, 0.96)])
    assert json.loads(alert.message)["rules"] == ["any animal", "sure"]


def test_a_message_goes_onto_a_queue_whatever_names_there_are() -> None:
    camera, start = "\N{SNOWFLAKE}" * 1_024, datetime(2026, 1, 1, tzinfo=UTC)
    said_of_it = {"deploymentID": "d", "latitude": "1", "longitude": "2", "locationName": "\N{LEOPARD}" * 15_000}
    stands = Deployment(camera=camera, start=start, end=start.replace(year=2027), columns=said_of_it)
    (label,) = labels([replace(seen(0), camera=camera)], Limits(), FIRST)
    rules = [f"{number:03}" + "\N{LEOPARD}" * 197 for number in range(100)]
    said = message("0" * 32, label, rules, NOW, Clocks(Deployments([stands])))
    assert len(base64.b64encode(said.encode())) < 48 * 1024
    assert json.loads(said)["rules"] == rules[:RULES_TOLD]
    assert json.loads(said)["place"] == "\N{LEOPARD}" * PLACE_TOLD


def test_without_rules_nothing_is_told() -> None:
    assert due([], changes(labels([seen(0)], Limits(), FIRST), []), [], NOW, Clocks()) == []


def test_a_frame_that_makes_a_sequence_a_leopards_is_news() -> None:
    assert [one.label for one in told([seen(0, 0.1)], [seen(0, 0.1), seen(10, 0.99), seen(20, 0.99)])] == ["leopard"]


@pytest.mark.parametrize(
    ("after", "limits"),
    [
        ([seen(0, 0.1), seen(50, 0.1)], Limits()),
        ([seen(0, 0.1), seen(50, 0.1)], Limits(timedelta(seconds=10))),
        ([seen(50, 0.1)], Limits()),
    ],
    ids=["re-labelled", "other limits", "the first frame deleted"],
)
def test_what_only_a_head_limits_or_a_deletion_changed_is_no_news(after: list[Frame], limits: Limits) -> None:
    before = [seen(0, 0.1), seen(50, 0.1)]  # the second head turns scores round: these are leopards then
    turned = [replace(one, scores={"blank": 0.1, "leopard": 0.9}, head="head 2") for one in after]
    assert labels(turned, limits, SECOND)[0].label == "leopard"
    assert told(before, turned, SECOND, limits) == []


def alert(first: int, last: int, label: str = "leopard", **said: object) -> Alert:
    made = Alert(
        camera="cam", label=label, sequence_id=f"{first:03}", first=f"{first:03}", last=f"{last:03}", message="{}",
        state=State.PENDING, since=NOW,
    )  # fmt: skip
    return replace(made, **said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [((1, 5), (5, 9), True), ((1, 5), (6, 9), False), ((1, 9), (3, 4), True), ((5, 9), (1, 5), True)],
)
def test_alerts_of_one_class_that_overlap_are_of_one_sequence(
    one: tuple[int, int], other: tuple[int, int], same: bool
) -> None:
    assert overlap(alert(*one), alert(*other)) is same
    assert not overlap(alert(*one), alert(*other, "wolf"))


def test_the_first_known_alert_stands_and_covers_what_it_stands_for() -> None:
    new, known = alert(4, 9), [alert(8, 8), alert(1, 5, state=State.SENT)]
    assert noted(new, []) == new
    assert noted(new, known) == alert(1, 9, state=State.SENT)
    assert noted(alert(2, 3), known[1:]) == known[1]


def test_an_alert_has_one_name_whoever_finds_it() -> None:
    assert alert(1, 5).id == alert(1, 9, state=State.SENT, message="[]").id
    others = [alert(2, 5), alert(1, 5, "wolf"), alert(1, 5, camera="cam 2")]
    assert len({one.id for one in (alert(1, 5), *others)}) == 4


def test_only_what_waits_long_is_sent_by_somebody_else() -> None:
    assert overdue(alert(1, 5), NOW + OVERDUE + timedelta(seconds=1))
    assert not overdue(alert(1, 5), NOW + OVERDUE)
    assert overdue(alert(1, 5, state=State.SENDING), NOW + OVERDUE + timedelta(seconds=1))
    assert not overdue(alert(1, 5, state=State.QUEUED), NOW + 2 * OVERDUE)


@pytest.mark.parametrize(
    ("state", "after", "whose"),
    [
        (State.PENDING, 0, Turn.POST), (State.QUEUED, 0, Turn.POST), (State.SENT, 0, Turn.NOTHING),
        (State.TRYING, 0, Turn.WAIT), (State.TRYING, 0.99, Turn.WAIT), (State.TRYING, 1, Turn.POST),
    ],
)  # fmt: skip
def test_one_at_a_time_tells_the_webhook(state: State, after: float, whose: Turn) -> None:
    assert turn(alert(1, 5, state=state), hooked=True, now=NOW + after * ATTEMPT) is whose


def test_there_is_nothing_to_do_for_an_alert_that_is_gone_or_without_a_webhook() -> None:
    assert turn(None, hooked=True, now=NOW) is Turn.NOTHING
    assert turn(alert(1, 5), hooked=False, now=NOW) is Turn.NOTHING


def test_an_errand_comes_back_from_its_message() -> None:
    assert Errand.decode(Errand("Кам #1", "k").encode().encode()) == Errand("Кам #1", "k")


STRANGE = ["a/b", "\0", "a" * 513, "\ud800", "?", "=", 1, None]


@pytest.mark.parametrize("key", STRANGE)
def test_a_key_that_no_alert_has_is_not_looked_up(key: object) -> None:
    with pytest.raises(BadMessage, match=r"^the message names no alert: "):
        Errand.decode(json.dumps({"camera": "cam", "alert": key}).encode())


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"camera": 1, "alert": "k"}', b"[" * 100_000, b"\xff"])
def test_a_message_that_names_no_alert_is_told_so(body: bytes) -> None:
    with pytest.raises(BadMessage, match=r"^the message names no alert: "):
        Errand.decode(body)


def test_an_undated_frame_covers_itself() -> None:
    rules = [Rule(name="old too", newer_than=timedelta())]
    change = changes(labels([seen(None)], Limits(), FIRST), [])
    (only,) = due(rules, change, [], NOW, Clocks())
    assert only.first == only.last == seen(None).row_key
    assert json.loads(only.message)["start"] is None
    assert NOON.isoformat() not in only.message
