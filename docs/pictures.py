"""Makes the README's pictures from a finished demo: `python docs/pictures.py demo docs`, with Chromium installed."""

from __future__ import annotations

import io
import json
import math
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.terminal_theme import MONOKAI

from cli.demo import STRIP
from cli.evaluating import evaluate
from cli.labelled import Labelled
from cli.screen import label_table
from shared.label import Label

COLUMNS, TILE = 3, (400, 300)
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or "chromium"


def card(demo: Path, out: Path) -> None:
    """Nine pictures of the card, one of each kind there is."""
    labels = json.loads((demo / "labels.json").read_text("utf-8"))
    shown = [one["frames"][len(one["frames"]) // 2]["path"] for one in labels if one["n_frames"] > 1][:9]
    sheet = Image.new("RGB", (COLUMNS * TILE[0], -(-len(shown) // COLUMNS) * TILE[1]))
    for number, path in enumerate(shown):
        with Image.open(demo / "card" / path) as picture:
            tile = picture.convert("RGB").resize(TILE)
        sheet.paste(tile, (number % COLUMNS * TILE[0], number // COLUMNS * TILE[1]))
    sheet.save(out / "demo-card.jpg", quality=80)


def label(said: dict[str, Any]) -> Label:
    """The label in an entry of labels.json."""
    start = datetime.fromisoformat(said["start"]) if said["start"] else None
    return Label(**said | {"start": start})


def table(demo: Path, out: Path) -> None:
    """The table that `uncia demo` prints, as a terminal shows it."""
    labels = json.loads((demo / "labels.json").read_text("utf-8"))
    console = Console(record=True, width=84, file=io.StringIO())
    console.print(label_table([label(one) for one in labels]))
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "table.svg"
        drawn = console.export_svg(title="uncia demo", theme=MONOKAI)
        page.write_text(drawn, "utf-8")
        width, height = (math.ceil(float(side)) for side in re.findall(r'viewBox="0 0 (\S+) (\S+)"', drawn)[0])
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--window-size={width},{height}"]
        command = [CHROMIUM, *flags, f"--screenshot={out / 'demo-labels.png'}", page.as_uri()]
        subprocess.run(command, check=True, capture_output=True)


def evaluation(demo: Path, out: Path) -> None:
    """The page that `uncia evaluate` writes of the demo's labelled part: its beginning, and its thresholds."""
    learn, page = demo / "learn", demo / "evaluation.html"
    images = Labelled([learn / "learn.csv"], [learn], demo / "cache", crop_top=0.0, crop_bottom=STRIP)
    evaluate(images, "camera", "", None, page)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        shown = browser.new_page(viewport={"width": 1120, "height": 1180})
        shown.goto(page.resolve().as_uri())
        shown.screenshot(path=out / "evaluation.png")
        shown.locator("#thresholds").screenshot(path=out / "evaluation-thresholds.png")
        browser.close()


if __name__ == "__main__":
    evaluation(Path(sys.argv[1]), Path(sys.argv[2]))
    card(Path(sys.argv[1]), Path(sys.argv[2]))
    table(Path(sys.argv[1]), Path(sys.argv[2]))
