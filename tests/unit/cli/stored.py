"""Storage in memory where a command looks for it, and a host that answers at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from functions import finalize
from shared.day import Ask
from shared.frame import Frame
from shared.heads import Heads
from shared.sequence import Limits
from tests.memory import MemoryFailures, MemoryQueue, MemoryStore
from tests.unit.shared.making import FakeHead, note_due
from tests.unit.shared.test_heads import Container

NOW = datetime(2026, 2, 1, 8, tzinfo=UTC)


@dataclass
class Site(MemoryQueue):
    """The queue `sequences`, with tables and heads; each message is answered before `send_message` returns."""

    tables: Any = field(default_factory=MemoryStore)
    failures: Any = field(default_factory=MemoryFailures)
    heads: Heads = field(default_factory=lambda: Heads(Container()))  # type: ignore[arg-type]

    def hold(self, *frames: Frame) -> None:
        for one in frames:
            self.tables.write_frame(one, "")
            note_due(self.tables, one.camera, one.day, NOW)
            self.answer(Ask(one.camera, one.day))

    def send_message(self, text: str, *, visibility_timeout: int = 0) -> None:
        super().send_message(text, visibility_timeout=visibility_timeout)
        self.answer(Ask.decode(text.encode()))

    def answer(self, ask: Ask) -> None:
        current = self.heads.latest()
        head: Any = FakeHead(current.version if current else "")
        said: Any = {"store": self.tables, "head": lambda: head, "limits": Limits(), "settle": timedelta(seconds=30)}
        finalize.run(ask.encode().encode(), now=lambda: NOW, **said)
