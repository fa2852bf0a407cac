"""Storage in memory: the methods, conversions, limits and conflicts of the tables and a queue. It decides nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import batched, count
from types import SimpleNamespace
from typing import Any

from azure.core.exceptions import ResourceExistsError, ResourceModifiedError, ResourceNotFoundError
from azure.data.tables import TableEntity

from shared import rows
from shared.alert import Alert, State, overlap
from shared.attempt import Attempts
from shared.brief import Brief
from shared.day import Day, Settled, day_of_key, keys_of
from shared.decision import Decision
from shared.deployment import Deployment, Deployments
from shared.entity import Row
from shared.failure import Failure
from shared.failures import attempts_of, attempts_row, failure_of, failure_row
from shared.frame import Frame
from shared.keys import escape
from shared.label import Changes, Label, Stored
from shared.outbox import alert_row
from shared.trace import Trace
from shared.verdict import Lesson, Verdict


class MemoryTable:
    """One table: rows by their keys, each with an ETag that no other write of that row has, deleted or not."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], tuple[Row, str]] = {}
        self.writes: Counter[tuple[str, str]] = Counter()

    def get_entity(self, partition: str, key: str) -> Row:
        """A row; KeyError where there is none."""
        return dict(self.kept[partition, key][0])

    def upsert_entity(self, row: Row) -> None:
        """Merges a row into what is there."""
        keys = row["PartitionKey"], row["RowKey"]
        before = self.kept[keys][0] if keys in self.kept else {}
        self.writes[keys] += 1
        self.kept[keys] = {**before, **row}, f"etag {self.writes[keys]}"

    def fits(self, row: Row, etag: str) -> bool:
        """Whether the row has this ETag, or is not there for no ETag."""
        return self.kept.get((row["PartitionKey"], row["RowKey"]), ({}, ""))[1] == etag

    def merge(self, row: Row, etag: str) -> bool:
        """Merges a row over the one with this ETag, or creates it for no ETag; False where the table would refuse."""
        if fits := self.fits(row, etag):
            self.upsert_entity(row)
        return fits

    def replace(self, row: Row, *, by: Row | None) -> None:
        """Puts another row in its place, or none."""
        self.kept.pop((row["PartitionKey"], row["RowKey"]), None)
        if by is not None:
            self.upsert_entity(by)

    def between(self, camera: str, first: str, last: str) -> list[tuple[Row, str]]:
        """The rows of a camera between two keys, both included, in order, with their ETags."""
        keys = sorted(keys for keys in self.kept if keys[0] == escape(camera) and first <= keys[1] <= last)
        return [self.kept[key] for key in keys]


class MemoryStore:
    """`shared.store.Store` without a network."""

    def __init__(self) -> None:
        names = ("frames", "days", "labels", "judged", "decisions", "deployments")
        made = [MemoryTable() for _ in names]
        self._frames, self._days, self._labels, self._judged, self._decisions, self._deployments = made

    def read_frame(self, camera: str, row_key: str) -> tuple[Frame | None, str]:
        row, etag = self._frames.kept.get((escape(camera), row_key), (None, ""))
        return (rows.frame_of(row) if row else None), etag

    def write_frame(self, frame: Frame, etag: str) -> bool:
        return self._frames.merge(rows.frame_row(frame), etag)

    def delete_frame(self, camera: str, row_key: str) -> None:
        self._frames.kept.pop((escape(camera), row_key), None)

    def read_frames(self, camera: str, day: str) -> list[Frame]:
        heavy = {"features": None, "preview": None, "answers": None}
        return [rows.frame_of({**row, **heavy}) for row, _ in self._frames.between(camera, *keys_of(day))]

    def read_preview(self, camera: str, row_key: str) -> bytes:
        row: Row = self._frames.kept.get((escape(camera), row_key), ({}, ""))[0]
        return bytes(row.get("preview", b""))

    def read_features(self, camera: str, first: str, last: str) -> dict[str, bytes]:
        return {row["RowKey"]: row["features"] for row, _ in self._frames.between(camera, first, last)}

    def read_verdicts(self, camera: str, row_keys: Collection[str]) -> dict[str, tuple[Verdict | None, str]]:
        found = self._frames.between(camera, min(row_keys), max(row_keys))
        return {row["RowKey"]: (rows.verdict_of(row), etag) for row, etag in found if row["RowKey"] in row_keys}

    def decide(self, decisions: Sequence[Decision], etags: Mapping[str, str]) -> bool:
        (camera,) = {one.camera for one in decisions}
        for one in decisions:
            self._decisions.upsert_entity(rows.decision_row(one))
            for row_key in one.frames:
                self._judged.upsert_entity(rows.judged_row(camera, day_of_key(row_key)))
        written = [row for one in decisions for row in rows.decided_rows(one)]
        for lot in batched(written, 100, strict=False):
            if not all(self._frames.fits(row, etags[row["RowKey"]]) for row in lot):
                return False
            for row in lot:
                self._frames.upsert_entity(row)
        return True

    def decisions(self, camera: str | None = None) -> Iterator[Decision]:
        found = [rows.decision_of(row) for _, (row, _) in sorted(self._decisions.kept.items())]
        return (one for one in found if camera in (None, one.camera))

    def verdicts(self) -> Iterator[Lesson]:
        return (replace(one, features=b"") for one in self.lessons())

    def lessons(self) -> Iterator[Lesson]:
        for _, (day, _) in sorted(self._judged.kept.items()):
            for row, _ in self._frames.between(day["camera"], *keys_of(day["RowKey"])):
                if row.get("verdict"):
                    yield rows.lesson_of(row)

    def read_day(self, camera: str, day: str) -> Day | None:
        found = self._days.kept.get((escape(camera), day))
        return rows.day_of_row(*found) if found else None

    def open_day(self, day: Day) -> bool:
        return self._days.merge(rows.day_row(day.camera, day.day, day.due), day.etag)

    def tell(self, day: Day, briefs: Iterable[Brief], seen: int = 0, settled: Settled | None = None) -> bool:
        row = rows.told_row(day, briefs, seen, settled)
        if day.etag and self._days.merge(row, day.etag):
            return True
        found, _ = self._days.kept.get((row["PartitionKey"], row["RowKey"]), ({}, ""))
        return bool(day.etag and found) and found | {"due": day.due, "settled": False} | row == found

    def briefs(self, camera: str = "", first: str = "", last: str = "~") -> Iterator[Brief]:
        for _, (row, _) in sorted(self._days.kept.items()):
            if camera in ("", row["camera"]) and first <= row["RowKey"] <= last:
                yield from rows.briefs_of(row)

    def read_days(self, *, unsettled: bool = False) -> Iterator[Day]:
        found = [rows.day_of_row(*kept) for kept in self._days.kept.values()]
        return (day for day in found if not (unsettled and day.settled))

    def days_not_under(self, head: str) -> Iterator[Day]:
        return (day for day in self.read_days() if day.head != head)

    def read_labels(self, camera: str, first: str, last: str) -> list[Stored]:
        return [Stored(rows.label_of(row), etag) for row, etag in self._labels.between(camera, first, last)]

    def read_label(self, camera: str, sequence_id: str) -> Stored | None:
        found = self._labels.kept.get((escape(camera), sequence_id))
        return Stored(rows.label_of(found[0]), found[1]) if found else None

    def all_labels(self, camera: str | None = None) -> Iterator[Label]:
        found = [rows.label_of(row) for _, (row, _) in sorted(self._labels.kept.items())]
        return (label for label in found if camera is None or label.camera == camera)

    def labels_after(self, camera: str = "", sequence_id: str = "", *, only: bool = False) -> Iterator[Label]:
        for keys, (row, _) in sorted(self._labels.kept.items()):
            if keys > (escape(camera), sequence_id) and not (only and keys[0] != escape(camera)):
                yield rows.label_of(row)

    def sequence_ids(self, camera: str) -> list[str]:
        return [row["RowKey"] for row, _ in self._labels.between(camera, "", "~")]

    def apply(self, changes: Changes, now: datetime) -> None:
        etags = {one.label.sequence_id: one.etag for one in changes.update}
        made, refused = rows.label_rows((*changes.create, *(one.label for one in changes.update)), now)
        written: list[tuple[Row, str, bool]] = [
            *((row, etags.get(row["RowKey"], ""), True) for row in made),
            *((rows.label_row(one.label, now), one.etag, False) for one in changes.delete),
        ]
        for transaction in batched(written, 100, strict=False):
            if all(self._labels.fits(row, etag) for row, etag, _ in transaction):
                for row, _, stays in transaction:
                    self._labels.replace(row, by=row if stays else None)
        if refused:
            raise refused

    def frames_of_other_recipes(self, recipe: str) -> Iterator[Frame]:
        wanted = ("camera", "path", "digest", "etag", "size", "status", "captured_at", "recipe", "backbone")
        others = (row for row, _ in self._frames.kept.values() if row["status"] == "ok" and row["recipe"] != recipe)
        return (rows.frame_of({name: row[name] for name in wanted}) for row in others)

    def frame_keys(self) -> Iterator[tuple[str, str]]:
        return iter(sorted(self._frames.kept))

    def frame_paths(self, camera: str | None = None) -> Iterator[tuple[str, str, str]]:
        found = [row for _, (row, _) in sorted(self._frames.kept.items())]
        return ((row["camera"], row["RowKey"], row["path"]) for row in found if camera in (None, row["camera"]))

    def answers(self, camera: str) -> Iterator[tuple[str, bytes]]:
        found = self._frames.between(camera, "", "~~")
        return iter([(row["RowKey"], rows.answers_of(row)) for row, _ in found])

    def write_deployments(self, deployments: Iterable[Deployment]) -> int:
        last = {one.deployment_id: one for one in deployments}
        written = [rows.deployment_row(one) for one in last.values()]
        for one in [one for one in self.read_deployments() if one.deployment_id in last]:
            self.delete_deployment(one)
        for row in written:
            self._deployments.upsert_entity(row)
        return len(last)

    def read_deployments(self, camera: str | None = None) -> Deployments:
        found = [rows.deployment_of_row(row) for row, _ in self._deployments.kept.values()]
        return Deployments(one for one in found if camera in (None, one.camera))

    def delete_deployment(self, deployment: Deployment) -> None:
        self._deployments.replace(rows.deployment_row(deployment), by=None)

    def forget(self, camera: str) -> int:
        tables = (self._frames, self._days, self._labels, self._judged, self._decisions)
        gone = [(table, keys) for table in tables for keys in table.kept if keys[0] == escape(camera)]
        for table, keys in gone:
            del table.kept[keys]
        return len(gone)


class MemoryFailures:
    """`shared.failures.Failures` without a network."""

    def __init__(self) -> None:
        self._failures, self._attempts = MemoryTable(), MemoryTable()

    def attempts(self, queue: str, key: str) -> Attempts | None:
        found = self._attempts.kept.get((queue, key))
        return attempts_of(found[0]) if found else None

    def note(self, attempts: Attempts) -> None:
        row = attempts_row(attempts)
        self._attempts.replace(row, by=row)

    def clear(self, queue: str, key: str) -> None:
        self._attempts.kept.pop((queue, key), None)

    def clear_untouched(self, since: datetime) -> None:
        for keys in [keys for keys, (row, _) in self._attempts.kept.items() if row["touched_at"] < since]:
            del self._attempts.kept[keys]

    def bury(self, failure: Failure) -> None:
        row = failure_row(failure)
        self._failures.replace(row, by=row)

    def read(self, queue: str, key: str) -> Failure | None:
        return next((one for one in self.all(queue, bodies=True) if one.key == key), None)

    def all(self, queue: str = "", *, bodies: bool = False) -> Iterator[Failure]:
        for _, (row, etag) in sorted(self._failures.kept.items()):
            if queue in ("", row["PartitionKey"]):
                read = TableEntity(row if bodies else {name: row[name] for name in row if name != "body"})
                read._metadata = {"etag": etag}
                yield failure_of(read)

    def due(self, now: datetime) -> Iterator[Failure]:
        return iter([one for one in self.all(bodies=True) if one.due and one.due <= now])

    def unbury(self, failure: Failure) -> bool:
        row = failure_row(failure)
        if gone := (self._failures.kept.get((failure.queue, failure.key), ({}, failure.etag))[1] == failure.etag):
            self._failures.replace(row, by=None)
        return gone


class MemoryOutbox:
    """`shared.outbox.Outbox` without a network; what was put on the queues is in `sent`."""

    def __init__(self) -> None:
        self.sent: list[Alert] = []
        self._kept: dict[tuple[str, str], Alert] = {}
        self._turns: dict[str, str] = {}
        self._etags = count(1)

    def turn(self, camera: str) -> str:
        return self._turns.get(camera, "")

    def like(self, new: Alert) -> list[Alert]:
        return [one for one in self._kept.values() if one.camera == new.camera and overlap(one, new)]

    def note(self, alert: Alert, turn: str) -> bool:
        there = self._kept.get((alert.camera, alert.key))
        if self._turns.get(alert.camera, "") != turn or bool(there) != bool(alert.etag):
            return False
        self._turns[alert.camera] = f"turn {next(self._etags)}"
        alert_row(alert)
        self._keep(replace(there, first=alert.first, last=alert.last) if there else alert)
        return True

    def read(self, camera: str, key: str) -> Alert | None:
        return self._kept.get((camera, key))

    def mark(self, alert: Alert, state: State, now: datetime) -> bool:
        there = self._kept.get((alert.camera, alert.key))
        if fits := there is not None and there.etag == alert.etag:
            self._keep(replace(there, state=state, since=now))
        return fits

    def pending(self) -> Iterator[Alert]:
        return iter([one for one in self._kept.values() if one.state in (State.PENDING, State.SENDING)])

    def all(self) -> Iterator[Alert]:
        return iter([one for _, one in sorted(self._kept.items())])

    def send(self, alert: Alert, trace: Trace) -> None:
        self.sent.append(alert)

    def _keep(self, alert: Alert) -> None:
        self._kept[alert.camera, alert.key] = replace(alert, etag=f"etag {next(self._etags)}")


class MemoryContainer:
    """A container of blobs: their contents by name, when they were last written, and the names that were read."""

    def __init__(self) -> None:
        self.blobs: dict[str, Any] = {}
        self.metadata: dict[str, dict[str, str]] = {}
        self.read: list[str] = []
        self.copied: list[str] = []
        self._written: dict[str, datetime] = {}
        self._moments = count(1)

    def download_blob(self, name: str) -> SimpleNamespace:
        self.read.append(name)
        if name not in self.blobs:
            raise ResourceNotFoundError("no such blob")
        content = self.blobs[name]
        said = SimpleNamespace(etag=str(self._written.get(name)))
        return SimpleNamespace(readall=lambda: content, size=len(content), properties=said)

    def upload_blob(
        self, name: str, content: Any, *, overwrite: bool, etag: str = "", match_condition: object = None
    ) -> None:
        if name in self.blobs and not overwrite:
            raise ResourceExistsError("the blob is there")
        if match_condition and str(self._written.get(name)) != etag:
            raise ResourceModifiedError("the blob has changed")
        self.blobs[name] = content
        self._written[name] = datetime(2026, 2, 1, tzinfo=UTC) + timedelta(seconds=next(self._moments))

    def list_blob_names(self, *, name_starts_with: str) -> list[str]:
        return [name for name in self.blobs if name.startswith(name_starts_with)]

    def list_blobs(self, name_starts_with: str = "", include: Collection[str] = ()) -> list[SimpleNamespace]:
        return [self._listed(name, include) for name in sorted(self.blobs) if name.startswith(name_starts_with)]

    def _listed(self, name: str, include: Collection[str]) -> SimpleNamespace:
        at, metadata = self._written[name], self.metadata.get(name) if "metadata" in include else None
        return SimpleNamespace(name=name, last_modified=at, etag=str(at), size=len(self.blobs[name]), metadata=metadata)

    def get_blob_client(self, name: str) -> SimpleNamespace:
        def copy(url: str, *, source_etag: str, source_match_condition: object) -> dict[str, str]:
            etag = source_etag.strip('"')
            if name not in self.blobs:
                raise ResourceNotFoundError("no such blob")
            self.upload_blob(name, self.blobs[url], overwrite=True, etag=etag, match_condition=source_match_condition)
            self.copied.append(name)
            return {"etag": f'"{self._written[name]}"'}

        return SimpleNamespace(url=name, start_copy_from_url=copy)


@dataclass
class MemoryQueue:
    """A queue that remembers what was sent, each text with the seconds it stays invisible."""

    sent: list[tuple[str, int]] = field(default_factory=list)

    def send_message(self, text: str, *, visibility_timeout: int = 0) -> None:
        self.sent.append((text, visibility_timeout))

    def get_queue_properties(self) -> SimpleNamespace:
        return SimpleNamespace(approximate_message_count=len(self.sent))


@dataclass
class MemoryPoison:
    """A poison queue: what is on it, as it is there; each message stays until it is deleted."""

    kept: list[SimpleNamespace] = field(default_factory=list)

    def put(self, content: str, at: datetime) -> None:
        self.kept.append(SimpleNamespace(content=content, inserted_on=at))

    def receive_messages(self, *, messages_per_page: int, visibility_timeout: int) -> Iterator[SimpleNamespace]:
        return iter([*self.kept])

    def delete_message(self, message: SimpleNamespace) -> None:
        self.kept.remove(message)
