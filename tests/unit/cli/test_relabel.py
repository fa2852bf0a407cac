"""`uncia relabel` ends: when every day is done, or with one sentence that says which are not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from cli.relabel import named
from shared.day import Ask
from shared.failure import buried
from tests.unit.shared.making import head, seen

from .conftest import Answer
from .stored import NOW, Site

type Uncia = Callable[..., Answer]
ONE, TWO, THREE = (head(name=name) for name in ("one", "two", "three"))
DAY = 86_400


@pytest.fixture
def archive(site: Site) -> Site:
    """Three days of two cameras, settled under the first head; the second is current."""
    site.heads.publish(ONE)
    site.hold(seen(0), seen(DAY), seen(0, camera="Ridge\n1"))
    site.heads.publish(TWO)
    return site


def behaving(site: Site, monkeypatch: pytest.MonkeyPatch, answer: Callable[[Ask], None]) -> None:
    monkeypatch.setattr(site, "answer", answer)
    monkeypatch.setattr("cli.waiting.POLL_SECONDS", 0)


def test_every_day_of_another_head_is_labelled_by_the_current_one(archive: Site, uncia: Uncia) -> None:
    version = archive.heads.latest().version  # type: ignore[union-attr]
    assert uncia("relabel") == (0, "", f"3 camera-days labelled by head {version}\n")
    assert {one.head for one in archive.tables.all_labels()} == {version}
    assert uncia("relabel").err == f"0 camera-days labelled by head {version}\n"
    assert uncia("relabel", "--all").err == f"3 camera-days labelled by head {version}\n"


def test_a_head_published_meanwhile_ends_it_too(archive: Site, uncia: Uncia, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = archive.answer
    newer = archive.heads.publish(ONE).version
    archive.heads.publish(TWO)

    def publish(ask: Ask) -> None:
        archive.heads.publish(THREE)
        answer(ask)

    archive.hold(seen(2 * DAY))
    behaving(archive, monkeypatch, publish)
    done = uncia("relabel")
    assert done.code == 0
    assert "3 camera-days labelled by head" in done.err
    assert f"Head {archive.heads.latest().version} was published meanwhile: `uncia relabel`" in done.err  # type: ignore[union-attr]
    assert newer not in done.err


def give_up(archive: Site, content: str, at: datetime) -> None:
    archive.failures.bury(buried("sequences", content, at, None, None, at))


def test_days_that_fail_are_named(archive: Site, uncia: Uncia, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = archive.answer
    give_up(archive, Ask("cam", "20260201").encode(), NOW - timedelta(days=1))
    give_up(archive, "nonsense", NOW)
    give_up(archive, Ask("Ridge\n1", "20260131").encode(), NOW - timedelta(days=1))

    def fail(ask: Ask) -> None:
        if ask.camera == "cam":
            return answer(ask)
        return give_up(archive, ask.encode(), NOW)

    behaving(archive, monkeypatch, fail)
    assert uncia("relabel") == (1, "", "uncia: 1 camera-day failed (Ridge�1 20260131): `uncia failures` says why\n")


def test_where_no_host_runs_it_says_so(archive: Site, uncia: Uncia, monkeypatch: pytest.MonkeyPatch) -> None:
    behaving(archive, monkeypatch, lambda ask: None)
    monkeypatch.setattr("cli.waiting.PATIENCE_SECONDS", 0)
    assert uncia("relabel").err == (
        "uncia: for 0 minutes nothing was done, 3 are left: no host seems to run; "
        "what was asked for waits in the queue until one does\n"
    )


def test_ctrl_c_says_that_the_work_goes_on(archive: Site, uncia: Uncia, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(ask: Ask) -> None:
        raise KeyboardInterrupt

    behaving(archive, monkeypatch, interrupt)
    told = "What was asked for goes on without this command; `uncia relabel` asks for what is left.\n"
    assert uncia("relabel") == (130, "", told)


def test_without_a_head_there_is_nothing_to_label_by(site: Site, uncia: Uncia) -> None:
    assert uncia("relabel").err.startswith("uncia: no head is published: train one")


def test_many_days_are_named_by_the_first_three() -> None:
    assert named(Ask("a", f"2026010{n}") for n in range(5, 0, -1)) == ("a 20260101, a 20260102, a 20260103 and 2 more")
