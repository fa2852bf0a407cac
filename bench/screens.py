"""Pictures of the review page, with the card and head of `make demo`: `python -m bench.screens docs`, with Chromium."""

from __future__ import annotations

import io
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from bench.chromium import launched
from cli import backbones, pictures, screen, stack, storage, uploading
from shared import deployment_table, spreadsheet
from shared.settings import Settings

DEMO = Path("demo")
DEPLOYMENTS = """\
deploymentID,locationName,latitude,longitude,deploymentStart,deploymentEnd,cameraID
north,North ridge,28.2104,83.9871,2024-03-01T09:00:00+05:45,2024-04-30T17:00:00+05:45,Ridge 1
saddle,Saddle above the spring,28.2250,84.0102,2024-03-01T11:00:00+05:45,2024-04-30T15:00:00+05:45,Saddle №2
"""
COLOURS = 192  # of a palette: a third of the size, and nobody sees it


def main(out: Path) -> None:
    """Labels the demo's card in a stack of its own, reviews some of it, and takes pictures."""
    settings = Settings.from_env()
    content, recipe = backbones.read_head(DEMO / "head.onnx")
    environment = backbones.environment(settings, backbones.chosen(settings, recipe))
    with TemporaryDirectory(prefix="uncia-screens-") as place, stack.started(Path(place), environment) as (running, _):
        storage.heads(running.storage).publish(content)
        places = deployment_table.read(spreadsheet.parse(DEPLOYMENTS, "deployments"), None)
        storage.store(running.storage).write_deployments(places)
        looks = running.status()["looks"]
        images = pictures.below(DEMO / "card", None, "")
        uploading.send(images, storage.images(running.storage), lambda: None)
        while not running.at_rest(looks) or len([*storage.store(running.storage).all_labels()]) < 13:
            time.sleep(0.5)
        with sync_playwright() as playwright:
            take(launched(playwright), running.url, out)
    screen.note(f"the pictures are in {out}")


def take(browser: Browser, url: str, out: Path) -> None:
    """The wall, a range, one sequence large, the download, and a phone."""
    tab = opened(browser, url, 1180, 800)
    press(tab, "a b a ArrowRight Shift+ArrowRight Shift+ArrowRight")
    expect(tab.locator("#saved")).to_have_text("All saved")
    tab.evaluate("scrollTo(0, 0)")
    keep(tab, out / "review-wall.png")
    press(tab, "Escape Home")
    for _ in range(4):
        press(tab, "ArrowRight")
    press(tab, "Enter")
    keep(tab, out / "review-large.png")
    press(tab, "Escape")
    tab.get_by_role("button", name="Download…").click()
    tab.locator("#export").screenshot(path=out / "review-download.png")
    phone = opened(browser, url, 390, 780)
    keep(phone, out / "review-phone.png")


def opened(browser: Browser, url: str, width: int, height: int) -> Page:
    """The page, for Ana."""
    tab = browser.new_page(viewport={"width": width, "height": height})
    tab.add_init_script("localStorage.setItem('uncia.name', 'Ana')")
    tab.goto(f"{url}/api/review")
    expect(tab.locator("#who")).to_contain_text("Ana")
    return tab


def press(tab: Page, keys: str) -> None:
    """Keys, one after the other."""
    for key in keys.split():
        tab.keyboard.press(key)


def keep(tab: Page, file: Path) -> None:
    """What is to be seen, in few colours."""
    tab.wait_for_load_state("networkidle")
    picture = Image.open(io.BytesIO(tab.screenshot())).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
