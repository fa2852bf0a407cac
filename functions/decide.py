"""What a reviewer sends is decided; each decision is answered by itself."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from functions.judge import Judged
from functions.web import Answer, Asked
from shared.decision import Decision, decisions
from shared.deployment import Clocks
from shared.sheet import sheet, standing

WORKERS = 8


def run(asked: Asked, *, judge: Callable[[Decision], Judged], clocks: Clocks, now: datetime) -> Answer:
    """Every decision in the order sent: the label as it is now, or whose word stands in the way. `now` is UTC."""
    wanted = decisions(asked.json(), asked.who, now)
    sequences: dict[tuple[str, str], list[Decision]] = {}
    for one in wanted:
        sequences.setdefault((one.camera, one.sequence_id), []).append(one)
    with ThreadPoolExecutor(WORKERS) as pool:
        made = pool.map(lambda own: [(id(one), judge(one)) for one in own], sequences.values())
        judged = dict(pair for own in made for pair in own)
    return Answer.of({"decided": [_told(judged[id(one)], clocks) for one in wanted]})


def _told(judged: Judged, clocks: Clocks) -> dict[str, Any]:
    label, other = judged.label, judged.standing
    return {"label": label and sheet(label, clocks), "standing": other and standing(other)}
