"""What a person sees of failures, and what becomes of those that are sent again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from cli import doctor
from shared.attempt import tried
from shared.day import Ask
from shared.errors import BadMessage, UnciaError
from shared.failure import NO_REASON, NOT_OURS, Failure, buried
from shared.message import POISON, key_of
from tests.memory import MemoryQueue
from tests.unit.functions.test_bury import Images
from tests.unit.shared.test_message import announced

from .conftest import Answer
from .stored import NOW, Site

type Uncia = Callable[..., Answer]
DAY = Ask("Ridge 1", "20260131").encode()


@dataclass
class Given:
    """What the host gave up on, and where it would go again."""

    site: Site
    images: Images = field(default_factory=lambda: Images("here.jpg"))
    queues: dict[str, MemoryQueue] = field(default_factory=dict)

    def queue(self, connection: object, name: str) -> MemoryQueue:
        return self.queues.setdefault(name, MemoryQueue())

    def up(self, queue: str, content: str, error: Exception | None = None, sent_again: int = 0) -> Failure:
        key = key_of(content.encode())
        known = tried(None, queue, key, error, NOW - timedelta(minutes=3)) if error else None
        one = buried(queue, content, NOW, known, None, NOW)
        self.site.failures.bury(one)
        return one


@pytest.fixture
def given(site: Site, monkeypatch: pytest.MonkeyPatch) -> Given:
    made = Given(site)
    monkeypatch.setattr("shared.connect.plain", made.queue)
    monkeypatch.setattr("cli.storage.images", lambda connection: made.images)
    return made


def image(name: str) -> str:
    return announced(BlobName=name).decode()


def test_failures_are_shown_with_what_why_when_and_what_is_next(given: Given, uncia: Uncia) -> None:
    given.up("sequences", DAY, OSError("down"))
    given.up("frames", "hello", BadMessage("the message is no frame: x\x1b"))
    given.up("images", image("a.jpg"))
    answer = uncia("failures")
    rows = [tuple(re.split("  +", line.strip()))[1:] for line in answer.out.splitlines()]
    early, at = "2026-02-01 07:57", "2026-02-01 08:00"
    alone = "sent again by itself at 2026-02-01 08:10"
    assert rows[0] == ("what", "why", "first (UTC)", "last (UTC)", "attempts", "next")
    assert {*rows[1:]} == {
        ('camera-day "Ridge 1", 31 January 2026', "OSError: down", early, early, "1", alone),
        (NOT_OURS, "the message is no frame: x�", early, early, "1", "waits for you"),
        ('image "a.jpg"', NO_REASON, at, at, alone),
    }
    told = "3 failures, 2 sent again by themselves, 1 waiting for you: mend the reason, then `uncia redrive`\n"
    assert answer.err == told


def test_failures_of_a_queue_are_listed_as_json(given: Given, uncia: Uncia) -> None:
    one = given.up("sequences", DAY, OSError("down"))
    given.up("frames", "hello")
    (row,) = json.loads(uncia("failures", "sequences", "--json").out)
    assert row == {
        "id": one.key, "queue": "sequences", "what": one.what, "why": "OSError: down", "attempts": 1, "sent_again": 0,
        "first_at": "2026-02-01T07:57:00+00:00", "last_at": "2026-02-01T07:57:00+00:00",
        "buried_at": "2026-02-01T08:00:00+00:00", "due": "2026-02-01T08:10:00+00:00",
    }  # fmt: skip


def test_what_is_not_listed_yet_is_counted(given: Given, uncia: Uncia) -> None:
    given.queue({}, POISON["frames"]).send_message("x")
    assert uncia("failures") == (0, "", "0 failures, 1 more that the stack will list within a minute, if it runs\n")


def test_one_is_sent_again_by_its_short_id(given: Given, uncia: Uncia) -> None:
    one = given.up("sequences", DAY)
    other = given.up("frames", "hello")
    answer = uncia("redrive", one.key[:8])
    assert answer == (0, "", "1 failure sent again; what fails again is listed again\n")
    assert [text for text, _ in given.queues["sequences"].sent] == [DAY]
    assert [left.key for left in given.site.failures.all()] == [other.key]
    assert given.site.failures.attempts("sequences", one.key).sent_again == 0


def test_a_queue_is_sent_again_and_what_is_gone_is_told(given: Given, uncia: Uncia) -> None:
    for name in ("here.jpg", "gone.jpg"):
        given.up("images", image(name))
    given.up("images", "hello")
    given.up("sequences", DAY)
    answer = uncia("redrive", "--queue", "images")
    assert answer.err == (
        "1 failure sent again; what fails again is listed again\n1 image gone since: no failure any more\n"
        "1 cannot be sent again: `uncia failures` says why, and --drop ID deletes one\n"
    )
    assert given.images.announced == ["here.jpg"]
    assert sorted(one.queue for one in given.site.failures.all()) == ["images", "sequences"]


def test_all_are_sent_again(given: Given, uncia: Uncia) -> None:
    for number in range(3):
        given.up("frames", f"{number}!")
    given.up("sequences", DAY)
    assert uncia("redrive", "--all").err.startswith("4 failures sent again")
    assert [*given.site.failures.all()] == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["redrive"], "say what to send again: an ID from `uncia failures`, --queue QUEUE, or --all"),
        (["redrive", "1f", "--all"], "say what to send again"),
        (["redrive", "zz"], "no failure is called 'zz': `uncia failures` lists them"),
        (["redrive", "--queue", "frame"], "'frame' is none of images, frames, sequences, retrain, notify"),
        (["failures", "frame"], "'frame' is none of"),
        (["failures", "--drop", "zz"], "no failure is called 'zz'"),
    ],
)
def test_a_mistake_is_one_sentence(given: Given, uncia: Uncia, arguments: list[str], sentence: str) -> None:
    answer = uncia(*arguments)
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith(f"uncia: {sentence}")


def test_an_id_of_several_is_refused_and_the_same_bytes_on_two_queues_are_both_meant(
    given: Given, uncia: Uncia
) -> None:
    bodies = {key_of(b"%d" % number)[0]: f"{number}" for number in range(40)}
    for text in bodies.values():
        given.up("frames", text)
    one = given.up("frames", next(f"{n}" for n in range(40, 99) if key_of(b"%d" % n)[0] in bodies))
    assert uncia("redrive", one.key[0]).err.startswith(f"uncia: 2 failures begin with '{one.key[0]}'")
    given.up("sequences", one.body.decode())
    assert uncia("redrive", one.key).err.startswith("2 failures sent again")


def test_a_failure_is_dropped_for_good_after_asking(
    given: Given, uncia: Uncia, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = given.up("frames", "hello")
    monkeypatch.setattr("typer.confirm", lambda text, err: False)
    assert uncia("failures", "--drop", one.key[:8]).code == 1
    assert len([*given.site.failures.all()]) == 1
    answer = uncia("failures", "--drop", one.key[:8], "--yes")
    assert answer == (0, "", f"{NOT_OURS}\n1 failure deleted\n")
    assert [*given.site.failures.all()] == []


def test_ctrl_c_says_how_many_were_sent(given: Given, uncia: Uncia, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    given.up("sequences", DAY)
    monkeypatch.setattr("cli.storage.redriven", interrupted)
    assert uncia("redrive", "--all") == (130, "", "0 of 1 sent again; run again, it sends the rest.\n")


def test_the_doctor_minds_only_what_waits_for_a_person(given: Given) -> None:
    assert doctor.none_of([]) == "none"
    alone = given.up("sequences", DAY)
    assert doctor.none_of([alone]) == "1 failure, sent again by themselves"
    with pytest.raises(UnciaError, match="1 failure waiting for you: `uncia failures` says why"):
        doctor.none_of([alone, given.up("frames", "hello")])
