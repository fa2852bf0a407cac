"""The test image that does not come through is taken back like the one that does."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from azure.core.exceptions import ResourceNotFoundError
from PIL import Image

from cli import passage
from cli.passage import FAILED, NO_FRAME, NO_LABEL, Passage
from shared.errors import UnciaError
from shared.failure import NO_REASON, buried
from tests.memory import MemoryFailures, MemoryStore
from tests.unit.shared.making import frame, note_due, settle

from .stored import NOW


class Stack:
    """Tables, a container and a clock; what happens while somebody waits is up to the test."""

    def __init__(self, meanwhile: Callable[[Stack], None]) -> None:
        self.tables, self.failures = MemoryStore(), MemoryFailures()
        self.time, self.camera, self.blobs = 0.0, "", set[str]()
        self.said: list[str] = []
        self._meanwhile = meanwhile

    def upload_blob(self, name: str, content: bytes) -> None:
        self.blobs.add(name)
        self.camera = name.partition("/")[0]

    def delete_blob(self, name: str, *, delete_snapshots: str) -> None:
        if name not in self.blobs:
            raise ResourceNotFoundError("no such blob")
        self.blobs.remove(name)

    def pause(self, seconds: float) -> None:
        self.time += seconds
        self._meanwhile(self)

    def run(self) -> Any:
        tables: Any = self.tables
        failures: Any = self.failures
        images: Any = self
        return Passage(
            images=images,
            tables=tables,
            failures=failures,
            say=self.said.append,
            limit=60,
            clock=lambda: self.time,
            pause=self.pause,
        ).run()

    def rows(self) -> int:
        return self.tables.forget(self.camera) + len([*self.failures.all()])


def stored(stack: Stack) -> None:
    if stack.blobs:
        stack.tables.write_frame(frame(camera=stack.camera, captured_at=None), "")
        note_due(stack.tables, stack.camera, "undated", NOW)


def failed(stack: Stack) -> None:
    give_up(stack, f"{stack.camera}/test.jpg")


def give_up(stack: Stack, name: str) -> None:
    content = json.dumps({"ContainerName": "images", "BlobName": name})
    stack.failures.bury(buried("images", content, NOW, None, None, NOW))


def nothing(stack: Stack) -> None:
    return


@pytest.mark.parametrize(
    ("meanwhile", "why"), [(nothing, NO_FRAME), (stored, NO_LABEL), (failed, f"{FAILED}: {NO_REASON}")]
)
def test_what_did_not_come_through_is_told_and_taken_back(meanwhile: Callable[[Stack], None], why: str) -> None:
    stack = Stack(meanwhile)
    with pytest.raises(UnciaError) as said:
        stack.run()
    assert str(said.value) == f"after 60 s {why}"
    assert stack.blobs == set()
    assert stack.rows() == 0


def test_a_frame_that_comes_after_ctrl_c_is_removed_too() -> None:
    def meanwhile(stack: Stack) -> None:
        if stack.time == passage.POLL_SECONDS:
            raise KeyboardInterrupt
        if stack.time == 20 * passage.POLL_SECONDS:
            stack.tables.write_frame(frame(camera=stack.camera), "")

    stack = Stack(meanwhile)
    with pytest.raises(KeyboardInterrupt):
        stack.run()
    assert stack.time > 20 * passage.POLL_SECONDS
    assert stack.blobs == set()
    assert stack.rows() == 0


def test_a_day_that_was_asked_for_is_waited_for_after_ctrl_c() -> None:
    settled_at = 90 * passage.POLL_SECONDS

    def meanwhile(stack: Stack) -> None:
        if stack.time == passage.POLL_SECONDS:
            stored(stack)
            raise KeyboardInterrupt
        if stack.time == settled_at:
            settle(stack.tables, stack.camera, "undated")

    stack = Stack(meanwhile)
    with pytest.raises(KeyboardInterrupt):
        stack.run()
    assert stack.time > settled_at
    assert stack.rows() == 0


def test_failures_of_others_stay() -> None:
    stack = Stack(nothing)
    give_up(stack, "Ridge 1/1.jpg")
    with pytest.raises(UnciaError):
        stack.run()
    assert [one.what for one in stack.failures.all()] == ['image "Ridge 1/1.jpg"']


def test_the_picture_is_a_small_jpeg_and_never_the_same() -> None:
    one, two = passage.picture(), passage.picture()
    assert one != two
    assert Image.open(io.BytesIO(one)).size == (32, 32)
    assert len(one) < 10_000
