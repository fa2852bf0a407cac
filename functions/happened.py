"""What happened is counted from sequences in brief, for the page of that name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from shared.story.asked import Asked
from shared.story.happened import happened
from shared.story.told import told

if TYPE_CHECKING:
    from shared.store import Store


def run(query: Mapping[str, str], *, store: Store, offset: timezone, now: datetime) -> dict[str, Any]:
    """The numbers of all charts, for JSON; raises UnciaError for a query that cannot be read.

    `query` may have camera, from, to (local dates), machine (1: what people said is left aside) and gap (minutes).
    `offset` is that of cameras without a deployment, and says which date it is `now` (UTC).
    """
    asked = Asked.of(query)
    # All days are read, since a clock that was wrong by years is put right only now.
    briefs, deployments, today = store.briefs(asked.camera), store.read_deployments(), now.astimezone(offset).date()
    return told(happened(briefs, deployments, offset, asked, today=today))
