"""Chromium, and where its pictures go: they are kept in build/screenshots, to be looked at."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

# Not wait_for_function, which asks again by eval, and the pages' policy forbids that.
LOADED = """async () => {
    for (const one of [...document.images].filter((one) => !one.complete && one.loading !== 'lazy'))
        await new Promise((done) => { one.onload = one.onerror = done; });
}"""
SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"


# Until the last page is closed Playwright runs an event loop in this thread, and no other test could run one.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if not found and "CI" in os.environ:
        pytest.fail("no Chromium is installed")
    if not found:
        pytest.skip("no Chromium is installed")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def picture() -> Callable[..., None]:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)

    def take(tab: Page, name: str, *, whole: bool = False) -> None:
        tab.evaluate(LOADED)
        tab.wait_for_load_state("networkidle")
        tab.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=whole)

    return take
