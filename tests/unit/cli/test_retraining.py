"""`uncia retrain` and `uncia heads`: what is asked for, what is told, and what is told before anything is sent."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from functions import retrain
from shared.attempt import tried
from shared.errors import UnciaError
from shared.failure import buried
from shared.heads import Heads
from shared.message import key_of
from tests.memory import MemoryContainer, MemoryFailures, MemoryQueue, MemoryStore
from tests.unit.shared.making import head
from tests.unit.training.judging import RECIPE, SAID_AT, judged

from .conftest import Answer


class Host(MemoryQueue):
    """A queue whose messages the step answers at once, or gives up."""

    def __init__(self, store: MemoryStore, blobs: MemoryContainer) -> None:
        super().__init__()
        self.store, self.blobs, self.works = store, blobs, True
        self.failures = MemoryFailures()

    def send_message(self, text: str, *, visibility_timeout: int = 0) -> None:
        super().send_message(text)
        tables: Any = self.store
        heads = Heads(self.blobs)  # type: ignore[arg-type]
        if self.works:
            retrain.run(text.encode(), store=tables, heads=heads, recipe=lambda: RECIPE, relabel=lambda head: None)
        else:
            known = tried(None, "retrain", key_of(text.encode()), UnciaError("two classes"), SAID_AT)
            self.failures.bury(buried("retrain", text, SAID_AT, known, None, SAID_AT))


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch, desk: Path) -> Host:
    made = Host(MemoryStore(), MemoryContainer())
    monkeypatch.setattr("cli.storage.found", lambda data: {})
    monkeypatch.setattr("cli.storage.store", lambda connection: made.store)
    monkeypatch.setattr("cli.storage.failures", lambda connection: made.failures)
    monkeypatch.setattr("cli.storage.heads", lambda connection: Heads(made.blobs))  # type: ignore[arg-type]
    monkeypatch.setattr("cli.storage.queue", lambda connection, name: made)
    judged(made.store, bursts=12)
    return made


def test_the_outcome_is_told_when_it_is_there(host: Host, uncia: Callable[..., Answer]) -> None:
    answer = uncia("retrain", "--by", "Ana")
    assert answer[:2] == (0, "There was no head to compare with.\n")
    (row,) = json.loads(uncia("heads", "--json").out)
    assert answer.err == f"head {row['head']} is current\n"
    assert (row["state"], row["report"]) == ("current", "There was no head to compare with.")


def test_heads_are_listed_with_what_became_of_them(host: Host, uncia: Callable[..., Answer]) -> None:
    Heads(host.blobs).publish(head("sha"))  # type: ignore[arg-type]
    uncia("retrain")
    judged(host.store, "ijkl", blur=3.0)
    assert "is kept as a candidate" in uncia("retrain").err
    rows = json.loads(uncia("heads", "--json").out)
    assert [row["state"] for row in rows] == ["candidate", "current", "earlier"]
    assert [row["report"].partition(".")[0] for row in rows] == [
        "It is not better than the champion", "It is better than the champion", "",
    ]  # fmt: skip
    assert [line.split()[0] for line in uncia("heads").out.splitlines()[1:]] == [row["head"] for row in rows]


def test_the_same_verdicts_again_are_answered_too(host: Host, uncia: Callable[..., Answer]) -> None:
    assert uncia("retrain").out == uncia("retrain").out
    assert len(host.sent) == 2


def test_without_waiting_the_request_is_only_sent(host: Host, uncia: Callable[..., Answer]) -> None:
    host.works = False
    answer = uncia("retrain", "--no-wait", "--classes", "cat=leopard,other=*", "--aim", "recall=0.9", "--by", "Ana")
    assert (answer.code, answer.out) == (0, "")
    ((sent, _),) = host.sent
    told = json.loads(sent)
    assert (told["classes"], told["aim"], told["by"]) == ("cat=leopard,other=*", "recall=0.9", "Ana")


def test_ctrl_c_ends_the_waiting_and_says_that_the_work_goes_on(
    host: Host, uncia: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("cli.retraining.answer", interrupted)
    answer = uncia("retrain")
    assert answer[:2] == (130, "")
    assert answer.err == "What was asked for goes on without this command; `uncia heads` will say what came of it.\n"
    assert len(host.sent) == 1


def test_a_stack_that_gave_up_is_told_of(host: Host, uncia: Callable[..., Answer]) -> None:
    host.works = False
    answer = uncia("retrain")
    assert answer == (1, "", "uncia: the stack could not retrain: two classes\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--classes", "cat"], "--classes: 'cat' is not of the form"),
        (["--aim", "speed=1"], "--aim 'speed=1': say recall=0.95 or precision=0.95"),
        (["--classes", "cat=leopard"], "a head needs at least two classes, the verdicts have cat: `uncia verdicts"),
        (["--by", "a\nb"], "the name of who asks is 'a\\nb'"),
    ],
)
def test_what_cannot_be_done_is_told_before_it_is_sent(
    host: Host, uncia: Callable[..., Answer], arguments: list[str], sentence: str
) -> None:
    answer = uncia("retrain", *arguments)
    assert answer.err.startswith(f"uncia: {sentence}")
    assert host.sent == []
