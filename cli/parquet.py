"""Sequences and frames in Parquet, in batches: for R's arrow, Python, DuckDB and Spark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from itertools import batched
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from shared.export.records import FrameRecord, SequenceRecord, frame_record, sequence_record
from shared.export.survey import Survey
from shared.export.tally import Tally
from shared.label import Label

# Some 100 MB of Python objects at the most, and row groups that are large enough to be quick.
BATCH = 5_000
# Instants; the clocks of cameras have no zone.
_INSTANTS = ("start", "end", "time", "at")
_TYPES = {
    "str": pa.string(), "bool": pa.bool_(), "int": pa.int32(), "float | None": pa.float64(),
    "Mapping[str, float]": pa.map_(pa.string(), pa.float64()),
}  # fmt: skip

type Record = SequenceRecord | FrameRecord


def write(labels: Iterable[Label], survey: Survey, tally: Tally, files: Sequence[Path]) -> None:
    """Writes a table of sequences and one of frames to these files. The tally grows by the labels."""
    schemas = {SequenceRecord: _schema(SequenceRecord), FrameRecord: _schema(FrameRecord)}
    sequences, frames = files
    with (
        parquet.ParquetWriter(sequences, schemas[SequenceRecord], compression="zstd") as of_sequences,
        parquet.ParquetWriter(frames, schemas[FrameRecord], compression="zstd") as of_frames,
    ):
        for some in batched(labels, BATCH, strict=False):
            placed = [survey.placed(label) for label in some]
            for one in placed:
                tally.add(one)
            of_sequences.write_table(_table(map(sequence_record, placed), schemas[SequenceRecord]))
            records = (frame_record(photo, one) for one in placed for photo in one.photos)
            for lot in batched(records, BATCH, strict=False):
                of_frames.write_table(_table(lot, schemas[FrameRecord]))


def _schema(kind: type[Record]) -> pa.Schema:
    return pa.schema([(field.name, _type(field.name, str(field.type))) for field in fields(kind)])


def _type(name: str, said: str) -> pa.DataType:
    return _TYPES.get(said) or pa.timestamp("us", tz="UTC" if name in _INSTANTS else None)


def _table(records: Iterable[Record], schema: pa.Schema) -> pa.Table:
    return pa.Table.from_pylist([dict(_cells(record, schema)) for record in records], schema=schema)


def _cells(record: Record, schema: pa.Schema) -> Iterator[tuple[str, Any]]:
    for name in schema.names:
        value = getattr(record, name)
        if isinstance(value, datetime) and value.tzinfo:
            value = value.astimezone(UTC)
        yield name, [*value.items()] if isinstance(value, Mapping) else value
