"""The scripts of a deployment, run as they are: Azure's command line is a program of that name, the app a server."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from cli.deployment import OUTPUTS

pytestmark = pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
INFRA = Path(__file__).parents[2] / "infra"
DEPLOYED = {name: f"the-{field}" for field, name in OUTPUTS.items()}


class Request(NamedTuple):
    """What the server was asked."""

    method: str
    path: str
    login: str | None
    body: bytes


class Server(HTTPServer):
    """Gives the answers that it was told, one after another, the last for ever, and keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers, self.asked = list[tuple[int, str]](), list[Request]()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append(Request(self.command, self.path, self.headers.get("Authorization"), body))
        answers = self.server.answers
        status, text = answers.pop(0) if len(answers) > 1 else answers[0]
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode())

    do_POST = do_GET  # noqa: N815 - the library's name

    def log_message(self, format: str, *args: Any) -> None:
        return


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield made
        made.shutdown()


type Put = Callable[[str, str], Path]
type Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Makes a program of a name, from shell, that first notes its arguments."""

    def make(name: str, does: str) -> Path:
        program, asked = tmp_path / "bin" / name, tmp_path / f"{name}.asked"
        program.parent.mkdir(exist_ok=True)
        program.write_text(f'#!/bin/sh\necho "$*" >>"{asked}"\n{does}\n', "utf-8")
        program.chmod(0o755)
        return asked

    return make


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def script(name: str, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
        path = f"{tmp_path / 'bin'}:/usr/local/bin:/usr/bin:/bin"
        return subprocess.run(
            [INFRA / name, *arguments], capture_output=True, text=True, timeout=60,
            env=DEPLOYED | {"PATH": path, "UNCIA_PAUSE_SECONDS": "0", "AZURE_ENV_NAME": "ridge"} | env,
        )  # fmt: skip

    return script


AZ = """case "$*" in
*get-access-token*) echo eyJ ;;
*event-subscription\\ show*--name\\ images*provisioningState*) echo "${STATE:-Succeeded}" ;;
*deployment\\ group\\ create*) exit "${REFUSED:-0}" ;;
*) exit 9 ;;
esac"""


def test_a_package_is_posted_with_the_login_until_it_is_taken_and_waited_for(
    server: Server, put: Put, run: Run, tmp_path: Path
) -> None:
    put("az", AZ)
    posted = put("curl", 'exec /usr/bin/curl "$@"')
    (tmp_path / "package.zip").write_bytes(b"PK\0\xff")
    server.answers += [(403, "no role yet"), (202, '"42-a"\n'), (502, "restarting"), (200, '{"status": 1}')]
    server.answers += [(200, '{"id": "42-a", "status": 4, "status_text": ""}')]
    done = run("publish.sh", str(tmp_path / "package.zip"), UNCIA_SCM=server.url)
    assert (done.returncode, done.stdout) == (0, "the app has its code\n")
    assert done.stderr == "the package is not taken yet (403); again in 0 s (1 of 40)\n"
    post = Request("POST", "/api/publish?RemoteBuild=true", "Bearer eyJ", b"PK\0\xff")
    look = Request("GET", "/api/deployments/42-a", "Bearer eyJ", b"")
    assert server.asked == [post, post, look, look, look]
    assert "eyJ" not in posted.read_text("utf-8")  # everybody on the machine sees the arguments of a program


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ([(400, "no such app")], "the package was refused with 400: no such app"),
        *(
            ([(202, "7"), (200, f'{{"status": {n}}}')], f"the build failed with status {n}: http")
            for n in (3, 5, 6, -1)
        ),
        ([(202, "7"), (200, "[]")], "the build did not end within 20 minutes"),
    ],
)
def test_a_package_that_does_not_arrive_is_told_in_a_sentence(
    server: Server, put: Put, run: Run, tmp_path: Path, answers: list[tuple[int, str]], sentence: str
) -> None:
    put("az", AZ)
    (tmp_path / "package.zip").write_bytes(b"PK")
    server.answers += answers
    done = run("publish.sh", str(tmp_path / "package.zip"), UNCIA_SCM=server.url)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(sentence)


def test_event_grid_is_told_once_the_app_is_up(server: Server, put: Put, run: Run) -> None:
    asked = put("az", AZ)
    server.answers += [(503, "starting"), (200, "{}")]
    done = run("subscribe.sh", UNCIA_URL=server.url)
    assert (done.returncode, done.stdout) == (0, "images are announced to the-app\n")
    assert [one.path for one in server.asked] == ["/api/health"] * 2
    create, show = asked.read_text("utf-8").splitlines()
    assert create.startswith("deployment group create ")
    assert "--template-file bicep/subscription.bicep --parameters topic=the-topic app=the-app account=the-acc" in create
    for call in (create, show):
        assert "--subscription the-subscription --resource-group the-group" in call


@pytest.mark.parametrize(
    ("env", "sentence"),
    [
        ({"REFUSED": "1"}, "Event Grid could not be told of the app: its log says why; run "),
        ({"STATE": "Failed"}, "the event subscription is Failed, not Succeeded: run "),
    ],
)
def test_a_handshake_that_never_comes_about_is_told(
    server: Server, put: Put, run: Run, env: dict[str, str], sentence: str
) -> None:
    put("az", AZ)
    server.answers += [(200, "{}")]
    done = run("subscribe.sh", UNCIA_URL=server.url, **env)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(sentence)


def test_a_budget_that_exists_keeps_its_month(put: Put, run: Run) -> None:
    asked, told = put("az", "echo 2026-03-01T00:00:00Z"), put("azd", ":")
    assert run("budget.sh").returncode == 0
    assert told.read_text("utf-8") == "env set UNCIA_BUDGET_START 2026-03-01T00:00:00Z\n"
    group = "/subscriptions/the-subscription/resourceGroups/rg-ridge"
    assert f"{group}/providers/Microsoft.Consumption/budgets/budget-ridge?api-version" in asked.read_text("utf-8")
    assert "--query properties.timePeriod.startDate --output tsv" in asked.read_text("utf-8")


@pytest.mark.parametrize("env", [{}, {"AZURE_SUBSCRIPTION_ID": ""}])
def test_a_first_budget_begins_with_this_month(put: Put, run: Run, env: dict[str, str]) -> None:
    put("az", "echo no such group >&2; exit 3")
    told = put("azd", ":")
    before = datetime.now(UTC)
    done = run("budget.sh", **env)
    months = {f"env set UNCIA_BUDGET_START {moment:%Y-%m-01}\n" for moment in (before, datetime.now(UTC))}
    assert (done.returncode, done.stderr) == (0, "")
    assert told.read_text("utf-8") in months
