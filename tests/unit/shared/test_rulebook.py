"""The rules in force are read twice a minute, and a slip in them stops nothing."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from shared.errors import BadRules
from shared.rule import LARGEST, Rule
from shared.rulebook import NAME, Rulebook
from tests.memory import MemoryContainer

ONE, TWO = '[[rule]]\nname = "one"\n', '[[rule]]\nname = "two"\n'


class Shelf:
    """A rulebook with its container and clock."""

    def __init__(self) -> None:
        self.container: Any = MemoryContainer()
        self.seconds = 0.0
        self.book = Rulebook(self.container, lambda: self.seconds)

    def put(self, content: bytes) -> None:
        self.container.upload_blob(NAME, content, overwrite=True)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


def test_without_a_file_there_are_no_rules(shelf: Shelf) -> None:
    assert shelf.book.current() == ()
    assert shelf.book.read() == ("", "")


def test_rules_are_read_again_after_thirty_seconds_and_not_before(shelf: Shelf) -> None:
    shelf.put(ONE.encode())
    assert shelf.book.current() == (Rule(name="one"),)
    shelf.put(TWO.encode())
    shelf.seconds = 29.9
    assert shelf.book.current() == (Rule(name="one"),)
    shelf.seconds = 30
    assert shelf.book.current() == (Rule(name="two"),)
    assert shelf.container.read == [NAME, NAME]


@pytest.mark.parametrize("slip", [b"[[rule]]", b"\xff\xfe", b"#" * (LARGEST + 1)])
def test_rules_that_nobody_understands_leave_those_before_in_force(
    shelf: Shelf, slip: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    shelf.put(ONE.encode())
    shelf.book.current()
    shelf.put(slip)
    shelf.seconds = 60
    with caplog.at_level(logging.ERROR, "uncia"):
        assert shelf.book.current() == (Rule(name="one"),)
    assert caplog.messages == ["the rules for alerts cannot be understood: `uncia alerts show` says why"]


def test_rules_are_written_over_those_that_were_read(shelf: Shelf) -> None:
    shelf.book.write(ONE, "")
    text, etag = shelf.book.read()
    assert text == ONE
    assert shelf.book.write(TWO, etag) == (Rule(name="two"),)
    for stale in (etag, ""):
        with pytest.raises(BadRules, match=r"^somebody else changed the rules at the same moment"):
            shelf.book.write(ONE, stale)
    assert shelf.book.read()[0] == TWO


@pytest.mark.parametrize("text", ["[[rule]]", "#" * (LARGEST + 1)])
def test_bad_rules_are_not_written(shelf: Shelf, text: str) -> None:
    with pytest.raises(BadRules):
        shelf.book.write(text, "")
    assert shelf.container.blobs == {}
