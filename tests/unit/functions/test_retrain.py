"""A new head becomes current where it is better, is kept where it is not, and is the same when asked for twice."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import onnx
import pytest
from azure.core.exceptions import ResourceNotFoundError
from onnx import numpy_helper

from functions import retrain
from shared.errors import BadMessage, Overtaken, UnciaError
from shared.head import Head
from shared.heads import Heads
from shared.retraining import Retraining
from tests.memory import MemoryContainer, MemoryStore
from tests.unit.shared.making import head
from tests.unit.training.judging import RECIPE, judged
from training import challenge
from training.outcome import Outcome


class Stack:
    """Storage in memory, and which heads were asked to label everything again."""

    def __init__(self) -> None:
        self.store, self.blobs, self.relabelled = MemoryStore(), MemoryContainer(), []
        self.heads: Any = Heads(self.blobs)  # type: ignore[arg-type]

    def asks(self, **said: str) -> Outcome:
        body = Retraining(**said).encode().encode()
        again: Any = lambda head: self.relabelled.append(head)  # noqa: E731
        retrain.run(body, store=self.store, heads=self.heads, recipe=lambda: RECIPE, relabel=again)  # type: ignore[arg-type]
        newest = max(self.heads.reports().items(), key=lambda one: one[1])[0]
        return Outcome.of_json(self.heads.report(newest))


@pytest.fixture
def stack() -> Stack:
    made = Stack()
    judged(made.store, bursts=12)
    return made


def test_the_first_head_becomes_current_and_everything_is_labelled_again(stack: Stack) -> None:
    outcome = stack.asks(by="Ana", request="1")
    assert (outcome.becomes_current, outcome.champion, outcome.by, outcome.request) == (True, "", "Ana", "1")
    assert stack.heads.latest().version == outcome.head
    assert stack.relabelled == [outcome.head]
    assert f"# Head {outcome.head}" in stack.blobs.blobs[f"reports/{outcome.head}.md"]


def test_a_better_head_takes_over(stack: Stack) -> None:
    stack.heads.publish(head("sha"))  # it looks at what says nothing
    outcome = stack.asks()
    assert outcome.becomes_current
    assert outcome.contest is not None
    assert outcome.contest.lead > 0
    assert stack.heads.latest().version == outcome.head


def test_a_worse_head_is_kept_as_a_candidate(stack: Stack) -> None:
    champion = stack.asks().head
    judged(stack.store, "ijkl", blur=3.0)
    outcome = stack.asks()
    assert outcome.contest is not None
    assert outcome.contest.lead <= 0
    assert not outcome.becomes_current
    assert stack.heads.latest().version == champion
    assert stack.relabelled == [champion]
    assert Head(stack.blobs.blobs[f"heads/{outcome.head}.onnx"]).version == outcome.head != champion


def test_the_same_request_delivered_twice_gives_the_same_head_and_answer(stack: Stack) -> None:
    first = stack.asks(request="1")
    kept = dict(stack.blobs.blobs)
    assert stack.asks(request="1") == first
    assert stack.blobs.blobs == kept


def test_cut_off_before_the_head_was_current_the_next_attempt_publishes_it(stack: Stack) -> None:
    first = stack.asks(request="1")
    del stack.blobs.blobs["current.json"]
    assert stack.asks(request="1") == first
    assert stack.heads.latest().version == first.head


def test_cut_off_before_everything_was_asked_for_the_next_attempt_asks(stack: Stack) -> None:
    first = stack.asks()
    stack.relabelled.clear()
    stack.asks()
    assert stack.relabelled == [first.head]


def test_rules_and_aim_are_those_of_the_current_head_unless_given(stack: Stack) -> None:
    stack.asks(classes="cat=leopard,other=*", aim="recall=0.9")
    assert stack.heads.latest().classes == ("cat", "other")
    outcome = stack.asks()
    assert (outcome.rules, outcome.aim) == ("cat=leopard,other=*", "recall=0.9")
    assert stack.asks(aim="precision=0.8").measure == "recall at precision 0.8"


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b'"x"', b"{", b'{"classes": 1}', b'{"by": "a\\u0000"}', b'{"frame": ""}', b"\xff", b"[" * 100_000],
)
def test_a_message_that_is_not_ours_is_refused(stack: Stack, body: bytes) -> None:
    with pytest.raises(BadMessage, match=r"^the message is no request to retrain: "):
        retrain.run(body, store=stack.store, heads=stack.heads, recipe=lambda: RECIPE, relabel=print)  # type: ignore[arg-type]
    assert stack.blobs.blobs == {}


def test_a_head_that_is_published_during_a_retraining_is_not_replaced_unseen(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    fitted, theirs = challenge.challenger, head("sha")

    def overtaken(*said: Any) -> Any:
        made = fitted(*said)
        stack.heads.publish(theirs)
        return made

    monkeypatch.setattr(challenge, "challenger", overtaken)
    with pytest.raises(Overtaken, match=r"^the current head was none and is [0-9a-f]{12} now$"):
        stack.asks()
    assert stack.heads.latest().version == Head(theirs).version
    assert (stack.heads.reports(), stack.relabelled) == ({}, [])
    monkeypatch.undo()
    assert stack.asks().champion == Head(theirs).version


@pytest.mark.parametrize("report", ["", "{}", "[]", "null", "nonsense", '{"head": "of a later version"}'])
def test_a_report_that_this_version_cannot_read_is_written_anew(stack: Stack, report: str) -> None:
    first = stack.asks()
    stack.blobs.blobs[f"reports/{first.head}.json"] = report
    assert stack.asks().reason == "These verdicts gave the head that is current already."


def test_a_champion_that_takes_another_number_of_features_is_no_reason_to_fail(stack: Stack) -> None:
    model = onnx.load_from_string(head("sha", n_features=3))
    model.graph.input[0].type.tensor_type.shape.dim[1].dim_value = 3
    model.graph.initializer[0].CopyFrom(numpy_helper.from_array(np.eye(3, 2, dtype=np.float32), "w"))
    stack.heads.publish(model.SerializeToString())
    outcome = stack.asks()
    assert (outcome.becomes_current, outcome.contest) == (False, None)
    assert "features of another backbone or crop" in outcome.reason


def test_with_one_class_nothing_is_written(stack: Stack) -> None:
    with pytest.raises(UnciaError, match="at least two classes, the verdicts have cat"):
        stack.asks(classes="cat=leopard")
    assert stack.blobs.blobs == {}


def test_a_head_that_is_gone_is_no_reason_to_start_anew(stack: Stack) -> None:
    version = stack.asks().head
    del stack.blobs.blobs[f"heads/{version}.onnx"]
    stack.heads = Heads(stack.blobs)  # type: ignore[arg-type]
    with pytest.raises(ResourceNotFoundError):
        stack.asks()


def test_a_report_is_json_that_says_who_asked(stack: Stack) -> None:
    outcome = stack.asks(by="Ana")
    said = json.loads(stack.blobs.blobs[f"reports/{outcome.head}.json"])
    assert (said["by"], said["head"], said["images_by_class"]) == ("Ana", outcome.head, dict(outcome.images_by_class))
