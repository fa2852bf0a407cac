"""What the app answers over the web: to whom, with what around it, and in one sentence where it does not."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import azure.functions as func
import pytest

from functions import aggregate, decide, judge, pages, picture, wall, web
from functions.web import Answer, Asked
from shared.brief import Brief
from shared.deployment import Clocks, Deployments
from shared.errors import Refused, UnciaError
from shared.label import Changes, labels
from shared.rate import Rate
from shared.remembered import Remembered
from shared.sequence import Limits
from tests.memory import MemoryQueue, MemoryStore
from tests.unit.shared.making import FakeHead, corrupt, deployment, frame, note_due, seen

NOW = datetime(2026, 2, 1, 8, tzinfo=UTC)
HERE = Clocks()
PAGE = {"X-Uncia": "1", "Content-Type": "application/json", "X-Uncia-Name": "Ana"}


@pytest.fixture
def one_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web.settings, "local", lambda: True)


def request(method: str = "GET", body: bytes = b"", headers: Any = None, **query: str) -> func.HttpRequest:
    return func.HttpRequest(
        method, "http://here/api/x", headers=headers or {}, params=query, route_params={}, body=body
    )


def answered(step: Any, asked: func.HttpRequest, **options: Any) -> tuple[int, Any, Any]:
    given = web.answer(asked, step, **options)
    return given.status_code, json.loads(given.get_body()), given.headers


def store(*frames: Any) -> Any:
    made = MemoryStore()
    for one in frames:
        made.write_frame(one, "")
        note_due(made, one.camera, one.day, NOW)
    told = labels(frames, Limits(), FakeHead())
    made.apply(Changes(tuple(told), (), ()), NOW)
    for day in [*made.read_days()]:
        made.tell(day, [Brief.of(one) for one in told if one.sequence_id.startswith(day.day)])
    return made


def refused(asked: Asked) -> Answer:
    raise UnciaError("no")


@pytest.mark.usefixtures("one_machine")
@pytest.mark.parametrize(
    ("step", "options", "status"),
    [
        (lambda asked: Answer.of({}), {}, 200), (lambda asked: Answer(b"{}", headers={"ETag": "1"}), {}, 200),
        (refused, {}, 400), (refused, {"writes": True}, 403), (refused, {"rate": Rate(burst=0, per_second=1)}, 429),
    ],
)  # fmt: skip
def test_every_answer_forbids_what_pages_of_others_could_do(step: Any, options: Any, status: int) -> None:
    found, _, headers = answered(step, request(), **options)
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    shut = ("default-src", "frame-ancestors", "base-uri", "form-action")
    assert (found, {policy[name] for name in shut}) == (status, {"'none'"})
    assert {policy[name] for name in ("script-src", "style-src", "connect-src")} == {"'self'"}
    assert (headers["X-Content-Type-Options"], headers["Cache-Control"]) == ("nosniff", "no-store")
    other = ("Cross-Origin-Resource-Policy", "Cross-Origin-Opener-Policy", "Referrer-Policy")
    assert {headers[name] for name in other} == {"same-origin"}


def test_on_azure_nobody_is_answered_who_did_not_come_through_the_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web.settings, "local", lambda: False)
    step = partial(wall.run, store=store(seen(0)), clocks=HERE)
    forged = {"X-MS-CLIENT-PRINCIPAL-NAME": "ana@example.org", "X-Uncia-Name": "Ana"}
    assert answered(step, request(headers=forged))[0] == 403
    monkeypatch.setattr(web.settings, "guarded", lambda: True)
    assert answered(step, request(headers={"X-Uncia-Name": "Ana"}))[0] == 401
    assert answered(step, request(headers=forged))[0] == 200


@pytest.mark.usefixtures("one_machine")
def test_a_mistake_is_told_in_one_sentence() -> None:
    step = partial(wall.run, store=store(), clocks=HERE)
    assert answered(step, request(order="best"))[:2] == (
        400, {"error": "order is 'best': it is one of newest, oldest, uncertain, probable"},
    )  # fmt: skip


@pytest.mark.usefixtures("one_machine")
def test_who_asks_too_often_is_told_when_to_ask_again_and_nobody_else_is() -> None:
    ran, rate = list[str](), Rate(burst=2, per_second=0.1)

    def step(asked: Asked) -> Answer:
        ran.append(asked.who)
        return Answer.of({})

    ana, ben = ({"X-Uncia-Name": name} for name in ("Ana", "Ben"))
    told = [answered(step, request(headers=who), rate=rate) for who in (ana, ana, ana, ben)]
    assert [status for status, _, _ in told] == [200, 200, 429, 200]
    assert (told[2][2]["Retry-After"], ran) == ("10", ["Ana", "Ana", "Ben"])
    assert told[2][1] == {"error": "you ask faster than Uncia can answer: wait a moment"}


def test_who_may_not_ask_uses_up_nobodys_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web.settings, "local", lambda: False)
    rate = Rate(burst=1, per_second=0.1)
    assert {answered(lambda asked: Answer.of({}), request(), rate=rate)[0] for _ in range(20)} == {403}
    assert rate.wait("", 0.0) == 0


@pytest.mark.usefixtures("one_machine")
@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b"\xff"])
def test_what_is_no_json_is_refused(body: bytes) -> None:
    step = partial(decide.run, judge=lambda one: pytest.fail("nothing is decided"), clocks=HERE, now=NOW)
    assert answered(step, request("POST", body, PAGE), writes=True)[0] == 400


@pytest.mark.usefixtures("one_machine")
def test_too_much_at_once_is_refused() -> None:
    step = partial(decide.run, judge=lambda one: pytest.fail("nothing is decided"), clocks=HERE, now=NOW)
    assert answered(step, request("POST", b" " * (web.MOST_BYTES + 1), PAGE), writes=True)[0] == 413


@pytest.mark.usefixtures("one_machine")
def test_decisions_are_answered_in_their_order_each_with_its_label() -> None:
    frames = [seen(0), seen(1), seen(500)]
    kept = store(*frames)
    queue: Any = MemoryQueue()
    see_to = partial(aggregate.see_to, store=kept, sequences=queue, settle=timedelta(), remembered=Remembered())
    see_to = partial(see_to, now=lambda: NOW)
    run = partial(judge.run, store=kept, see_to=see_to, now=lambda: NOW)
    first = {"camera": "cam", "sequence_id": seen(0).row_key, "frames": [one.row_key for one in frames[:2]]}
    second = {"camera": "cam", "sequence_id": seen(500).row_key, "frames": [seen(500).row_key]}
    sent = {"decisions": [first | {"said": "cat"}, second | {"said": "dog"}, first | {"said": "fox"}]}
    step = partial(decide.run, judge=run, clocks=HERE, now=NOW)
    status, told, _ = answered(step, request("POST", json.dumps(sent).encode(), PAGE), writes=True)
    assert status == 200
    assert [one["label"]["judged"]["said"] for one in told["decided"]] == [["cat"], ["dog"], ["fox"]]
    assert told["decided"][2]["label"]["judged"]["by"] == "Ana"


def test_the_wall_shows_sequences_with_their_frames_and_the_true_time() -> None:
    clocks = Clocks(Deployments([replace(deployment(), correction=timedelta(hours=1), clock_note="was slow")]))
    told = json.loads(wall.run(Asked("Ana", {}), store=store(seen(0), corrupt(1), seen(500)), clocks=clocks).body)
    assert (told["sequences"], told["reviewed"], told["after"]) == (2, 0, "")
    first = told["shown"][1]
    assert [one["key"] for one in first["frames"]] == [seen(0).row_key, corrupt(1).row_key]
    assert (first["start"], first["local"]) == ("2026-01-31T12:00:00", "2026-01-31T13:00:00+05:45")
    assert (first["place"], first["clock"], first["reviewed"], first["judged"]) == ("d1", "was slow", "no", None)
    assert first["frames"][1]["local"] == "2026-01-31T13:00:01+05:45"


def test_what_no_longer_fits_is_left_out_of_the_wall() -> None:
    kept = store(seen(0), seen(500))
    gone, changed = kept.all_labels()
    kept.apply(Changes((), (), tuple(kept.read_labels("cam", gone.sequence_id, gone.sequence_id))), NOW)
    shown = json.loads(wall.run(Asked("Ana", {"label": "leopard"}), store=kept, clocks=HERE).body)["shown"]
    assert [one["sequence_id"] for one in shown] == [changed.sequence_id]


def test_what_the_wall_can_be_filtered_by_comes_with_the_heads_thresholds() -> None:
    about = wall.about(Asked("Ana", {}), store=store(seen(0)), head=lambda: FakeHead(), local=True)  # type: ignore[arg-type,return-value]
    told = json.loads(about.body)
    assert (told["who"], told["local"], told["head"]) == ("Ana", True, "head 1")
    assert (told["classes"], told["labels"]) == ({"blank": 0.6, "leopard": 0.6}, [["leopard", 1]])
    assert json.loads(wall.about(Asked("", {}), store=store(), head=lambda: None, local=False).body)["classes"] == {}


def test_pages_are_the_files_of_one_folder_and_nothing_else() -> None:
    page = pages.run(Asked("", {}, ""))
    assert page.kind == "text/html"
    assert pages.run(Asked("", {}, "", unless=page.headers["ETag"])).status == 304
    assert pages.run(Asked("", {}, "review.js")).kind == "text/javascript"
    for name in ("../function_app.py", "..%2ffunction_app.py", "/etc/passwd", "review.html/x", "web", "."):
        with pytest.raises(Refused, match="no such page"):
            pages.run(Asked("", {}, name))


def test_a_picture_is_of_the_frame_that_is_named() -> None:
    one = frame(0, features=b"\0\0", preview=b"\xff\xd8\xff small")
    kept, asked = store(one), Asked("", {"camera": "cam", "frame": one.row_key})
    small = picture.preview(asked, store=kept)
    assert (small.body, small.kind) == (b"\xff\xd8\xff small", "image/jpeg")
    assert "immutable" in small.headers["Cache-Control"]
    for key, why in (("x", "no such frame"), (seen(9).row_key, "no preview")):
        with pytest.raises(Refused, match=why):
            picture.preview(Asked("", {"camera": "cam", "frame": key}), store=kept)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"<svg onload=alert(1)>", ""),
        (b"<html>", ""),
        (None, ""),
    ],
)
def test_an_image_is_shown_as_what_it_is_or_not_at_all(content: bytes | None, kind: str) -> None:
    one = frame(0, features=b"\0\0", path="cam/a.html")
    step = partial(picture.image, store=store(one), read=lambda name, most: content if name == "cam/a.html" else None)
    asked = Asked("", {"camera": "cam", "frame": one.row_key})
    if kind:
        assert step(asked).kind == kind
    else:
        with pytest.raises(UnciaError):
            step(asked)
