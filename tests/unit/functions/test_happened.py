"""The step behind the page: what a query may say, and what it reads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from types import SimpleNamespace

import pytest

from functions import happened
from shared.brief import Brief
from shared.deployment import Deployments
from shared.errors import UnciaError

NOW = datetime(2026, 2, 1, tzinfo=UTC)


def brief(camera: str, day: int) -> Brief:
    key = f"202601{day:02}T120000000000~a"
    return Brief(camera=camera, sequence_id=key, label="fox", scores={"fox": 0.9}, n_frames=1, seconds=0.0)


def stored() -> SimpleNamespace:
    kept = [brief("a", 1), brief("a", 9), brief("b", 5)]

    def briefs(camera: str) -> Iterator[Brief]:
        return (one for one in kept if camera in ("", one.camera))

    return SimpleNamespace(briefs=briefs, read_deployments=lambda: Deployments([]))


def run(**query: str) -> dict[str, object]:
    return happened.run(query, store=stored(), offset=timezone(timedelta(hours=8)), now=NOW)


def test_everything_is_counted_unless_something_is_asked() -> None:
    assert run()["sequences"] == 3
    assert run(camera="a")["sequences"] == 2
    assert run(**{"from": "2026-01-05", "to": "2026-01-05"})["sequences"] == 1


def test_what_was_asked_is_told_again() -> None:
    query = {"camera": "a", "from": "2026-01-02", "to": "2026-01-31", "machine": "1", "gap": "12.5"}
    assert run(**query)["asked"] == query | {"machine": True, "gap": 12.5}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("from", "1/2/2026"), ("to", "2026-02-30"), ("machine", "yes"), ("gap", "half an hour"), ("gap", "nan"),
        ("gap", "-1"), ("gap", "1441"), ("from", "9999-12-32"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(UnciaError, match=rf"^{name} is '{value}': "):
        run(**{name: value})


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(UnciaError, match="ends on 2026-01-01, before it begins on 2026-01-02"):
        run(**{"from": "2026-01-02", "to": "2026-01-01"})
