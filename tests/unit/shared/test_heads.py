"""One head is current; a new one is noticed within half a minute."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from azure.core.exceptions import ResourceNotFoundError

from shared.errors import HeadRefused
from shared.head import Head
from shared.heads import FRESH_SECONDS, Heads
from tests.unit.shared.making import head

ONE, TWO = head("one"), head("two")


class Container:
    """Blobs by name, and the names that were read."""

    def __init__(self) -> None:
        self.blobs: dict[str, Any] = {}
        self.read: list[str] = []

    def download_blob(self, name: str) -> SimpleNamespace:
        self.read.append(name)
        if name not in self.blobs:
            raise ResourceNotFoundError("no such blob")
        return SimpleNamespace(readall=lambda: self.blobs[name])

    def upload_blob(self, name: str, content: Any, *, overwrite: bool) -> None:
        assert overwrite
        self.blobs[name] = content


class Clock:
    """A clock that is set by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def container() -> Container:
    return Container()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def heads(container: Container, clock: Clock) -> Heads:
    return Heads(container, clock)  # type: ignore[arg-type]


def test_before_anything_was_published_there_is_no_head(heads: Heads) -> None:
    assert heads.current() is None


def test_what_was_published_is_current(heads: Heads) -> None:
    assert heads.publish(ONE).version == Head(ONE).version
    current = heads.current()
    assert current is not None
    assert current.version == Head(ONE).version


def test_a_head_is_kept_under_its_version_before_it_is_named(heads: Heads, container: Container) -> None:
    version = heads.publish(ONE).version
    assert list(container.blobs) == [f"heads/{version}.onnx", "current.json"]
    assert json.loads(container.blobs["current.json"]) == {"head": version}


def test_a_bad_head_is_refused_before_anything_is_written(heads: Heads, container: Container) -> None:
    with pytest.raises(HeadRefused):
        heads.publish(b"x")
    assert container.blobs == {}


def test_a_new_head_is_noticed_after_half_a_minute(heads: Heads, container: Container, clock: Clock) -> None:
    heads.publish(ONE)
    first = heads.current()
    heads.publish(TWO)
    clock.now = FRESH_SECONDS - 1
    assert heads.current() is first
    clock.now = FRESH_SECONDS
    assert heads.current().version == Head(TWO).version  # type: ignore[union-attr]


def test_the_same_head_is_read_once(heads: Heads, container: Container, clock: Clock) -> None:
    heads.publish(ONE)
    for clock.now in (0, 40, 80):
        heads.current()
    assert [name.split("/")[0] for name in container.read] == ["current.json", "heads", "current.json", "current.json"]


def test_a_first_head_is_noticed_though_there_was_none(heads: Heads, clock: Clock) -> None:
    heads.current()
    heads.publish(ONE)
    clock.now = FRESH_SECONDS
    assert heads.current() is not None


def test_storage_that_fails_is_asked_again_at_once(heads: Heads, container: Container) -> None:
    version = heads.publish(ONE).version
    content = container.blobs.pop(f"heads/{version}.onnx")
    with pytest.raises(ResourceNotFoundError):
        heads.current()
    container.blobs[f"heads/{version}.onnx"] = content
    assert heads.current() is not None
