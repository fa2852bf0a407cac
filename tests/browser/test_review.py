"""The review page on the real stack, in Chromium: keys alone, two people, a broken network, hostile names, phones."""

from __future__ import annotations

import hashlib
import io
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, Page, expect

from cli import stack, storage
from shared.day import Ask
from shared.deployment import Clocks
from shared.export import forms
from shared.export.form import Form
from shared.export.survey import Survey
from shared.export.tally import Tally
from shared.frame import Frame, Status
from shared.store import Store
from tests.unit.shared import making
from tests.unit.shared.making import note_due

pytestmark = pytest.mark.browser
CLASSES = ("blank", "ibex", "snow_leopard", "fox")
COLOURS = {"blank": "#7d8a78", "ibex": "#8a5a33", "snow_leopard": "#c9c4b4", "fox": "#c76a2a"}
START = datetime(2024, 3, 14, 21, 14, 8)
HOSTILE = "<img src=x onerror=\"window.hurt=1\"> & 'Ridge' \u202ecod.exe"
CAMERAS = {
    "Keys": 60,
    "Range": 12,
    "Two": 3,
    "Network": 6,
    "Film": 2,
    "Phone": 7,
    "Undo": 2,
    "Names": 1,
    HOSTILE: 2,
    "Über №2/ä#?": 2,
}
NOW = datetime(2026, 2, 1)


@dataclass(frozen=True)
class Running:
    url: str
    store: Store

    def said(self, camera: str) -> list[str]:
        """What people said of a camera's sequences, in their order; nothing for each that nobody judged."""
        return [one.judgement.text if one.judgement else "" for one in self.store.all_labels(camera)]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with stack.started(tmp_path_factory.mktemp("review"), {}) as (local, _):
        tables = storage.store(local.storage)
        head = storage.heads(local.storage).publish(
            making.head(outputs=len(CLASSES), classes=CLASSES, thresholds=dict.fromkeys(CLASSES, 0.6))
        )
        for camera, sequences in CAMERAS.items():
            for frame in frames(camera, sequences, head.version):
                tables.write_frame(frame, "")
            for day in {frame.day for frame in frames(camera, sequences, head.version)}:
                note_due(tables, camera, day, NOW.astimezone())
                storage.sequences(local.storage).send_message(Ask(camera, day).encode())
        end = time.monotonic() + 60
        while len([*tables.all_labels()]) < sum(CAMERAS.values()) or not local.at_rest(0):
            assert time.monotonic() < end
            time.sleep(0.1)
        yield Running(local.url, tables)


def frames(camera: str, sequences: int, head: str) -> Iterator[Frame]:
    """Three frames a sequence, an hour apart; every seventh sequence is doubtful, and one frame in all is corrupt."""
    for number in range(sequences):
        shown = CLASSES[number % len(CLASSES)]
        for shot in range(3):
            at = START + timedelta(hours=number, seconds=4 * shot)
            sure = 0.4 if number % 7 == 6 else 0.9
            rest = round((1 - sure) / 3, 6)
            digest = hashlib.sha256(f"{camera}{number}{shot}".encode()).hexdigest()
            made: dict[str, Any] = {
                "camera": camera,
                "path": f"{camera}/IMG_{number:04}_{shot}.JPG",
                "digest": digest,
                "captured_at": at,
            }
            if (camera, number, shot) == ("Film", 0, 1):
                yield Frame(**made | {"head": "", "status": Status.CORRUPT, "reason": "OSError: truncated"})
            else:
                scores = {name: sure if name == shown else rest for name in CLASSES}
                yield Frame(
                    **made,
                    features=b"\0\0" * 4,
                    recipe="sha~0.0~0.0",
                    head=head,
                    scores=scores,
                    preview=drawn(shown, shot),
                )


def drawn(shown: str, shot: int) -> bytes:
    picture = Image.new("RGB", (320, 240), "#9fb1bd")
    draw = ImageDraw.Draw(picture)
    draw.polygon([(0, 170), (90, 70), (170, 150), (230, 90), (320, 180), (320, 240), (0, 240)], "#6f7468")
    if shown != "blank":
        draw.ellipse([60 + 70 * shot, 140, 160 + 70 * shot, 200], COLOURS[shown])
    file = io.BytesIO()
    picture.save(file, "JPEG")
    return file.getvalue()


@pytest.fixture
def complaints() -> list[str]:
    """What pages complained of, and what they asked of others than the app."""
    return []


@pytest.fixture
def person(browser: Browser, running: Running, complaints: list[str]) -> Iterator[Callable[..., Page]]:
    """Opens the page for somebody; every window of a test is closed at its end."""
    opened: list[BrowserContext] = []

    def open_(name: str = "Ana", query: str = "", **options: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 860}} | options)
        context.add_init_script(f"localStorage.getItem('uncia.name') || localStorage.setItem('uncia.name', '{name}')")
        opened.append(context)
        tab = context.new_page()
        tab.on("console", lambda message: complaints.append(message.text))
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.on("request", lambda asked: None if asked.url.startswith(running.url) else complaints.append(asked.url))
        tab.goto(f"{running.url}/api/review?{query}")
        expect(tab.locator(".tile").first).to_be_visible()
        expect(tab.locator("#who")).to_contain_text(name)
        return tab

    yield open_
    for context in opened:
        context.close()


def press(tab: Page, keys: str) -> None:
    for key in keys.split():
        tab.keyboard.press({"Space": " "}.get(key, key))


def all_saved(tab: Page) -> None:
    expect(tab.locator("#saved")).to_have_text("All saved", timeout=20_000)


def test_a_review_by_keys_alone_is_on_the_frames_with_who_and_when(
    person: Callable[..., Page], running: Running, complaints: list[str], picture: Callable[..., None]
) -> None:
    tab = person(query="camera=Keys&order=oldest")
    loads = tab.evaluate("performance.getEntriesByType('navigation').length + performance.timeOrigin")
    picture(tab, "review-wall")
    press(tab, "a b i s f")
    expect(tab.locator(".tile[aria-current=true]")).to_have_attribute("data-id", re.compile("T02140"))
    press(tab, "Enter")
    expect(tab.locator("#large")).to_be_visible()
    picture(tab, "review-large")
    press(tab, "a Escape u")
    all_saved(tab)
    assert running.said("Keys")[:7] == ["blank", "blank", "ibex", "snow_leopard", "fox", "", ""]
    (label,) = running.store.read_labels("Keys", "20240314T211408", "20240314T211409")
    assert label.label.judgement
    assert (label.label.judgement.by, label.label.label) == ("Ana", "blank")
    for number in range(5, 60):
        expect(tab.locator(f".tile:nth-child({number + 1})")).to_have_attribute("aria-current", "true")
        press(tab, "a" if number % 7 != 6 else "f")
    press(tab, "b b")  # beyond the last nothing is decided any more
    all_saved(tab)
    assert all(running.said("Keys"))
    expect(tab.locator("#count")).to_have_text("60 of 60 sequences reviewed")
    assert loads == tab.evaluate("performance.getEntriesByType('navigation').length + performance.timeOrigin")
    assert complaints == []


def test_a_range_is_decided_at_once_and_undone_at_once(person: Callable[..., Page], running: Running) -> None:
    tab = person(query="camera=Range&order=oldest")
    press(tab, "j Shift+ArrowRight Shift+ArrowRight Shift+ArrowRight")
    expect(tab.locator(".tile[aria-selected=true]")).to_have_count(4)
    press(tab, "f")
    all_saved(tab)
    assert running.said("Range")[:6] == ["", "fox", "fox", "fox", "fox", ""]
    press(tab, "u")
    all_saved(tab)
    assert running.said("Range")[:6] == [""] * 6
    press(tab, "Control+a b")
    all_saved(tab)
    assert set(running.said("Range")) == {"blank"}


def test_a_species_that_no_head_knows_gets_a_key_of_its_own(person: Callable[..., Page], running: Running) -> None:
    tab = person(query="camera=Range&order=oldest")
    press(tab, "n")
    tab.keyboard.type("Lynx lynx")
    press(tab, "Enter")
    expect(tab.locator("#keys")).to_contain_text("Lynx lynx")
    press(tab, "l")
    all_saved(tab)
    assert running.said("Range")[:2] == ["Lynx lynx"] * 2


def test_two_people_do_not_lose_each_others_word(
    person: Callable[..., Page], running: Running, picture: Callable[..., None]
) -> None:
    ana, ben = person("Ana", "camera=Two&order=oldest"), person("Ben", "camera=Two&order=oldest")
    press(ben, "f")
    all_saved(ben)
    press(ana, "i b")
    clash = ana.locator(".tile").first
    expect(clash).to_contain_text("Ben said fox meanwhile; you said ibex, which is not saved.")
    picture(ana, "review-clash")
    all_saved(ana)
    assert running.said("Two") == ["fox", "blank", ""]
    clash.get_by_role("button", name="Mine").click()
    all_saved(ana)
    assert running.said("Two") == ["ibex", "blank", ""]
    assert [(one.by, one.said) for one in running.store.decisions("Two")] == [
        ("Ben", "fox"),
        ("Ana", "blank"),
        ("Ana", "ibex"),
    ]


def test_what_cannot_be_saved_says_so_is_tried_again_and_survives_a_reload(
    person: Callable[..., Page], running: Running, picture: Callable[..., None]
) -> None:
    tab = person(query="camera=Network&order=oldest")
    tab.context.route("**/api/decisions*", lambda route: route.abort())
    press(tab, "i s")
    expect(tab.locator("#saved")).to_have_text(re.compile("2 decisions not saved yet. Uncia does not answer"))
    expect(tab.locator(".tile[data-state=waiting]")).to_have_count(2)
    picture(tab, "review-not-saved")
    press(tab, "Enter")
    picture(tab, "review-not-saved-large")
    tab.reload()
    expect(tab.locator("#saved")).to_have_text(re.compile("2 decisions not saved yet"))
    assert running.said("Network") == [""] * 6
    tab.context.unroute("**/api/decisions*")
    all_saved(tab)
    assert running.said("Network")[:3] == ["ibex", "snow_leopard", ""]


def test_an_app_that_breaks_down_loses_nothing(person: Callable[..., Page], running: Running) -> None:
    tab = person(query="camera=Network&order=newest")
    answers = iter([503, 401])

    def broken(route: Any) -> None:
        status = next(answers, 0)
        route.fulfill(status=status, body="") if status else route.continue_()

    tab.context.route("**/api/decisions*", broken)
    press(tab, "f")
    all_saved(tab)
    assert running.said("Network")[-1] == "fox"


def test_a_burst_is_played_and_a_frame_judged_by_itself(
    person: Callable[..., Page], running: Running, picture: Callable[..., None]
) -> None:
    tab = person(query="camera=Film&order=oldest")
    press(tab, "Space")
    film = """async () => {
        const seen = new Set();
        for (let n = 0; n < 30; n += 1) {
            seen.add(document.querySelector('.scene').textContent);
            await new Promise((done) => setTimeout(done, 50));
        }
        return [...seen].length;
    }"""
    assert tab.evaluate(film) == 3
    press(tab, "Space ArrowLeft ArrowLeft ArrowLeft ArrowRight ArrowRight Shift+F")
    picture(tab, "review-frame")
    all_saved(tab)
    (first, _) = running.store.all_labels("Film")
    assert [shot.verdict and (shot.verdict.said, shot.verdict.of_sequence) for shot in first.frames] == [
        None,
        None,
        ("fox", False),
    ]
    expect(tab.locator(".why")).to_contain_text(
        "Mean of 2 of its 3 frames (1 cannot be read): blank 0.90, and its label needs 0.60"
    )
    expect(tab.locator(".verdict")).to_contain_text("of a part of its frames: look again")


@pytest.mark.parametrize("camera", [HOSTILE, "Über №2/ä#?"])
def test_names_are_texts_whatever_is_in_them(
    person: Callable[..., Page], running: Running, complaints: list[str], camera: str, picture: Callable[..., None]
) -> None:
    tab = person()
    tab.locator("#filters").evaluate("one => one.open = true")
    tab.select_option("[name=camera]", camera)
    expect(tab.locator(".tile")).to_have_count(2)
    expect(tab.locator(".tile .where").first).to_contain_text(camera)
    press(tab, "Escape n")
    tab.keyboard.type("<script>window.hurt=1</script>")
    press(tab, "Enter Enter")
    all_saved(tab)
    picture(tab, f"review-names-{'hostile' if camera == HOSTILE else 'odd'}")
    assert "<script>window.hurt=1</script>" in running.said(camera)
    assert tab.evaluate("window.hurt") is None
    images = tab.locator(".tile img")
    assert all(image.evaluate("one => one.decode().then(() => one.naturalWidth)") == 320 for image in images.all())
    assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone_and_the_dark(
    person: Callable[..., Page], running: Running, scheme: str, picture: Callable[..., None]
) -> None:
    tab = person(
        query="camera=Phone&order=oldest", viewport={"width": 390, "height": 844}, color_scheme=scheme, has_touch=True
    )
    fits = "document.documentElement.scrollWidth <= innerWidth"
    assert tab.evaluate(fits)
    picture(tab, f"review-phone-wall-{scheme}")
    tab.locator(".tile").nth(1).tap()
    expect(tab.locator("#large")).to_be_visible()
    assert tab.evaluate(fits)
    picture(tab, f"review-phone-large-{scheme}")
    tab.get_by_role("button", name="accept").tap()
    all_saved(tab)
    assert running.said("Phone")[1] == "ibex"
    desk = person(query="camera=Phone&order=oldest", color_scheme=scheme)
    picture(desk, f"review-desk-{scheme}")


def test_what_is_asked_for_is_in_the_address_and_counted(person: Callable[..., Page], running: Running) -> None:
    tab = person(query="camera=Phone&order=uncertain")
    expect(tab.locator(".tile").first).to_contain_text("unknown")
    tab.locator("summary").click()
    tab.select_option("[name=label]", "fox")
    expect(tab.locator(".tile")).to_have_count(1)
    assert "label=fox" in tab.url
    expect(tab.locator("#count")).to_contain_text("of 1 sequence reviewed")
    tab.get_by_role("button", name="Everything").click()
    expect(tab.locator("#count")).to_contain_text(f"of {sum(CAMERAS.values())} sequences reviewed")
    tab.fill("[name=from]", "2030-01-01")
    tab.locator("[name=from]").blur()
    expect(tab.locator("#more")).to_have_text("No sequence is like that: ask for less.")


def test_everything_can_be_reached_and_has_a_name(person: Callable[..., Page]) -> None:
    tab = person(query="camera=Phone")
    nameless = """() => [...document.querySelectorAll('button, input, select, a, [role=option], [role=listbox], img')]
        .filter((one) => one.checkVisibility() && one.alt !== '')
        .filter((one) => !(one.ariaLabel || one.textContent.trim() || one.labels?.length))
        .map((one) => one.outerHTML)"""
    assert tab.evaluate(nameless) == []
    press(tab, "Tab Tab")
    assert tab.evaluate("document.activeElement !== document.body")
    press(tab, "?")
    expect(tab.get_by_role("dialog", name="Keys")).to_be_visible()
    press(tab, "Escape j Enter")
    expect(tab.get_by_role("dialog")).to_be_visible()
    assert tab.evaluate("document.querySelector('main').inert")


def test_one_machine_asks_who_is_there(browser: Browser, running: Running) -> None:
    tab = browser.new_page()
    tab.goto(f"{running.url}/api/review")
    expect(tab.get_by_role("dialog", name="Who is reviewing?")).to_be_visible()
    tab.keyboard.type("María")
    press(tab, "Enter")
    expect(tab.locator("#who")).to_contain_text("Reviewing as María")
    tab.close()


def test_what_is_downloaded_is_what_the_command_exports(
    person: Callable[..., Page], running: Running, tmp_path: Path, picture: Callable[..., None]
) -> None:
    tab = person(query="camera=Phone")
    tab.get_by_role("button", name="Download…").click()
    tab.select_option("#export-form [name=camera]", "")
    picture(tab, "review-download")
    clocks = Clocks(running.store.read_deployments())
    for name, form in forms.FORMS.items():
        tab.select_option("#export-form [name=format]", name)
        with tab.expect_download() as coming:
            tab.locator("#export-go").click()
        got = unpacked(Path(coming.value.path()), form)
        classes = tuple(sorted(CLASSES)) if form.scored else ()
        survey = Survey(created=created(got), deployments=clocks.deployments, offset=clocks.offset, classes=classes)
        assert got == written(form, survey, running.store)
    expect(tab.locator("#export-said")).to_have_text(re.compile("^Done"))


def unpacked(file: Path, form: Form) -> dict[str, str]:
    """The files that came, by name."""
    if len(form.files) == 1:
        return {next(iter(form.files)): file.read_text("utf-8")}
    with zipfile.ZipFile(file) as whole:
        assert whole.testzip() is None
        return {name: whole.read(name).decode() for name in whole.namelist()}


def created(files: dict[str, str]) -> datetime:
    """The moment that an export says it was made at, where it says so."""
    found = re.search(r'"(?:created|date_created|classification_completion_time)": ?"([^"]+)"', "".join(files.values()))
    return datetime.fromisoformat(found[1]) if found else NOW.replace(tzinfo=UTC)


def written(form: Form, survey: Survey, store: Store) -> dict[str, str]:
    """The files that the core writes in one go."""
    tally, texts = Tally.begin(survey.classes), form.begin(survey)
    for label in store.all_labels():
        for part, text in form.pass_on(label, survey, tally).items():
            texts[part] = texts.get(part, "") + text
    for part, text in form.end(survey, tally).items():
        texts[part] = texts.get(part, "") + text
    return {name: "".join(texts.get(part, "") for part in parts) for name, parts in form.files.items()}


def test_who_is_told_to_wait_a_moment_waits_and_does_not_know(
    person: Callable[..., Page], complaints: list[str]
) -> None:
    tab, turns = person(query="camera=Phone"), iter([429, 429])

    def busy(route: Any) -> None:
        if status := next(turns, 0):
            route.fulfill(status=status, headers={"Retry-After": "1"}, json={"error": "wait"})
        else:
            route.fallback()

    tab.context.route("**/api/wall?*", busy)
    began = time.monotonic()
    tab.reload()
    expect(tab.locator(".tile").first).to_be_visible()
    assert time.monotonic() - began > 2
    assert [one for one in complaints if "429" not in one] == []
    complaints.clear()


def test_a_decision_can_be_undone_when_something_else_is_shown(person: Callable[..., Page], running: Running) -> None:
    tab = person(query="camera=Undo&order=oldest")
    press(tab, "Shift+ArrowRight f")
    all_saved(tab)
    assert running.said("Undo") == ["fox", "fox"]
    tab.locator("#filters").evaluate("one => one.open = true")
    tab.select_option("[name=camera]", "Phone")
    expect(tab.locator(".tile .where").first).to_contain_text("Phone")
    press(tab, "Escape u")
    all_saved(tab)
    assert running.said("Undo") == ["", ""]


def test_an_answer_that_comes_late_does_not_show_what_was_asked_for_before(person: Callable[..., Page]) -> None:
    tab = person(query="camera=Phone&order=oldest")

    def late(route: Any) -> None:
        answer = route.fetch()
        time.sleep(0.5)
        route.fulfill(response=answer)

    tab.context.route("**/api/wall*order=newest*", late)
    tab.locator("#filters").evaluate("one => one.open = true")
    tab.select_option("[name=order]", "newest")
    tab.select_option("[name=order]", "uncertain")
    tab.wait_for_timeout(1_000)
    assert tab.locator(".tile").count() == CAMERAS["Phone"]
    expect(tab.locator(".tile").first).to_contain_text("unknown")


def test_what_somebody_could_not_save_is_never_sent_as_somebody_elses(
    person: Callable[..., Page], running: Running
) -> None:
    tab = person("Ana", "camera=Names")
    tab.context.route("**/api/decisions*", lambda route: route.abort())
    press(tab, "f")
    expect(tab.locator("#saved")).to_contain_text("1 decision not saved yet")
    tab.evaluate("localStorage.setItem('uncia.name', 'Ben')")
    tab.context.unroute("**/api/decisions*")
    tab.reload()
    expect(tab.locator("#who")).to_contain_text("Ben")
    tab.wait_for_timeout(500)
    assert running.said("Names") == [""]
    tab.evaluate("localStorage.setItem('uncia.name', 'Ana')")
    tab.reload()
    all_saved(tab)
    assert [(one.by, one.said) for one in running.store.decisions("Names")] == [("Ana", "fox")]
