"""The map and this table are the same thing, written twice on purpose."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

FLOW = {
    "featurize": {("blobTrigger", "images/{name}", "Storage"), ("queue", "frames", "Storage")},
    "aggregate": {("queueTrigger", "frames", "Storage")},
    "retrain": {("queueTrigger", "retrain", "Storage")},
    "finalize": {("queueTrigger", "sequences", "Storage")},
    "notify": {("queueTrigger", "notify", "Storage")},
    "sweep": {("timerTrigger", "0 */5 * * * *", None)},
    "bury": {("timerTrigger", "30 * * * * *", None)},
    "reconcile": {("timerTrigger", "0 30 2 * * *", None)},
    "health": {("httpTrigger", "health", None), ("http", None, None)},
    "pages": {("httpTrigger", "review/{*file}", None), ("http", None, None)},
    "about": {("httpTrigger", "about", None), ("http", None, None)},
    "wall": {("httpTrigger", "wall", None), ("http", None, None)},
    "happened": {("httpTrigger", "happened", None), ("http", None, None)},
    "preview": {("httpTrigger", "preview", None), ("http", None, None)},
    "image": {("httpTrigger", "image", None), ("http", None, None)},
    "export": {("httpTrigger", "export", None), ("http", None, None)},
    "decisions": {("httpTrigger", "decisions", None), ("http", None, None)},
}
HEAVY = (
    "onnxruntime", "PIL", "sklearn", "numpy", "scipy", "onnx", "azure.storage.blob", "azure.data.tables",
    "azure.monitor", "opentelemetry.sdk",
)  # fmt: skip


def in_a_new_process(program: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


BINDINGS = """
import json, function_app
functions = function_app.app.get_functions()
print(json.dumps({f.get_function_name(): f.get_bindings_dict()["bindings"] for f in functions}, default=str))
"""


def test_every_function_is_bound_as_the_map_says() -> None:
    found = json.loads(in_a_new_process(BINDINGS))
    names = ("path", "queueName", "schedule", "route")
    bound = {
        function: {
            (one["type"], next((one[name] for name in names if name in one), None), one.get("connection"))
            for one in bindings
        }
        for function, bindings in found.items()
    }
    assert bound == FLOW


@pytest.mark.parametrize(
    ("environment", "source"),
    [({}, "EventGrid"), ({"AZURE_FUNCTIONS_ENVIRONMENT": "Development"}, "LogsAndContainerScan")],
)
def test_uploads_are_noticed_by_event_grid_unless_the_host_is_local(environment: dict[str, str], source: str) -> None:
    found = json.loads(in_a_new_process(BINDINGS, **environment))
    assert [one["source"] for one in found["featurize"] if one["type"] == "blobTrigger"] == [source]


def test_a_trigger_group_starts_without_loading_what_only_others_need() -> None:
    loaded = json.loads(in_a_new_process("import json, sys, function_app; print(json.dumps(sorted(sys.modules)))"))
    assert [name for name in HEAVY if name in loaded] == []


def test_each_trigger_has_at_most_four_lines_and_decides_nothing() -> None:
    triggers = [
        node for node in ast.parse((ROOT / "function_app.py").read_text()).body if isinstance(node, ast.FunctionDef)
    ]
    assert len(triggers) == len(FLOW)
    for trigger in triggers:
        assert trigger.end_lineno is not None
        assert trigger.end_lineno - trigger.lineno <= 4, trigger.name
        decisions = [
            node
            for node in ast.walk(trigger)
            if isinstance(node, ast.If | ast.IfExp | ast.Try | ast.For | ast.While | ast.BoolOp)
        ]
        assert decisions == [], trigger.name


COLLECTING = """
import json, os, requests
from azure.core.settings import settings
from azure_functions_runtime import otel
otel.initialize_azure_monitor()
import function_app
from functions import telemetry
from shared.trace import Trace
addresses = [settings.tracing_implementation() is not None, hasattr(requests.Session.send, "__wrapped__")]
with telemetry.step("finalize", Trace()) as here:
    print(json.dumps([here.parent[:3], *addresses]))
os._exit(os.sys.stdout.flush() or 0)  # nothing is sent
"""


def test_the_runtime_of_azure_collects_what_the_steps_tell_and_no_addresses() -> None:
    documented = re.findall(r"^\| `([A-Z_]+)` \| `([^`]+)` \|", (ROOT / "docs/settings.md").read_text("utf-8"), re.M)
    nowhere = "InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint=http://127.0.0.1:9/"
    quiet = {"APPLICATIONINSIGHTS_CONNECTION_STRING": nowhere, "APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL": "true"}
    said = {name: value for name, value in documented if not name.startswith("UNCIA_")}
    assert json.loads(in_a_new_process(COLLECTING, **quiet, **said)) == ["00-", False, False]
    del said["OTEL_PYTHON_DISABLED_INSTRUMENTATIONS"]
    assert json.loads(in_a_new_process(COLLECTING, **quiet, **said)) == ["00-", True, True]


def test_the_runtime_of_azure_indexes_every_function() -> None:
    program = (
        "from pathlib import Path; from devhost.runtime import App;"
        f"app = App.load(Path({str(ROOT)!r}), {{'AzureWebJobsStorage': 'x', 'Storage': 'x'}});"
        "print(sorted(f.name for f in app.functions))"
    )
    assert in_a_new_process(program).strip() == str(sorted(FLOW))
