"""The report in a browser: Chromium, at the width of a desk and of a phone."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.unit.training.evaluated import HOSTILE, evaluation
from training import outcomes, wording
from training.evaluation import Evaluation
from training.report import html

pytestmark = pytest.mark.browser
FIVE = ("blank", "chamois", "fox", "lynx", "boar")
WIDTHS = (1280, 390)


@pytest.fixture
def complaints() -> list[str]:
    """What the page complained of, and what it asked the network for."""
    return []


@pytest.fixture(params=WIDTHS)
def tab(browser: Browser, request: pytest.FixtureRequest, complaints: list[str]) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": request.param, "height": 844})
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("dialog", lambda dialog: complaints.append(dialog.message))
    opened.on("request", lambda asked: complaints.append(asked.url) if "report.html" not in asked.url else None)
    yield opened
    opened.close()


def pictures(images: Sequence[int]) -> list[bytes]:
    file = io.BytesIO()
    Image.new("RGB", (320, 240), "olive").save(file, "JPEG")
    return [file.getvalue() for _ in images]


def show(tab: Page, of: Evaluation, folder: Path) -> None:
    file = folder / "report.html"
    file.write_text(html(of, pictures, "Ridge and saddle"), "utf-8")
    tab.goto(file.as_uri())


def slide(tab: Page, name: str, value: float) -> None:
    tab.locator(f"#{name}").evaluate(
        "(slider, value) => {slider.value = value; slider.dispatchEvent(new Event('input'))}", value
    )


def said(tab: Page, which: int) -> dict[str, str]:
    card = tab.locator(f".cards [data-card='{which}']")
    return {
        part: card.locator(f"[data-say={part}]").inner_text() for part in ("found", "hand", "missed", "wrong", "alarms")
    }


def reckoned(of: Evaluation, thresholds: Sequence[float], which: int) -> dict[str, str]:
    labels = outcomes.labelled(of.rungs["RN2+A+E"].by_sequence, np.array(thresholds))
    found = outcomes.tally(labels, of.sequence_truth, outcomes.blanks(of), which)
    return {
        "found": wording.of(found.found, found.true),
        "hand": wording.of(found.by_hand, found.true),
        "missed": wording.of(found.missed, found.true),
        "wrong": wording.of(found.wrong, found.called),
        "alarms": wording.tenth(found.false_alarms),
    }


@pytest.mark.parametrize("classes", [("blank", "leopard"), FIVE, ("blank", *HOSTILE)])
def test_the_page_asks_for_nothing_complains_of_nothing_and_fits(
    tab: Page, complaints: list[str], classes: tuple[str, ...], tmp_path: Path
) -> None:
    cameras = HOSTILE if HOSTILE[0] in classes else [f"Camera {number:02}" for number in range(30)]
    show(tab, evaluation(classes, cameras=cameras, sequences=300, file="</script><img src=x>{}.jpg"), tmp_path)
    for image in tab.locator("img").all():
        assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") == 320
    assert complaints == []
    assert tab.evaluate("window.hurt") is None
    assert tab.evaluate("document.documentElement.scrollWidth") == tab.evaluate("window.innerWidth")


def test_letters_in_charts_can_be_read_on_a_phone(tab: Page, tmp_path: Path) -> None:
    show(tab, evaluation(), tmp_path)
    size = "svg => 12 * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width"
    for chart in tab.locator("svg.chart:visible").all():
        assert chart.evaluate(size) >= 11


def test_the_page_starts_with_the_numbers_it_was_written_with(tab: Page, tmp_path: Path) -> None:
    of = evaluation(FIVE, sequences=400, thresholds=dict(zip(FIVE, (0.6, 0.71234, 0.5, 0.9, 0.25), strict=True)))
    show(tab, of, tmp_path)
    for which in range(5):
        assert said(tab, which) == reckoned(of, [*of.thresholds.values()], which)


def test_a_slider_moves_the_numbers_to_what_numpy_says(tab: Page, tmp_path: Path) -> None:
    of = evaluation(FIVE, sequences=3_000)
    show(tab, of, tmp_path)
    slide(tab, "slider-2", 0.83)
    slide(tab, "slider-0", 0.41)
    for which in range(5):
        assert said(tab, which) == reckoned(of, [0.41, 0.6, 0.83, 0.6, 0.6], which)
    slide(tab, "common", 0.9)
    assert said(tab, 3) == reckoned(of, [0.9] * 5, 3)
    labels = outcomes.labelled(of.rungs["RN2+A+E"].by_sequence, np.full(5, 0.9))
    by_hand, right = int((labels == outcomes.NONE).sum()), int((labels == of.sequence_truth).sum())
    expect(tab.locator("#total-hand")).to_have_text(wording.of(by_hand, 3_000))
    expect(tab.locator("#total-right")).to_have_text(wording.of(right, 3_000 - by_hand))
    tab.locator("#reset").click()
    assert said(tab, 3) == reckoned(of, [0.6] * 5, 3)


@pytest.mark.parametrize("level", ["image", "sequence"])
def test_the_ring_is_where_the_threshold_puts_it(tab: Page, level: str, tmp_path: Path) -> None:
    of = evaluation(FIVE, sequences=500)
    show(tab, of, tmp_path)
    tab.locator("#class").select_option("fox")
    tab.locator(f"#by-{level}").check()
    slide(tab, "beside-2", 0.8)
    scores = of.rungs["RN2+A+E"].scores if level == "image" else of.rungs["RN2+A+E"].by_sequence
    truth = of.truth if level == "image" else of.sequence_truth
    called = outcomes.labelled(scores, np.array([0.6, 0.6, 0.8, 0.6, 0.6])) == 2
    wrong, recall, precision = called[truth != 2].mean(), called[truth == 2].mean(), (truth == 2)[called].mean()
    for kind, across, up in (("roc", wrong, recall), ("pr", recall, precision)):
        ring = tab.locator(f"[data-panel='2'] [data-level={level}] [data-mark={kind}]")
        expect(ring).to_be_visible()
        assert float(ring.get_attribute("cx") or 0) == pytest.approx(46 + 318 * across)
        assert float(ring.get_attribute("cy") or 0) == pytest.approx(10 + 318 * (1 - up))


def test_a_slider_can_be_reached_and_moved_by_keyboard(tab: Page, tmp_path: Path) -> None:
    show(tab, evaluation(), tmp_path)
    tab.get_by_role("slider", name="leopard", exact=True).focus()
    tab.keyboard.press("ArrowRight")
    expect(tab.locator(".cards [data-card='1'] [data-say=threshold]")).to_have_text("0.61")


def test_only_the_chosen_class_is_shown_but_all_are_printed(tab: Page, tmp_path: Path) -> None:
    show(tab, evaluation(FIVE, sequences=200), tmp_path)
    assert tab.locator("[data-panel]:visible").count() == 1
    tab.emulate_media(media="print")
    assert tab.locator("[data-panel]:visible").count() == 5


def test_cameras_can_be_put_in_order(tab: Page, tmp_path: Path) -> None:
    cameras = ["Camera 10", "Camera 2", "Camera 1"]
    show(tab, evaluation(cameras=cameras), tmp_path)
    tab.get_by_role("button", name="camera", exact=True).click()
    assert tab.locator("#cameras tbody th").all_inner_texts() == ["Camera 1", "Camera 2", "Camera 10"]


def test_without_scripts_every_class_has_its_table(browser: Browser, tmp_path: Path) -> None:
    plain = browser.new_context(java_script_enabled=False).new_page()
    show(plain, evaluation(FIVE, sequences=200), tmp_path)
    assert plain.locator("[data-panel] table:visible").count() == 5
    assert plain.locator("input[type=range]:visible").count() == 0
    plain.context.close()
