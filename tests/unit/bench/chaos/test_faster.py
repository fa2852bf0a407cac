"""The faster app is the app, with shorter waits."""

from __future__ import annotations

import json
import re
from pathlib import Path

from bench.chaos.faster import APP, HOST, SCHEDULES, faster
from cli.stack import ROOT


def test_all_but_its_waits_is_as_it_is(tmp_path: Path) -> None:
    folder = faster(tmp_path / "app")
    ours, its = ((one / "host.json").read_text("utf-8") for one in (ROOT, folder))
    assert json.loads(its)["extensions"]["queues"] == json.loads(ours)["extensions"]["queues"] | HOST
    slow, quick = ((one / "function_app.py").read_text("utf-8") for one in (ROOT, folder))
    back = {sooner: schedule for schedule, sooner in SCHEDULES.items()}
    slower = re.sub(r'schedule="([^"]+)"', lambda found: f'schedule="{back.get(found[1], found[1])}"', quick)
    assert slower == APP + slow


def test_what_it_shortens_is_there_to_be_shortened() -> None:
    names = re.findall(r"^(\w+)\.(\w+)(?:\[\"(\w+)\"\])? =", APP, re.MULTILINE)
    modules = {"bury": "functions/bury.py", "day": "shared/day.py", "failure": "shared/failure.py"}
    for module, name, key in names:
        text = (ROOT / modules.get(module, f"shared/{module}.py")).read_text("utf-8")
        assert re.search(rf"^{name}\b.*=", text, re.MULTILINE)
        assert key in text
