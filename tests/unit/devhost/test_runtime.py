"""Apps that cannot be run, each in a Python of its own because a process holds one app."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

REPO = Path(__file__).parents[3]
LOAD = "import sys, pathlib, devhost.runtime as runtime; runtime.App.load(pathlib.Path(sys.argv[1]), {})"
APP = "import azure.functions as func\napp = func.FunctionApp()\n"


def said(root: Path) -> str:
    loading = subprocess.run(
        [sys.executable, "-c", LOAD, str(root)], cwd=REPO, capture_output=True, text=True, check=False
    )
    return loading.stderr.strip().splitlines()[-1]


def test_a_folder_without_an_app_is_named(tmp_path: Path) -> None:
    assert said(tmp_path).endswith(f"function_app.py is missing: is {tmp_path} the folder of the app?")


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import no_such_module", "cannot be loaded: ModuleNotFoundError: No module named 'no_such_module'"),
        ("1 / 0", "cannot be loaded: ZeroDivisionError: division by zero"),
        (APP, "has no functions"),
        (APP + "@app.event_grid_trigger('e')\ndef f(e: func.EventGridEvent) -> None: ...", "use Azure Functions Core"),
        (APP + "@app.queue_trigger('m', '%NO%', 'S')\ndef f(m: func.QueueMessage) -> None: ...", "the setting NO"),
    ],
)
def test_an_app_that_cannot_be_run_says_why_in_one_sentence(tmp_path: Path, source: str, reason: str) -> None:
    (tmp_path / "function_app.py").write_text(source)
    assert said(tmp_path).startswith("shared.errors.UnciaError: ")
    assert reason in said(tmp_path)
