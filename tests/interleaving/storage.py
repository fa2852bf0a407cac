"""What is stored, by number: equal contents and ETags have one number, however they came about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import count
from typing import Any

from shared.entity import Row
from tests.memory import MemoryStore, MemoryTable

TABLES = ("_frames", "_days", "_labels", "_judged", "_decisions")
# Written for people: no step reads them, so that rows that differ in nothing else are the same.
FOR_PEOPLE = ("finalized_at", "settled_at")

type Stored = tuple[int, ...]  # a number for each table


class Archive:
    """All contents of tables that came about, and what each call makes of them."""

    def __init__(self) -> None:
        self._contents: list[tuple[dict[Any, Any], Counter[Any]]] = []
        self._tables: dict[Any, int] = {}
        self._rows: dict[int, tuple[Any, int]] = {}
        self._row_numbers: dict[str, int] = {}
        self._answers: list[Any] = []
        self._answer_numbers: dict[str, int] = {}
        self._unread: dict[Stored, Stored] = {}
        self._done: dict[tuple[Stored, int], tuple[int, Any, Stored]] = {}

    def store(self, stored: Stored) -> Any:
        """A store of its own that holds this."""
        store = MemoryStore()
        for name, number in zip(TABLES, stored, strict=True):
            kept, writes = self._contents[number]
            table: MemoryTable = getattr(store, name)
            table.kept, table.writes = dict(kept), Counter(writes)
        return store

    def number(self, store: MemoryStore) -> Stored:
        return tuple(self._table(getattr(store, name)) for name in TABLES)

    def unread(self, stored: Stored) -> Stored:
        """The same where nobody has read an ETag yet: which they are matters to nobody."""
        if stored not in self._unread:
            store = self.store(stored)
            for name in TABLES:
                table: MemoryTable = getattr(store, name)
                table.kept = {keys: (row, "etag 1") for keys, (row, _) in table.kept.items()}
                table.writes = Counter(table.kept.keys())
            self._unread[stored] = self.number(store)
        return self._unread[stored]

    def answered(self, stored: Stored, number: int, call: Any) -> tuple[int, Any, Stored]:
        """What a call says, with a number for that, and what is stored then."""
        if (stored, number) not in self._done:
            store = self.store(stored)
            answer = getattr(store, call.name)(*call.args, **call.said)
            answer = list(answer) if isinstance(answer, Iterator) else answer
            self._done[stored, number] = self._answer(answer), answer, self.number(store)
        return self._done[stored, number]

    def _answer(self, answer: Any) -> int:
        return self._answer_numbers.setdefault(repr(answer), len(self._answer_numbers))

    def _table(self, table: MemoryTable) -> int:
        rows = frozenset((keys, self._row(kept)) for keys, kept in table.kept.items())
        key = rows, frozenset(table.writes.items())
        if key not in self._tables:
            self._tables[key] = len(self._contents)
            self._contents.append((dict(table.kept), Counter(table.writes)))
        return self._tables[key]

    def _row(self, kept: tuple[Row, str]) -> int:
        if id(kept) not in self._rows:
            row = {name: value for name, value in sorted(kept[0].items()) if name not in FOR_PEOPLE}
            number = self._row_numbers.setdefault(repr((row, kept[1])), len(self._row_numbers))
            self._rows[id(kept)] = kept, number  # kept with its row, so that no other gets the same id
        return self._rows[id(kept)][1]


class Live(Archive):
    """One store that is written as a schedule goes, for schedules that are run once: nothing is remembered."""

    def __init__(self) -> None:
        super().__init__()
        self._asked = count(1)

    def number(self, store: MemoryStore) -> Stored:
        """Begins again with a copy of this."""
        self._live: Any = MemoryStore()
        for name in TABLES:
            table: MemoryTable = getattr(store, name)
            getattr(self._live, name).kept, getattr(self._live, name).writes = dict(table.kept), Counter(table.writes)
        return self._version()

    def store(self, stored: Stored) -> Any:
        return self._live

    def unread(self, stored: Stored) -> Stored:
        return stored

    def answered(self, stored: Stored, number: int, call: Any) -> tuple[int, Any, Stored]:
        answer = getattr(self._live, call.name)(*call.args, **call.said)
        return next(self._asked), list(answer) if isinstance(answer, Iterator) else answer, self._version()

    def _version(self) -> Stored:
        return next(self._asked), sum(self._live._days.writes.values())
