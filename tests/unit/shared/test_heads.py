"""One head is current; a new one is noticed within half a minute."""

from __future__ import annotations

import json
from typing import Any

import pytest
from azure.core.exceptions import ResourceNotFoundError

from shared.errors import HeadRefused, Overtaken
from shared.head import LARGEST, Head
from shared.heads import FRESH_SECONDS, Heads
from tests.memory import MemoryContainer as Container
from tests.unit.shared.making import head

ONE, TWO, THREE = head("one"), head("two"), head("three")


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


def test_a_candidate_is_kept_with_its_report_and_is_not_current(heads: Heads, container: Container) -> None:
    heads.publish(ONE)
    heads.keep(TWO, '{"a": 1}', "# page")
    version = Head(TWO).version
    assert heads.latest().version == Head(ONE).version  # type: ignore[union-attr]
    assert (heads.report(version), container.blobs[f"reports/{version}.md"]) == ('{"a": 1}', "# page")
    assert set(heads.kept()) == {Head(ONE).version, version}
    assert set(heads.reports()) == {version}
    assert heads.report(Head(ONE).version) is None


def test_a_report_is_there_before_its_head_is_current(heads: Heads, container: Container) -> None:
    heads.keep(ONE, "{}", "# page", instead="")
    assert list(container.blobs)[-1] == "current.json"
    assert heads.latest().version == Head(ONE).version  # type: ignore[union-attr]


def test_heads_and_reports_tell_when_they_were_written(heads: Heads) -> None:
    heads.keep(ONE, "{}", "")
    heads.keep(TWO, "{}", "")
    one, two = Head(ONE).version, Head(TWO).version
    assert heads.kept()[one] < heads.kept()[two]
    assert heads.reports()[one] < heads.reports()[two]


def test_every_head_ever_published_can_be_read_again_by_its_version(heads: Heads, container: Container) -> None:
    versions = {heads.publish(content).version: content for content in (ONE, TWO)}
    container.blobs["heads/card.html"] = b""
    assert {version: heads.read(version) for version in heads.versions()} == versions


def test_a_head_takes_the_place_of_the_one_that_it_was_compared_with(heads: Heads) -> None:
    heads.keep(TWO, "{}", "", instead=heads.publish(ONE).version)
    assert heads.latest().version == Head(TWO).version  # type: ignore[union-attr]


@pytest.mark.parametrize("compared", ["", Head(TWO).version])
def test_a_head_that_was_compared_with_another_is_not_kept(heads: Heads, container: Container, compared: str) -> None:
    heads.publish(ONE)
    with pytest.raises(Overtaken, match=f"the current head was {compared or 'none'} and is {Head(ONE).version} now"):
        heads.keep(TWO, "{}", "", instead=compared)
    assert heads.versions() == [Head(ONE).version]


class Raced(Container):
    """Somebody publishes while the report is written."""

    def upload_blob(self, name: str, content: Any, **said: Any) -> None:
        super().upload_blob(name, content, **said)
        if name.endswith(".md"):
            Heads(self).publish(THREE)  # type: ignore[arg-type]


@pytest.mark.parametrize("first", [b"", ONE])
def test_a_head_that_a_person_publishes_at_the_last_moment_stays(first: bytes) -> None:
    container: Any = Raced()
    heads = Heads(container)
    before = heads.publish(first).version if first else ""
    with pytest.raises(Overtaken, match="another head became current meanwhile"):
        heads.keep(TWO, "{}", "", instead=before)
    assert heads.latest().version == Head(THREE).version  # type: ignore[union-attr]


def test_a_blob_that_is_too_large_for_a_head_is_not_read(heads: Heads, container: Container) -> None:
    container.blobs["heads/abc.onnx"] = bytes(LARGEST + 1)
    with pytest.raises(HeadRefused, match=r"^heads/abc.onnx has 33,554,433 bytes"):
        heads.read("abc")
