"""How rows get into a table of table storage and out of it: ranges, ETags, and transactions as large as one takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from azure.core import MatchConditions
from azure.core.exceptions import ResourceExistsError, ResourceModifiedError, ResourceNotFoundError
from azure.data.tables import TableClient, TableEntity, TableTransactionError, UpdateMode

from shared.entity import Row, row_bytes
from shared.keys import escape

# An entity group transaction takes 100 operations and 4 MiB; half of that leaves room for its MIME parts and base64.
TRANSACTION_ROWS, TRANSACTION_BYTES = 100, 2 * 1024 * 1024
_MISSING = ("ResourceNotFound", "EntityNotFound")
_CONFLICT = ("UpdateConditionNotSatisfied", "EntityAlreadyExists", *_MISSING)

type Operation = tuple[str, Row, dict[str, Any]]


def between(table: TableClient, camera: str, first: str, last: str, *, also: str = "", **options: Any) -> Iterable[Any]:
    """The rows of a camera between two row keys, both included, in order."""
    keys = {"camera": escape(camera), "first": first, "last": last}
    query = "PartitionKey eq @camera and RowKey ge @first and RowKey le @last" + (f" and {also}" if also else "")
    return table.query_entities(query, parameters=keys, **options)


def written(table: TableClient, row: Row, etag: str) -> bool:
    """Merges a row over the one with this ETag, or creates it for no ETag; False if another was faster."""
    try:
        if etag:
            table.update_entity(row, mode=UpdateMode.MERGE, **unless_changed(etag))
        else:
            table.create_entity(row)
    except (ResourceExistsError, ResourceModifiedError):
        return False
    except ResourceNotFoundError:
        if not etag:
            raise  # the table itself is gone
        return False
    return True


def etag_of(row: TableEntity) -> str:
    """The ETag that a row was read with."""
    return str(row.metadata["etag"])


def keys_of_row(row: Row) -> tuple[str, str]:
    """What names a row."""
    return row["PartitionKey"], row["RowKey"]


def replacing(etag: str) -> dict[str, Any]:
    """How to put a row in the place of the one with this ETag."""
    return {"mode": UpdateMode.REPLACE} | unless_changed(etag)


def unless_changed(etag: str) -> dict[str, Any]:
    """How to touch a row only while it has this ETag."""
    return {"etag": etag, "match_condition": MatchConditions.IfNotModified}


def transactions(operations: Iterable[Operation]) -> Iterator[list[Operation]]:
    """Operations in their order, in lots that one transaction takes."""
    lot: list[Operation] = []
    size = 0
    for operation in operations:
        bytes_more = row_bytes(operation[1])
        if lot and (len(lot) == TRANSACTION_ROWS or size + bytes_more > TRANSACTION_BYTES):
            yield lot
            lot, size = [], 0
        lot.append(operation)
        size += bytes_more
    if lot:
        yield lot


def submit(table: TableClient, operations: list[Operation]) -> bool:
    """Whether a transaction was made; False where somebody else was faster."""
    try:
        table.submit_transaction(operations)
    except TableTransactionError as error:
        # A table that is gone is TableNotFound, and no conflict.
        if getattr(error, "error_code", None) not in _CONFLICT:
            raise
        return False
    return True


def upserted(table: TableClient, written: Iterable[Row]) -> None:
    """Merges rows of one partition into what is there, or creates them."""
    for lot in transactions(("upsert", row, {"mode": UpdateMode.MERGE}) for row in written):
        table.submit_transaction(lot)
