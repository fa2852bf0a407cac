"""An export, some labels at a time: a page puts the texts together to files of any size."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from functions import telemetry
from shared.export.asked import Asked
from shared.export.stretch import stretch
from shared.trace import Trace

if TYPE_CHECKING:
    from shared.store import Store


def run(query: Mapping[str, str], *, store: Store, offset: timezone, now: datetime) -> dict[str, Any]:
    """The texts of the next labels, by part, and `after`, with which to ask for those that follow; empty at the end.

    Asks of the query: `format`, and if wanted `camera`, `first` and `last` (2026-01-31), `label`, `reviewed`,
    `machine`, `project` (the text of a project file) and `after`. The first answer has `before`, the last one `end` and
    `warnings`; `files` says of which parts, in which order, each file is made: of each part what is `before`, all its
    texts, and its `end`. Raises UnciaError. `offset` is that of cameras without a deployment, `now` is UTC.
    """
    with telemetry.step("export", Trace()):
        asked = Asked.of(query)
        mark = asked.mark or asked.begin(store.briefs(asked.camera), now)
        survey = asked.survey(mark, store.read_deployments(), offset)
        labels = store.labels_after(mark.camera, mark.sequence_id, only=bool(asked.camera))
        return asked.answer(mark, survey, stretch(labels, asked.form, survey, asked.wanted, mark.tally))
