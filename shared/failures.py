"""Tables `attempts` and `failures`: what raised and is tried again, and what the host gave up on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from azure.core.exceptions import ResourceModifiedError, ResourceNotFoundError
from azure.data.tables import TableServiceClient, UpdateMode

from shared.attempt import Attempts
from shared.entity import Row, checked
from shared.failure import Failure
from shared.table import etag_of, keys_of_row, unless_changed

TABLES = ("failures", "attempts")
_ATTEMPTS = [name for name in Attempts.__slots__ if name not in ("queue", "key")]
_FAILURE = [name for name in Failure.__slots__ if name not in ("queue", "key", "etag")]
_LIGHT = ["PartitionKey", "RowKey", *(name for name in _FAILURE if name != "body")]


class Failures:
    """What failed in one storage account."""

    def __init__(self, service: TableServiceClient) -> None:
        """Opens the tables and creates those that are missing."""
        self._failures, self._attempts = map(service.create_table_if_not_exists, TABLES)

    def attempts(self, queue: str, key: str) -> Attempts | None:
        """What is noted of the attempts at something; None where nothing is."""
        try:
            return attempts_of(self._attempts.get_entity(queue, key))
        except ResourceNotFoundError:
            return None

    def note(self, attempts: Attempts) -> None:
        """Notes attempts, in place of what was noted of them."""
        self._attempts.upsert_entity(attempts_row(attempts), mode=UpdateMode.REPLACE)

    def clear(self, queue: str, key: str) -> None:
        """Deletes what is noted of attempts, if anything is."""
        self._attempts.delete_entity(queue, key)

    def clear_untouched(self, since: datetime) -> None:
        """Deletes what is noted of attempts that ended in neither success nor failure, as far as anybody knows."""
        for row in self._attempts.query_entities("touched_at lt @since", parameters={"since": since}):
            self._attempts.delete_entity(*keys_of_row(row))

    def bury(self, failure: Failure) -> None:
        """Keeps a failure, in place of the one before of the same message or image."""
        self._failures.upsert_entity(failure_row(failure), mode=UpdateMode.REPLACE)

    def read(self, queue: str, key: str) -> Failure | None:
        """A failure; None where there is none."""
        try:
            return failure_of(self._failures.get_entity(queue, key))
        except ResourceNotFoundError:
            return None

    def all(self, queue: str = "", *, bodies: bool = False) -> Iterator[Failure]:
        """The failures of one queue, or all; without their bodies, which are most of their bytes, unless asked for."""
        query = "PartitionKey eq @queue" if queue else "PartitionKey ge ''"
        select = None if bodies else _LIGHT
        return map(failure_of, self._failures.query_entities(query, parameters={"queue": queue}, select=select))

    def due(self, now: datetime) -> Iterator[Failure]:
        """The failures that are to be sent again by themselves."""
        return map(failure_of, self._failures.query_entities("due le @now", parameters={"now": now}))

    def unbury(self, failure: Failure) -> bool:
        """Deletes a failure; False where it has failed once more since it was read."""
        try:
            self._failures.delete_entity(failure.queue, failure.key, **unless_changed(failure.etag))
        except ResourceModifiedError:
            return False
        return True


def attempts_row(attempts: Attempts) -> Row:
    """The row of table `attempts`."""
    return _row(attempts.queue, attempts.key, {name: getattr(attempts, name) for name in _ATTEMPTS})


def attempts_of(row: Mapping[str, Any]) -> Attempts:
    """The attempts in a row."""
    return Attempts(queue=row["PartitionKey"], key=row["RowKey"], **{name: row[name] for name in _ATTEMPTS})


def failure_row(failure: Failure) -> Row:
    """The row of table `failures`; the body as bytes, since a text may have 32 Ki characters and a message has 48."""
    said = {name: value for name, value in asdict(failure).items() if name in _FAILURE}
    return _row(failure.queue, failure.key, said | ({"due": failure.due} if failure.due else {}))


def failure_of(row: Any) -> Failure:
    """The failure in a row."""
    said = {name: row[name] for name in _FAILURE if row.get(name) is not None}
    return Failure(**{"body": b""} | said, queue=row["PartitionKey"], key=row["RowKey"], etag=etag_of(row))


def _row(queue: str, key: str, said: Row) -> Row:
    return checked({"PartitionKey": queue, "RowKey": key, **said})
