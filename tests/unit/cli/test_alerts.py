"""`uncia alerts`: rules in, rules out, what they would have done, and what was done."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.alert import Alert, State, due
from shared.deployment import Clocks
from shared.label import Changes, labels
from shared.rule import TEMPLATE, Rule
from shared.rulebook import Rulebook
from shared.sequence import Limits
from tests.hooks import Hook, hook
from tests.memory import MemoryContainer, MemoryOutbox, MemoryStore
from tests.unit.shared.making import FakeHead, seen

from .conftest import Answer

NOW = datetime.now(UTC).replace(microsecond=0)
HERE = NOW.replace(tzinfo=None)
LEOPARDS = '[[rule]]\nname = "leopards"\nclasses = ["leopard"]\ncameras = ["Ridge *"]\n'

type Uncia = Callable[..., Answer]


class Kept:
    """What the stack holds."""

    def __init__(self) -> None:
        self.container: Any = MemoryContainer()
        self.outbox, self.tables = MemoryOutbox(), MemoryStore()

    def label(self, camera: str, ago: timedelta, leopard: float = 0.9) -> None:
        made = labels([seen(HERE - ago, leopard, camera=camera)], Limits(), FakeHead())
        self.tables.apply(Changes(tuple(made), (), ()), NOW)


@pytest.fixture
def kept(desk: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    made = Kept()
    monkeypatch.setattr("cli.storage.found", lambda data: {})
    monkeypatch.setattr("cli.storage.rulebook", lambda connection: Rulebook(made.container))
    monkeypatch.setattr("cli.storage.outbox", lambda connection: made.outbox)
    monkeypatch.setattr("cli.storage.store", lambda connection: made.tables)
    desk.joinpath("leopards.toml").write_text(LEOPARDS, "utf-8")
    return made


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hook]:
    with hook() as made:
        monkeypatch.setenv("UNCIA_ALERT_URL", made.url)
        yield made


def test_the_template_can_be_set_and_shown(uncia: Uncia, kept: Kept, desk: Path) -> None:
    desk.joinpath("mine.toml").write_text(uncia("alerts", "template").out, "utf-8")
    assert uncia("alerts", "set", "mine.toml").err == "1 rule in force: Snow leopard\n"
    assert uncia("alerts", "show").out == TEMPLATE


def test_without_rules_a_person_is_told_how_to_begin(uncia: Uncia, kept: Kept) -> None:
    assert uncia("alerts", "show") == Answer(
        0, "", "no rules are in force: `uncia alerts template` shows some\n"
    )  # fmt: skip


def test_rules_can_be_replaced_by_none_even_where_nobody_understands_those_before(
    uncia: Uncia, kept: Kept, desk: Path
) -> None:
    kept.container.upload_blob("alerts.toml", b"\xff", overwrite=True)
    assert uncia("alerts", "show").err.startswith("uncia: the rules are no text in UTF-8: ")
    assert uncia("alerts", "set", "nothing.csv").err == "0 rules in force: none\n"
    assert kept.container.blobs["alerts.toml"] == b""


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("no.toml", "uncia: no such file or directory: no.toml\n"),
        ("tiny.onnx", "uncia: tiny.onnx is no text in UTF-8\n"),
        ("two clocks.csv", "uncia: the rules are not TOML: "),
    ],
)
def test_a_file_that_holds_no_rules_is_refused_and_nothing_is_changed(
    uncia: Uncia, kept: Kept, name: str, sentence: str
) -> None:
    answer = uncia("alerts", "set", name)
    assert (answer.code, kept.container.blobs) == (1, {})
    assert answer.err.startswith(sentence)


def test_what_would_have_alerted_is_shown_the_latest_first(uncia: Uncia, kept: Kept) -> None:
    kept.label("Ridge 1", timedelta(days=6))
    kept.label("Ridge 2", timedelta(hours=1))
    kept.label("Ridge 3", timedelta(days=8))
    kept.label("Ridge 4", timedelta(hours=1), leopard=0.1)
    kept.label("Pass", timedelta(hours=1))
    answer = uncia("alerts", "test", "leopards.toml")
    assert [line[:7] for line in answer.out.splitlines()[1:]] == ["Ridge 2", "Ridge 1"]
    assert answer.err == "2 sequences would have alerted\n"
    assert uncia("alerts", "test", "leopards.toml", "--days", 30).err.startswith("3 ")
    assert kept.outbox.sent == []


def test_without_a_file_the_rules_in_force_are_tried(uncia: Uncia, kept: Kept) -> None:
    kept.label("Ridge 2", timedelta(hours=1))
    assert uncia("alerts", "test").err.startswith("0 ")
    uncia("alerts", "set", "leopards.toml")
    assert uncia("alerts", "test").err.startswith("1 ")


def test_a_test_message_is_posted_and_marked_as_one(uncia: Uncia, kept: Kept, there: Hook) -> None:
    answer = uncia("alerts", "test", "--send")
    assert answer == Answer(0, "", "the webhook took it, unsigned: UNCIA_ALERT_SECRET is not set\n")
    said = json.loads(there.taken[0].body)
    assert (said["id"], said["rules"], said["label"]) == ("test", ["test"], "test")


def test_a_webhook_that_does_not_take_it_is_one_sentence(uncia: Uncia, kept: Kept, there: Hook) -> None:
    there.answers.append(b"HTTP/1.1 401 No\r\n\r\n")
    assert uncia("alerts", "test", "--send") == Answer(1, "", "uncia: the webhook answered 401\n")


def test_without_a_webhook_nothing_can_be_posted(uncia: Uncia, kept: Kept) -> None:
    assert uncia("alerts", "test", "--send").err.startswith("uncia: there is no webhook: set UNCIA_ALERT_URL")


def test_what_was_alerted_is_listed_the_latest_first(uncia: Uncia, kept: Kept) -> None:
    for number, state in enumerate((State.SENT, State.TRYING)):
        (one,) = alerts(f"Ridge {number}\x1b[31m", NOW + timedelta(minutes=number))
        kept.outbox.note(one, kept.outbox.turn(one.camera))
        kept.outbox.mark(next(a for a in kept.outbox.all() if a.camera == one.camera), state, NOW)
    lines = uncia("alerts", "list").out.splitlines()
    assert [line.strip().rpartition("  ")[2] for line in lines[1:]] == ["the webhook has not taken it yet", "sent"]
    assert "Ridge 1�[31m" in lines[1]
    assert [json.loads(line)["camera"][:7] for line in uncia("alerts", "list", "--json").out.splitlines()] == [
        "Ridge 1", "Ridge 0",
    ]  # fmt: skip


def alerts(camera: str, now: datetime) -> list[Alert]:
    made = labels([seen(HERE, camera=camera)], Limits(), FakeHead())
    return due([Rule(name="any")], Changes(tuple(made), (), ()), [], now, Clocks())
