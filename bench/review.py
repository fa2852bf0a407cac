"""How fast the review page's answers are over a large archive: `python -m bench.review --help`."""

from __future__ import annotations

import json
import statistics
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any
from urllib.parse import urlencode

import typer
from playwright.sync_api import Browser, sync_playwright
from rich.progress import Progress
from rich.table import Table

from bench import stored
from bench.chromium import launched
from cli import files, screen, stack, storage
from shared.wish import ORDERS

RUNS = 5


def review(
    labels: Annotated[int, typer.Option(min=1, help="How many labels are stored.")] = 50_000,
    out: Annotated[Path | None, typer.Option("--json", metavar="OUT.json", help="File for the figures.")] = None,
) -> None:
    """Store a made-up survey in a local stack, and time what the review page asks for.

    Example: python -m bench.review --labels 5000
    """
    if out:
        files.check(out)
    with (
        TemporaryDirectory(prefix="uncia-bench-") as place,
        screen.progress() as bars,
        stack.started(Path(place), {}) as (running, _),
    ):
        fill(running, labels, bars)
        found = dict(timed(running.url))
    table = Table("what the page asks for", "median s", "slowest s", title=f"{labels:,} labels, {RUNS} times each")
    for what, seconds in found.items():
        table.add_row(what, f"{statistics.median(seconds):.2f}", f"{max(seconds):.2f}")
    screen.out(table)
    if out:
        files.write(out, json.dumps({"labels": labels, "seconds": found}, indent=1).encode())


def fill(running: stack.Stack, labels: int, bars: Progress) -> None:
    """Stores the survey."""
    tables = storage.store(running.storage)
    days = [*stored.days(labels)]
    with ThreadPoolExecutor(8) as pool:
        done = pool.map(lambda day: stored.keep(tables, day), days)
        for _ in bars.track(done, total=len(days), description="storing"):
            pass


def timed(url: str) -> Iterator[tuple[str, list[float]]]:
    """Seconds of each request, several times; the first of all opens what later ones find open."""
    yield "about: what there is to filter by", repeated(lambda: ask(url, "about"))
    for order in ORDERS:
        yield f"first wall, {order} first", repeated(lambda order=order: ask(url, "wall", order=order))  # type: ignore[misc]
    after = ask(url, "wall", order="uncertain")["after"]
    yield "next page, uncertain first", repeated(lambda: ask(url, "wall", order="uncertain", after=after))
    rare = {"label": "snow_leopard", "reviewed": "no", "order": "probable"}
    yield "wall of one label, not reviewed", repeated(lambda: ask(url, "wall", **rare))
    with sync_playwright() as playwright:
        browser = launched(playwright)
        yield "page in Chromium, from its address to its wall", [opened(browser, url) for _ in range(RUNS)]


def opened(browser: Browser, url: str) -> float:
    """Seconds until somebody who was never there sees the first strips."""
    tab = browser.new_page()
    began = time.perf_counter()
    tab.goto(f"{url}/api/review")
    tab.locator(".tile").first.wait_for()
    seconds = time.perf_counter() - began
    tab.close()
    return seconds


def repeated(work: Callable[[], Any]) -> list[float]:
    """Seconds that some work takes, each time."""
    seconds = []
    for _ in range(RUNS):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return seconds


def ask(url: str, path: str, **query: str) -> dict[str, Any]:
    """One of the app's answers."""
    with urllib.request.urlopen(f"{url}/api/{path}?{urlencode(query)}", timeout=60) as answer:  # noqa: S310 - our own host
        said: dict[str, Any] = json.load(answer)
        return said


if __name__ == "__main__":
    typer.run(review)
