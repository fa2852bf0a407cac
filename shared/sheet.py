"""A label as the review page gets it: JSON with all that a person decides on."""

from __future__ import annotations

from typing import Any

from shared.brief import Brief
from shared.deployment import Clocks
from shared.label import Label, Shot
from shared.rows import label_json, shot_json
from shared.verdict import Verdict
from shared.wish import reviewed


def sheet(label: Label, clocks: Clocks) -> dict[str, Any]:
    """A label with its frames' keys and verdicts, what people made of it, and where and when it truly was."""
    said = label.judgement
    judged = said and {"said": said.said, "by": said.by, "at": said.at.isoformat(), "complete": said.complete}
    brief, where, local = (
        Brief.of(label),
        clocks.where(label.camera, label.start),
        clocks.true(label.camera, label.start),
    )
    return label_json(label) | {
        "frames": [_frame(shot, label.camera, clocks) for shot in label.frames],
        "place": where and where.place,
        "local": local and local.isoformat(),
        "clock": where.clock_note if where else "",
        "judged": judged,
        "reviewed": reviewed(brief),
        "before": brief.before,
    }


def standing(verdict: Verdict) -> dict[str, str]:
    """A verdict that stands in somebody's way."""
    return {"said": verdict.said, "by": verdict.by, "at": verdict.at.isoformat()}


def _frame(shot: Shot, camera: str, clocks: Clocks) -> dict[str, Any]:
    verdict, local = shot.verdict, clocks.true(camera, shot.captured_at)
    told = verdict and standing(verdict) | {"of": "sequence" if verdict.of_sequence else "frame"}
    return shot_json(shot) | {"key": shot.row_key, "verdict": told, "local": local and local.isoformat()}
