"""Table `alerts` and the queues that alerts are put on: noted first, then sent, so that none is lost or sent twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from azure.core.exceptions import ResourceModifiedError, ResourceNotFoundError
from azure.data.tables import TableServiceClient, UpdateMode
from azure.storage.queue import QueueClient

from shared.alert import Alert, Errand, State, overlap
from shared.entity import Row, checked
from shared.keys import escape
from shared.table import Operation, submit, unless_changed
from shared.trace import Trace

TABLE = "alerts"
KEPT_FOR = timedelta(days=7)
# The row of a camera that every new alert changes: of two instances that decide at once, one has to look again.
TURN = "turn"


class Outbox:
    """The alerts of one storage account."""

    def __init__(self, service: TableServiceClient, work: QueueClient, others: QueueClient) -> None:
        """Opens the table and creates it where it is missing; `work` is our own queue, `others` the one for others."""
        self._table = service.create_table_if_not_exists(TABLE)
        self._work, self._others = work, others

    def turn(self, camera: str) -> str:
        """What `note` has to be given, if nothing is noted meanwhile: to be asked for before looking."""
        try:
            return str(self._table.get_entity(escape(camera), TURN).metadata["etag"])
        except ResourceNotFoundError:
            return ""

    def like(self, new: Alert) -> list[Alert]:
        """The alerts of the same camera and class that overlap this one."""
        query = "PartitionKey eq @camera and label eq @label and first le @last and last ge @first"
        keys = {"camera": escape(new.camera), "label": new.label, "first": new.first, "last": new.last}
        found = map(alert_of, self._table.query_entities(query, parameters=keys))
        return [one for one in found if overlap(one, new)]

    def note(self, alert: Alert, turn: str) -> bool:
        """Writes a new alert, or what a known one covers now; False where something was noted since `turn`."""
        ours = {"PartitionKey": escape(alert.camera), "RowKey": TURN}
        known: Operation = ("update", covered(alert), {"mode": UpdateMode.MERGE})
        operations: list[Operation] = [
            ("update", ours, unless_changed(turn)) if turn else ("create", ours, {}),
            known if alert.etag else ("create", alert_row(alert), {}),
        ]
        return submit(self._table, operations)

    def read(self, camera: str, key: str) -> Alert | None:
        """An alert; None where there is none."""
        try:
            return alert_of(self._table.get_entity(escape(camera), key))
        except ResourceNotFoundError:
            return None

    def mark(self, alert: Alert, state: State, now: datetime) -> bool:
        """Notes how far an alert has come; False where its row changed since it was read."""
        row = {**_keys(alert), "state": str(state), "since": now}
        try:
            self._table.update_entity(row, mode=UpdateMode.MERGE, **unless_changed(alert.etag))
        except (ResourceModifiedError, ResourceNotFoundError):
            return False
        return True

    def pending(self) -> Iterator[Alert]:
        """The alerts that are noted and on no queue, as far as anybody knows."""
        either = {"one": str(State.PENDING), "other": str(State.SENDING)}
        return map(alert_of, self._table.query_entities("state eq @one or state eq @other", parameters=either))

    def all(self) -> Iterator[Alert]:
        """Every alert, by camera and time."""
        return (alert_of(row) for row in self._table.query_entities("PartitionKey ge ''") if row["RowKey"] != TURN)

    def send(self, alert: Alert, trace: Trace) -> None:
        """Puts an alert on both queues."""
        self._others.send_message(alert.message, time_to_live=int(KEPT_FOR.total_seconds()))
        self._work.send_message(trace.beside(Errand(alert.camera, alert.key).encode()))


def alert_row(alert: Alert) -> Row:
    """The row of table `alerts`."""
    return checked({
        **covered(alert),
        "camera": alert.camera,
        "label": alert.label,
        "sequence_id": alert.sequence_id,
        "message": alert.message,
        "state": str(alert.state),
        "since": alert.since,
    })  # fmt: skip


def covered(alert: Alert) -> Row:
    """What an alert covers, to be merged into its row."""
    return {**_keys(alert), "first": alert.first, "last": alert.last}


def alert_of(row: Any) -> Alert:
    """The alert in a row."""
    said = {name: row[name] for name in ("camera", "label", "sequence_id", "first", "last", "message", "since")}
    return Alert(**said, state=State(row["state"]), etag=str(row.metadata["etag"]))


def _keys(alert: Alert) -> Row:
    return {"PartitionKey": escape(alert.camera), "RowKey": alert.key}
