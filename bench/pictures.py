"""Pictures of the page "What happened", of an imagined survey: `python -m bench.pictures docs`, with Chromium."""

from __future__ import annotations

import json
import mimetypes
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Page, Route, sync_playwright

from bench import survey
from bench.chromium import launched
from functions.web import POLICY
from shared.brief import Brief
from shared.deployment import Deployments
from shared.story.asked import Asked
from shared.story.happened import happened
from shared.story.told import told

WEB = Path(__file__).parents[1] / "web"
SITE = "http://uncia.test"
PAGE = f"{SITE}/api/review/happened"


def stage(page: Page, briefs: list[Brief], deployments: Deployments) -> None:
    """Answers what the page asks for as the functions would: its files, and the numbers."""

    def numbers(query: Mapping[str, str]) -> dict[str, Any]:
        asked = Asked.of(query)
        chosen = (brief for brief in briefs if asked.camera in ("", brief.camera))
        return told(happened(chosen, deployments, survey.OFFSET, asked, today=survey.TODAY))

    def answer(route: Route) -> None:
        asked = urlsplit(route.request.url)
        if asked.path == "/api/happened":
            route.fulfill(body=json.dumps(numbers(dict(parse_qsl(asked.query)))), content_type="application/json")
        else:
            name = asked.path.removeprefix("/api/review/")
            file = WEB / (name if "." in name else f"{name}.html")
            kind = mimetypes.guess_type(file.name)[0] or "text/plain"
            route.fulfill(
                path=file, content_type=kind, headers={"Content-Security-Policy": POLICY, "Content-Type": kind}
            )

    page.route(f"{SITE}/**", answer)


def main(out: Path) -> None:
    """The whole page, and the charts that the documentation explains."""
    with sync_playwright() as playwright:
        browser = launched(playwright)
        page = browser.new_page(viewport={"width": 1120, "height": 900})
        stage(page, survey.briefs(), survey.deployments())
        page.goto(PAGE)
        page.locator("#threshold svg").wait_for()
        page.screenshot(path=out / "happened.png")
        page.locator("#cameras select").select_option("snow leopard")
        page.locator("#threshold select").select_option("snow leopard")
        for name in ("cameras", "hours", "accumulation", "map", "confusion", "agreement", "threshold"):
            page.locator(f"#{name}").screenshot(path=out / f"happened-{name}.png")
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
