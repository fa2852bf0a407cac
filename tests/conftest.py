"""What every test starts from: no settings of the person who runs it."""

from __future__ import annotations

import os
import time
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import settings

from bench import figures

LAB = os.environ.get("UNCIA_LAB")
CI = "CI" in os.environ
STARTED = time.time()
# 500 MB that most who change Uncia do not need; `make test-more` installs it and runs these.
OF_SPARK = ["unit/batch/*", "unit/*/test_batch.py", "integration/test_batch.py", "integration/test_spark.py"]
collect_ignore_glob = [] if find_spec("pyspark") else OF_SPARK

# No deadline: a busy machine is no defect. No database: a failing example is printed, and nothing is left behind.
settings.register_profile("uncia", deadline=None, database=None, print_blob=True, derandomize=CI)
settings.load_profile("uncia")


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name != "UNCIA_LAB" and name.startswith(("UNCIA_", "Storage")):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def lab() -> Path:
    """The folder of real images and weights."""
    if not LAB and CI:
        pytest.fail("UNCIA_LAB is unset")
    if not LAB:
        pytest.skip("UNCIA_LAB is unset")
    return Path(LAB)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Shows the figures that tests of this run kept."""
    for name, numbers in figures.kept(since=STARTED).items():
        terminalreporter.write_line(figures.line(name, numbers))
