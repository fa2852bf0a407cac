"""The tables: what is known of frames, verdicts, days, labels, alerts and deployments."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from azure.core.exceptions import ResourceModifiedError, ResourceNotFoundError
from azure.data.tables import TableServiceClient, UpdateMode

from shared import rows
from shared.brief import Brief
from shared.day import Day, Settled, day_of_key, keys_of
from shared.decision import Decision
from shared.deployment import Deployment, Deployments
from shared.entity import PROPERTY_BYTES, Row
from shared.frame import OWN, Frame
from shared.keys import escape
from shared.label import Changes, Label, Stored
from shared.table import (
    Operation,
    between,
    etag_of,
    keys_of_row,
    replacing,
    submit,
    transactions,
    unless_changed,
    upserted,
    written,
)
from shared.verdict import Lesson, Verdict

TABLES = ("frames", "days", "labels", "judged", "decisions", "deployments", "alerts")

# All of a frame but its features and preview, which are most of its bytes.
_LIGHT = ["RowKey", *(name for name in OWN if name not in ("features", "preview")), *rows.VERDICT]
_NAMES = ["camera", "path", "digest", "etag", "size", "status", "captured_at", "recipe", "backbone"]
_KEYS = ["PartitionKey", "RowKey"]
_ANSWERS = ["RowKey", "path", "etag", "size", "answers"]
_BRIEF = [f"brief_{number:02d}" for number in range(rows.BRIEF_BYTES // PROPERTY_BYTES)]
# All of a day but its sequences in brief, which may take half a megabyte and would be read for every frame.
_DAY = ["RowKey", "camera", "due", "settled", "head", "seen"]


class Store:
    """The tables of one storage account."""

    def __init__(self, service: TableServiceClient) -> None:
        """Opens the tables and creates those that are missing."""
        made = map(service.create_table_if_not_exists, TABLES)
        self._frames, self._days, self._labels, *others = made
        self._judged, self._decisions, self._deployments, self._alerts = others

    def read_frame(self, camera: str, row_key: str) -> tuple[Frame | None, str]:
        """A frame whole, with its ETag; None and nothing where there is none."""
        try:
            row = self._frames.get_entity(escape(camera), row_key)
        except ResourceNotFoundError:
            return None, ""
        return rows.frame_of(row), etag_of(row)

    def write_frame(self, frame: Frame, etag: str) -> bool:
        """Merges a frame over the row with this ETag, or creates a row for no ETag; False if another was faster."""
        return written(self._frames, rows.frame_row(frame), etag)

    def read_frames(self, camera: str, day: str) -> list[Frame]:
        """The frames of a camera's day in order, without features and previews."""
        found = between(self._frames, camera, *keys_of(day), select=_LIGHT)
        return [rows.frame_of(row) for row in found]

    def read_preview(self, camera: str, row_key: str) -> bytes:
        """The preview (JPEG) of a frame; nothing where there is no such frame, or none of it."""
        try:
            row = self._frames.get_entity(escape(camera), escape(row_key), select=["preview"])
        except ResourceNotFoundError:
            return b""
        return bytes(row.get("preview") or b"")

    def read_features(self, camera: str, first: str, last: str) -> dict[str, bytes]:
        """The features (float16) of a camera's frames between two row keys, both included, by row key."""
        found = between(self._frames, camera, first, last, select=["RowKey", "features"])
        return {row["RowKey"]: bytes(row["features"]) for row in found}

    def delete_frame(self, camera: str, row_key: str) -> None:
        """Deletes a frame, with all that its row holds, if it is there; its day is then to be finalized."""
        self._frames.delete_entity(escape(camera), row_key)

    def read_verdicts(self, camera: str, row_keys: Collection[str]) -> dict[str, tuple[Verdict | None, str]]:
        """The verdicts on those of these frames that exist, None where there is none, with the frames' ETags."""
        select = ["RowKey", "camera", *rows.VERDICT]
        found = between(self._frames, camera, min(row_keys), max(row_keys), select=select)
        return {row["RowKey"]: (rows.verdict_of(row), etag_of(row)) for row in found if row["RowKey"] in row_keys}

    def decide(self, decisions: Sequence[Decision], etags: Mapping[str, str]) -> bool:
        """Merges decisions about one camera into their frames; False where one of these has another ETag than this.

        Some may be done then. What was decided is noted for good first, then the index: a verdict that it does not name
        is never found.
        """
        (camera,) = {one.camera for one in decisions}
        days = sorted({day_of_key(row_key) for one in decisions for row_key in one.frames})
        upserted(self._decisions, map(rows.decision_row, decisions))
        upserted(self._judged, (rows.judged_row(camera, day) for day in days))
        operations: list[Operation] = [
            ("update", row, {"mode": UpdateMode.MERGE} | unless_changed(etags[row["RowKey"]]))
            for one in decisions
            for row in rows.decided_rows(one)
        ]
        return all(submit(self._frames, lot) for lot in transactions(operations))

    def decisions(self, camera: str | None = None) -> Iterator[Decision]:
        """All that people decided about a camera, or about all, in order; also what no longer counts."""
        query = "PartitionKey eq @camera" if camera else "PartitionKey ge ''"
        found = self._decisions.query_entities(query, parameters={"camera": escape(camera or "")})
        return (rows.decision_of(row) for row in found)

    def verdicts(self) -> Iterator[Lesson]:
        """Every frame that a person judged, by camera and time, without its features."""
        return self._lessons(rows.LESSON)

    def lessons(self) -> Iterator[Lesson]:
        """Every frame that a person judged, by camera and time, with its features."""
        return self._lessons((*rows.LESSON, "features"))

    def _lessons(self, select: Iterable[str]) -> Iterator[Lesson]:
        for day in self._judged.query_entities("PartitionKey ge ''"):
            keys = keys_of(day["RowKey"])
            for row in between(self._frames, day["camera"], *keys, also="verdict gt ''", select=list(select)):
                yield rows.lesson_of(row)

    def read_day(self, camera: str, day: str) -> Day | None:
        """A day's row; None where no frame has come yet."""
        try:
            row = self._days.get_entity(escape(camera), day, select=_DAY)
        except ResourceNotFoundError:
            return None
        return rows.day_of_row(row, etag_of(row))

    def open_day(self, day: Day) -> bool:
        """Notes when a day is due, and that it is not settled, over the row with its ETag, or in a new one for no ETag.

        False if another was faster.
        """
        return written(self._days, rows.day_row(day.camera, day.day, day.due), day.etag)

    def tell(self, day: Day, briefs: Iterable[Brief], seen: int = 0, settled: Settled | None = None) -> bool:
        """Notes a day's sequences in brief, how many frames were seen, and that it is settled, where it is.

        False where its row changed since it was read, or is gone.
        """
        row = rows.told_row(day, briefs, seen, settled)
        try:
            self._days.update_entity(row, mode=UpdateMode.MERGE, **unless_changed(day.etag))
        except ResourceNotFoundError:
            return False
        except ResourceModifiedError:
            return self._told(row, day)
        return True

    def _told(self, row: Row, day: Day) -> bool:
        """Whether a day's row says just this already, and nobody asked for it or settled it otherwise since.

        Told of an error after storage acted, the SDK asks again, and meets the row that it wrote itself.
        """
        found = self._days.get_entity(row["PartitionKey"], row["RowKey"])
        wanted = {"due": day.due, "settled": False} | row
        return all(found.get(name) == value for name, value in wanted.items())

    def briefs(self, camera: str = "", first: str = "", last: str = "~") -> Iterator[Brief]:
        """Sequences in brief: of a camera or of all, that begin on days from `first` to `last` (YYYYMMDD), included."""
        which = "PartitionKey eq @camera" if camera else "PartitionKey ge ''"
        days = self._days.query_entities(
            f"{which} and RowKey ge @first and RowKey le @last",
            parameters={"camera": escape(camera), "first": first, "last": last},
            select=["camera", *_BRIEF],
        )
        return (brief for day in days for brief in rows.briefs_of(day))

    def read_days(self, *, unsettled: bool = False) -> Iterator[Day]:
        """Every day of every camera, or those that are still to be settled."""
        return self._days_where("settled eq false" if unsettled else "PartitionKey ge ''")

    def days_not_under(self, head: str) -> Iterator[Day]:
        """The days that were last settled under another head than this version, or never."""
        # `not ( … eq … )` and not `ne`, which passes by rows without the property; the SDK wants the spaces.
        return self._days_where("not ( head eq @head )", head=head)

    def _days_where(self, query: str, **parameters: str) -> Iterator[Day]:
        found = self._days.query_entities(query, parameters=parameters, select=_DAY)
        return (rows.day_of_row(row, etag_of(row)) for row in found)

    def read_labels(self, camera: str, first: str, last: str) -> list[Stored]:
        """A camera's labels whose ids lie between two row keys, both included, with their ETags."""
        found = between(self._labels, camera, first, last)
        return [Stored(rows.label_of(row), etag_of(row)) for row in found]

    def read_label(self, camera: str, sequence_id: str) -> Stored | None:
        """A sequence's label, with its ETag; None where there is none."""
        try:
            row = self._labels.get_entity(escape(camera), sequence_id)
        except ResourceNotFoundError:
            return None
        return Stored(rows.label_of(row), etag_of(row))

    def all_labels(self, camera: str | None = None) -> Iterator[Label]:
        """The labels of a camera, or of all."""
        query = "PartitionKey eq @camera" if camera else "PartitionKey ge ''"
        found = self._labels.query_entities(query, parameters={"camera": escape(camera or "")})
        return (rows.label_of(row) for row in found)

    def labels_after(self, camera: str = "", sequence_id: str = "", *, only: bool = False) -> Iterator[Label]:
        """Labels in the order of their keys, from the one after this on: of this camera only, or of all after it too.

        They are read as they are asked for, so that it does not matter how many there are.
        """
        keys = {"camera": escape(camera), "sequence_id": sequence_id}
        # Two ranges and not one query with `or`, for which the service would read the whole table.
        own = self._labels.query_entities("PartitionKey eq @camera and RowKey gt @sequence_id", parameters=keys)
        others = self._labels.query_entities("PartitionKey gt @camera", parameters=keys)
        return (rows.label_of(row) for found in (own, *(() if only else (others,))) for row in found)

    def sequence_ids(self, camera: str) -> list[str]:
        """The ids of a camera's sequences, in order."""
        return [row["RowKey"] for row in between(self._labels, camera, "", "~", select=["RowKey"])]

    def apply(self, changes: Changes, now: datetime) -> None:
        """Makes the changes, as far as nobody else was faster: whoever calls looks again.

        Raises LimitExceeded, once all others are made, for a label that no row can hold.
        """
        etags = {one.label.sequence_id: one.etag for one in changes.update}
        written, refused = rows.label_rows((*changes.create, *(one.label for one in changes.update)), now)
        operations: list[Operation] = [
            *(("create", row, {}) for row in written if row["RowKey"] not in etags),
            *(("update", row, replacing(etags[row["RowKey"]])) for row in written if row["RowKey"] in etags),
            *(("delete", _label_key(one.label), unless_changed(one.etag)) for one in changes.delete),
        ]
        for transaction in transactions(operations):
            submit(self._labels, transaction)
        if refused:
            raise refused

    def frames_of_other_recipes(self, recipe: str) -> Iterator[Frame]:
        """The decoded frames whose features another recipe made: what they are called, without what they hold."""
        found = self._frames.query_entities(
            "status eq 'ok' and recipe ne @recipe", parameters={"recipe": recipe}, select=_NAMES
        )
        return (rows.frame_of(row) for row in found)

    def frame_keys(self) -> Iterator[tuple[str, str]]:
        """Camera key and row key of every frame."""
        found = self._frames.query_entities("PartitionKey ge ''", select=_KEYS)
        return ((row["PartitionKey"], row["RowKey"]) for row in found)

    def frame_paths(self, camera: str | None = None) -> Iterator[tuple[str, str, str]]:
        """Camera, row key and path of every frame, or of one camera's."""
        query = "PartitionKey eq @camera" if camera else "PartitionKey ge ''"
        keys, select = {"camera": escape(camera or "")}, ["camera", "RowKey", "path"]
        found = self._frames.query_entities(query, parameters=keys, select=select)
        return ((row["camera"], row["RowKey"], row["path"]) for row in found)

    def answers(self, camera: str) -> Iterator[tuple[str, bytes]]:
        """Row key of every frame of a camera, in order, with the digests of the uploads that it answers."""
        found = between(self._frames, camera, "", "~~", select=_ANSWERS)
        return ((row["RowKey"], rows.answers_of(row)) for row in found)

    def write_deployments(self, deployments: Iterable[Deployment]) -> int:
        """Writes deployments, each in place of those of its identifier, whatever their camera or start; how many.

        The last counts where an identifier comes twice. Raises LimitExceeded before anything is written.
        """
        last = {one.deployment_id: one for one in deployments}
        written = {keys_of_row(row): row for row in map(rows.deployment_row, last.values())}
        replaced = [one for one in self.read_deployments() if one.deployment_id in last]
        # Whoever is interrupted leaves one twice, until it is written again, and never none.
        for row in written.values():
            self._deployments.upsert_entity(row, mode=UpdateMode.REPLACE)
        for row in map(rows.deployment_row, replaced):
            if keys_of_row(row) not in written:
                self._deployments.delete_entity(*keys_of_row(row))
        return len(last)

    def read_deployments(self, camera: str | None = None) -> Deployments:
        """The deployments of a camera, or of all."""
        query = "PartitionKey eq @camera" if camera else "PartitionKey ge ''"
        found = self._deployments.query_entities(query, parameters={"camera": escape(camera or "")})
        return Deployments(rows.deployment_of_row(row) for row in found)

    def delete_deployment(self, deployment: Deployment) -> None:
        """Deletes a deployment, if it is there; images are not touched."""
        self._deployments.delete_entity(*keys_of_row(rows.deployment_row(deployment)))

    def forget(self, camera: str) -> int:
        """Deletes what was made of a camera's images; how many rows were found, so that whoever calls looks again.

        Failures stay, which are of queues, and deployments: where a camera stood is true without its images too.
        """
        found = 0
        for table in (self._frames, self._days, self._labels, self._judged, self._decisions, self._alerts):
            there = [dict(row) for row in between(table, camera, "", "~~", select=_KEYS)]
            for lot in transactions([("delete", row, {}) for row in there]):
                submit(table, lot)
            found += len(there)
        return found


def _label_key(label: Label) -> Row:
    return {"PartitionKey": escape(label.camera), "RowKey": label.sequence_id}
