"""The browser that pages are measured and pictured in."""

from __future__ import annotations

import shutil

from playwright.sync_api import Browser, Playwright

PROGRAM = shutil.which("chromium") or shutil.which("google-chrome") or "chromium"


def launched(playwright: Playwright) -> Browser:
    """Chromium without a window; Playwright closes it in the end."""
    return playwright.chromium.launch(executable_path=PROGRAM, args=["--no-sandbox"])
