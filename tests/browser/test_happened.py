"""What happened, in Chromium: at the width of a desk and of a phone, by day and by night."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect

from bench import survey
from bench.pictures import PAGE, SITE, stage
from shared.brief import Brief
from shared.deployment import Deployments
from shared.story.asked import Asked
from shared.story.happened import happened
from shared.story.told import told

pytestmark = pytest.mark.browser
BRIEFS, DEPLOYMENTS = survey.briefs(), survey.deployments()
FIGURES = ("species", "cameras", "hours", "accumulation", "map", "reviewed", "confusion", "agreement", "threshold")
HOSTILE = "<img src=x onerror=window.hurt=1>"
LONG = '=HYPERLINK("x"),' + "long" * 45
FORMULA = "'" + LONG
# The texts of a chart that reach beyond it.
BEYOND = """svg => {
  const edge = svg.getBoundingClientRect();
  const out = ({ left, right }) => left < edge.left - 1 || right > edge.right + 2;
  const texts = [...svg.querySelectorAll("text")];
  return texts.filter((one) => out(one.getBoundingClientRect())).map((one) => one.textContent);
}"""
LETTERS = "svg => [...svg.querySelectorAll('text')].map((text) => parseFloat(getComputedStyle(text).fontSize))"
NAME = "svg => document.getElementById(svg.getAttribute('aria-labelledby').split(' ')[0]).textContent"


@pytest.fixture
def complaints() -> list[str]:
    """What the page complained of, and what it asked other hosts for."""
    return []


def tab(browser: Browser, complaints: list[str], width: int = 1280, scheme: Any = "light") -> Page:
    opened = browser.new_page(viewport={"width": width, "height": 844}, color_scheme=scheme)
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("dialog", lambda dialog: complaints.append(dialog.message))
    opened.on(
        "request",
        lambda asked: None if asked.url.startswith((SITE, "blob:", "data:")) else complaints.append(asked.url),
    )
    return opened


def show(page: Page, briefs: list[Brief] = BRIEFS, deployments: Deployments = DEPLOYMENTS) -> Page:
    stage(page, briefs, deployments)
    page.goto(PAGE)
    page.locator("#charts").wait_for()
    return page


def numbers(briefs: list[Brief] = BRIEFS, **asked: Any) -> dict[str, Any]:
    return told(happened(briefs, DEPLOYMENTS, survey.OFFSET, Asked(**asked), today=survey.TODAY))


def file(page: Page, figure: str, kind: str) -> tuple[str, bytes]:
    with page.expect_download() as waiting:
        page.locator(f"#{figure} .files").get_by_role("button", name=kind).click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def rows(page: Page, figure: str) -> list[list[str]]:
    return [*csv.reader(io.StringIO(file(page, figure, "CSV")[1].decode(), newline=""))]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")])
def test_every_chart_is_there_fits_and_can_be_read(
    browser: Browser, complaints: list[str], width: int, scheme: str, picture: Callable[..., None]
) -> None:
    page = show(tab(browser, complaints, width, scheme))
    for figure in FIGURES:
        chart = page.locator(f"#{figure} svg[role=img]")
        assert chart.evaluate(NAME)
        assert min(chart.evaluate(LETTERS)) >= 12, figure
        assert chart.evaluate(BEYOND) == [], figure
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert complaints == []
    picture(page, f"happened-{width}-{scheme}", whole=True)
    page.close()


def test_names_of_strangers_are_only_names(browser: Browser, complaints: list[str]) -> None:
    names = {"Tost 01": HOSTILE, "Tost 02": LONG, "Tost 03": "</script>‮"}
    briefs = [replace(one, camera=names.get(one.camera, one.camera)) for one in BRIEFS[:900]]
    briefs = [
        replace(one, label=HOSTILE, said=(HOSTILE, LONG), scores={HOSTILE: 0.7, "a\nb": 0.3})
        if number % 5 == 0
        else one
        for number, one in enumerate(briefs)
    ]
    stays = Deployments(
        [
            replace(one, columns={**one.columns, "locationName": HOSTILE}, camera=names.get(one.camera, one.camera))
            for one in DEPLOYMENTS
        ]
    )
    page = show(tab(browser, complaints, 390), briefs, stays)
    for details in page.locator(".numbers").all():
        details.evaluate("details => { details.open = true; }")
    page.locator("#cameras select").select_option(HOSTILE)
    expect(page.locator("#cameras h3")).to_contain_text(HOSTILE)
    name, drawn = file(page, "cameras", "SVG")
    assert re.fullmatch(r"[\w.-]+\.svg", name)
    assert HOSTILE not in drawn.decode()
    said = rows(page, "cameras")
    assert {HOSTILE, FORMULA} <= {row[0] for row in said}
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.locator("main img").count() == 0
    assert page.evaluate("window.hurt") is None
    assert complaints == []
    page.close()


def test_csv_files_are_the_numbers(browser: Browser, complaints: list[str]) -> None:
    page, said = show(tab(browser, complaints)), numbers()
    name, content = file(page, "species", "CSV")
    assert name == "uncia-species_2026-01-09_2026-05-09.csv"
    assert not content.startswith(b"\xef\xbb\xbf")
    assert [row[:3] for row in rows(page, "species")[1:]] == [
        [word["name"], str(word["events"]) if word["species"] else "", str(word["sequences"])] for word in said["words"]
    ]
    page.locator("#cameras select").select_option("snow leopard")
    leopard = [word["name"] for word in said["words"]].index("snow leopard")
    assert rows(page, "cameras")[1:] == [
        [said["cameras"][at]["name"], day, "snow leopard", str(many), str(few)]
        for at, day, word, many, few in said["detections"] if word == leopard
    ]  # fmt: skip
    hours = {row[0]: row[2:] for row in rows(page, "hours")[1:]}
    assert hours["snow leopard"] == [str(few) for _, few in said["hours"][leopard]]
    assert [row[1:] for row in rows(page, "confusion")[1:]] == [
        [str(n) for n in row] for row in said["confusion"]["counts"]
    ]
    assert [row[2:4] for row in rows(page, "agreement")[1:]] == [
        [str(one["n"]), str(one["right"])] for one in said["by_probability"]
    ]
    assert len(rows(page, "accumulation")) == 1 + len(said["accumulation"]["found"])
    assert len(rows(page, "map")) == 13
    assert complaints == []
    page.close()


def test_a_threshold_tells_what_it_would_do(browser: Browser, complaints: list[str]) -> None:
    page, of = show(tab(browser, complaints)), numbers()["thresholds"]["snow leopard"]
    page.locator("#threshold select").select_option("snow leopard")
    page.locator("#threshold input").evaluate(
        "slider => { slider.value = 85; slider.dispatchEvent(new Event('input')); }"
    )
    given, right, wrong = of["all"][85], of["right"][85], of["wrong"][85]
    aside = page.locator("#threshold .aside")
    expect(aside).to_contain_text(
        f"At 0.85, {given} sequences would be given snow leopard; {of['all'][0] - given} more"
    )
    expect(aside).to_contain_text(f"Of the {right + wrong} of them that people reviewed, {right} ")
    assert rows(page, "threshold")[86][:5] == ["0.85", *map(str, (given, of["all"][0] - given, right, wrong))]
    page.close()


def test_pictures_stand_by_themselves_and_are_the_same_by_night(browser: Browser, complaints: list[str]) -> None:
    day, night = (show(tab(browser, complaints, width, scheme)) for width, scheme in ((1280, "light"), (390, "dark")))
    for figure in FIGURES:
        name, drawn = file(night, figure, "SVG")
        tree = ElementTree.fromstring(drawn)
        assert tree.tag == "{http://www.w3.org/2000/svg}svg"
        assert not [
            one.attrib for one in tree.iter() if one.get("class") or one.get("style") or "var(" in str(one.attrib)
        ]
        assert file(day, figure, "SVG") == (name, drawn)
        if figure in ("species", "hours", "accumulation", "reviewed"):
            continue  # pixels take a second each; these are made like the others
        picture = Image.open(io.BytesIO(file(night, figure, "PNG")[1]))
        assert picture.format == "PNG"
        assert picture.size == tuple(2 * float(tree.get(side) or 0) for side in ("width", "height"))
        pixels = np.asarray(picture.convert("RGB"))
        edge = np.concatenate([pixels[:, 0], pixels[:, -1], pixels[0], pixels[-1]])
        assert (edge == 255).all(), f"{figure}: something reaches the edge"
        assert 0.002 < (pixels != 255).any(axis=2).mean() < 0.6
    assert complaints == []
    day.close()
    night.close()


def test_a_choice_goes_into_the_address_and_comes_from_it(browser: Browser, complaints: list[str]) -> None:
    page = show(tab(browser, complaints))
    page.locator("[name=camera]").select_option("Tost 05")
    expect(page.locator("#summary")).to_contain_text("1 camera,")
    page.locator("[name=count]").select_option("sequences")
    expect(page.locator("#cameras h3")).to_have_text("All species: sequences by camera and day")
    assert page.url == f"{PAGE}?camera=Tost+05&count=sequences"
    page.goto(f"{PAGE}?camera=Tost+05&from=2026-02-01&to=2026-03-02&gap=5&machine=1")
    expect(page.locator("#summary")).to_contain_text("1 Feb 2026 to 2 Mar 2026: 1 camera, 30 trap nights")
    assert file(page, "hours", "CSV")[0] == "uncia-activity-by-hour_Tost-05_machine_2026-02-01_2026-03-02.csv"
    assert complaints == []
    page.close()


def test_what_is_missing_is_said_and_how_to_bring_it(browser: Browser, complaints: list[str]) -> None:
    page = show(tab(browser, complaints, 390), [], Deployments([]))
    expect(page.locator("#summary")).to_have_text("Nothing to count in what was chosen.")
    assert page.locator("#charts svg").count() == 0
    assert page.locator(".empty:visible").count() == len(FIGURES)
    expect(page.locator("#map .empty")).to_contain_text("uncia deployments import")
    unseen = [replace(one, said=(), complete=False) for one in BRIEFS if one.camera == "Tost 01"]
    show(page, unseen, Deployments([]))
    for figure in ("confusion", "agreement"):
        expect(page.locator(f"#{figure} .empty")).to_contain_text("Nobody has looked at a whole sequence yet")
    expect(page.locator("#threshold .aside")).to_contain_text("People have reviewed none of them.")
    assert page.locator("#cameras svg").is_visible()
    show(page, unseen, Deployments([one for one in DEPLOYMENTS if one.camera == "Tost 01"]))
    assert page.locator("#map circle.spot").count() == 1
    assert complaints == []
    page.close()


def test_a_failed_load_says_so_and_can_be_tried_again(browser: Browser, complaints: list[str]) -> None:
    page = tab(browser, complaints)
    stage(page, BRIEFS[:50], DEPLOYMENTS)
    refused = '{"error": "gap is \'x\': it must be a number"}'

    def refuse(route: Route) -> None:
        route.fulfill(status=400, body=refused, content_type="application/json")

    page.route("**/api/happened?*", refuse)
    page.route("**/api/happened", refuse)
    page.goto(PAGE)
    expect(page.locator("#failed")).to_contain_text("gap is 'x': it must be a number")
    assert page.locator("#progress").is_hidden()
    page.unroute("**/api/happened?*")
    page.unroute("**/api/happened")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#summary")).to_contain_text("50 sequences")
    assert page.locator("#failed").is_hidden()
    page.close()
