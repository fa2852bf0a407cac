"""A picture in, a message at a webhook: the real function app, the real runtime, real storage."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cli import backbones, pictures, stack, storage, uploading
from functions import relabel
from shared.alert import State
from shared.head import Head
from shared.settings import Settings
from shared.webhook import signature
from tests.hooks import Hook, hook

from .conftest import COLOURS, photograph
from .test_pipeline import until_at_rest

RULES = '[[rule]]\nname = "red ones"\nclasses = ["red"]\nat_least = 0.5\n'


@dataclass
class Site:
    """A running stack with a webhook beside it."""

    running: stack.Stack
    hook: Hook
    card: Path

    def upload(self, colour: str, ago: timedelta, seed: int) -> None:
        at = datetime.now(UTC).replace(tzinfo=None) - ago
        file = self.card / "Кам #1" / f"{colour}_{seed}.jpg"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(photograph(COLOURS[colour], at, seed))
        uploading.send(pictures.below(self.card), storage.images(self.running.storage), lambda: None)

    def states(self) -> list[State]:
        return [one.state for one in storage.outbox(self.running.storage).all()]


@pytest.fixture(scope="module")
def site(head: Path, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    recipe = backbones.chosen(settings, Head(head.read_bytes()))
    home = tmp_path_factory.mktemp("alerts")
    with hook() as there:
        said = {"UNCIA_ALERT_URL": there.url, "UNCIA_ALERT_SECRET": "hush"}
        with stack.started(home / "data", backbones.environment(settings, recipe) | said) as (running, _):
            storage.heads(running.storage).publish(head.read_bytes())
            storage.rulebook(running.storage).write(RULES, "")
            yield Site(running, there, home / "card")


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_ranger_hears_once_and_nobody_else_of_it(site: Site, another_head: Path) -> None:
    site.upload("red", timedelta(minutes=10), seed=1)
    site.upload("blue", timedelta(minutes=20), seed=2)
    site.upload("red", timedelta(days=9), seed=3)  # from an archive
    until_at_rest(site.running)
    (taken,) = site.hook.taken
    said = json.loads(taken.body)
    assert (said["camera"], said["label"], said["rules"]) == ("Кам #1", "red", ["red ones"])
    at = datetime.fromtimestamp(int(taken.headers["uncia-signature"].partition(",")[0].removeprefix("t=")), UTC)
    assert taken.headers["uncia-signature"] == signature("hush", taken.body, at)
    (theirs,) = storage.queue(site.running.storage, "alerts").receive_messages()
    assert json.loads(theirs.content) == said
    site.upload("red", timedelta(minutes=10) - timedelta(seconds=20), seed=4)  # the same sequence goes on
    until_at_rest(site.running)
    storage.heads(site.running.storage).publish(another_head.read_bytes())
    version = Head(another_head.read_bytes()).version
    tables, queue = storage.store(site.running.storage), storage.sequences(site.running.storage)
    assert relabel.run(store=tables, sequences=queue, head=version, now=storage.clock(site.running.storage))
    until(lambda: {one.head for one in tables.all_labels()} == {version})
    until_at_rest(site.running)
    assert len(site.hook.taken) == 1
    assert site.states() == [State.SENT]
