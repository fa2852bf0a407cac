"""Asking the stack to retrain, and reading what came of it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shared import verdict
from shared.errors import UnciaError
from shared.failures import Failures
from shared.heads import Heads
from shared.retraining import Retraining
from shared.store import Store
from training.aim import Aim
from training.manifest import Classes
from training.outcome import Outcome, understood

POLL_SECONDS = 1.0
CURRENT, CANDIDATE, EARLIER = "current", "candidate", "earlier"


def check(wanted: Retraining, tables: Store, heads: Heads) -> None:
    """Raises UnciaError for rules, an aim or a name that cannot be read, and for verdicts of fewer than two classes."""
    if wanted.by:
        verdict.check("the name of who asks", wanted.by)
    current = heads.latest()
    wish = wanted.filled(current.metadata if current else {})
    if wish.aim:
        Aim.parse(wish.aim)
    rules = Classes.parse(wish.classes) if wish.classes else Classes()
    known = {rules.of(one.verdict.said) for one in tables.verdicts()} - {None}
    if len(known) < 2:
        raise UnciaError(
            f"a head needs at least two classes, the verdicts have {', '.join(map(str, known)) or 'none'}: "
            "`uncia verdicts import` brings them in"
        )


def answer(wanted: Retraining, heads: Heads, failures: Failures, before: Mapping[str, datetime]) -> Outcome:
    """The outcome of a request, as soon as it is there; raises UnciaError where the stack gave up."""
    while True:
        for version, written in heads.reports().items():
            if (
                before.get(version) != written
                and (outcome := read(heads, version))
                and outcome.request == wanted.request
            ):
                return outcome
        for failure in failures.all("retrain", bodies=True):
            if wanted.request.encode() in failure.body:
                raise UnciaError(f"the stack could not retrain: {failure.why}")
        time.sleep(POLL_SECONDS)


def read(heads: Heads, version: str) -> Outcome | None:
    """The report on a head; None where there is none, or none that this version can read."""
    return understood(heads.report(version))


def listed(heads: Heads) -> list[dict[str, Any]]:
    """Every head, the last written first: version, when it was written (UTC), state, and one line of its report."""
    current = heads.latest()
    reported = heads.reports()
    rows = []
    for version, written in sorted(heads.kept().items(), key=lambda one: (one[1], one[0]), reverse=True):
        outcome = read(heads, version) if version in reported else None
        rows.append({
            "head": version,
            "written": written.isoformat(timespec="seconds"),
            "state": CURRENT if current and current.version == version else _state(outcome),
            "report": outcome.line if outcome else "",
        })  # fmt: skip
    return rows


def _state(outcome: Outcome | None) -> str:
    return CANDIDATE if outcome and not outcome.becomes_current else EARLIER
