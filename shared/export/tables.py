"""CSV for people: a row for each sequence, or for each frame, which spreadsheets open as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from shared.export import cells
from shared.export.form import Form, Rows
from shared.export.records import FrameRecord, SequenceRecord, frame_record, sequence_record
from shared.export.survey import Placed, Survey
from shared.export.tally import Tally

_TABLE = "table"
# Times of these are exact, so that what people said comes back as it was; others are told to the second.
_EXACT = ("at", "captured_at", "camera_start", "camera_end")
# Scores of classes that no label had when the header was written.
_MORE = "more_scores"


def _columns(kind: type[SequenceRecord | FrameRecord]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.name != "scores")


def _header(kind: type[SequenceRecord | FrameRecord], survey: Survey) -> dict[str, str]:
    scores = (cells.harmless(f"score_{name}") for name in survey.classes)
    return {_TABLE: cells.line([*_columns(kind), *scores, _MORE])}


def _row(record: SequenceRecord | FrameRecord, survey: Survey) -> str:
    scores = [cells.number(record.scores.get(name)) for name in survey.classes]
    more = (f"{name}={cells.number(score)}" for name, score in record.scores.items() if name not in survey.classes)
    told = [_cell(name, getattr(record, name)) for name in _columns(type(record))]
    return cells.line([*told, *scores, cells.harmless(" | ".join(more))])


def _cell(column: str, value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return cells.flag(value)
        case datetime():
            return value.isoformat() if column in _EXACT else cells.moment(value)
        case float():
            return cells.number(value)
        case _:
            return cells.harmless(str(value))


def _sequence(placed: Placed, survey: Survey, tally: Tally) -> Rows:
    return {_TABLE: [_row(sequence_record(placed), survey)]}


def _frames(placed: Placed, survey: Survey, tally: Tally) -> Rows:
    return {_TABLE: [_row(frame_record(photo, placed), survey) for photo in placed.photos]}


def _nothing(survey: Survey, tally: Tally) -> Mapping[str, str]:
    return {}


SEQUENCES = Form(
    name="csv",
    files={"sequences.csv": (_TABLE,)},
    before=lambda survey: _header(SequenceRecord, survey),
    rows=_sequence,
    after=_nothing,
    scored=True,
)
FRAMES = Form(
    name="frames-csv",
    files={"frames.csv": (_TABLE,)},
    before=lambda survey: _header(FrameRecord, survey),
    rows=_frames,
    after=_nothing,
    scored=True,
)
